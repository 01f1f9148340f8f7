package catalog

import (
	"satchel/domain"
)

// visitRiskTexts are the texts of reasons by their code.
var visitRiskTexts = map[string]domain.Texts{
	"mock":             {"手机报告使用了虚拟定位。", "The phone reports a mock location."},
	"accuracy":         {"定位精度为 {accuracy} 米,{fixes} 次定位没有自然抖动。", "The position has no natural jitter: {fixes} fixes, accuracy {accuracy} m."},
	"place_unknown":    {"签到时没有定位。", "Checked in without a position."},
	"place_coarse":     {"定位误差 {accuracy} 米(上限 {limit}),无法判断是否在客户处。", "The fix is good to {accuracy} m, the limit is {limit}: it does not tell whether this was at the account."},
	"account_unplaced": {"客户还没有已确认的位置。", "The account has no position yet that its manager confirmed."},
	"moved":            {"签退点距签到点 {metres} 米(上限 {limit})。", "Checked out {metres} m from the check-in; the limit is {limit}."},
	"outside":          {"签到点距客户 {metres} 米,超出围栏 {radius} 米。", "Checked in {metres} m from the account; the fence is {radius} m."},
	"edge":             {"签到点距客户 {metres} 米,在围栏 {radius} 米的误差边缘。", "Checked in {metres} m from the account, at the edge of the fence of {radius} m."},
	"speed":            {"距上一次位置 {km} 公里,移动速度约 {kmh} 公里/小时(上限 {limit})。", "{km} km from the last position at about {kmh} km/h; the limit is {limit}."},
	"clock_unknown":    {"手机时间无法核对。", "The phone's time cannot be checked."},
	"clock_fresh":      {"手机时间没有凭证,以到达服务器的时间为限。", "Nothing proves the phone's time but that it arrived soon after."},
	"clock_bracket":    {"手机重启过,时间只能确定在两次联系服务器之间。", "The phone was restarted: its time is known to lie between two contacts with the server."},
	"clock_shift":      {"手机时间偏差 {minutes} 分钟(上限 {limit})。", "The phone's clock is off by {minutes} minutes; the limit is {limit}."},
	"device_shared":    {"当天另有 {others} 人使用同一部手机。", "{others} other people used the same phone that day."},
	"root":             {"手机已越狱或为模拟器。", "The phone is rooted or an emulator."},
	"dwell":            {"停留 {minutes} 分钟,少于 {least} 分钟。", "Stayed {minutes} minutes, less than {least}."},
	"submitted_late":   {"拜访结束 {hours} 小时后才提交(上限 {limit})。", "Handed in {hours} hours after the visit; the limit is {limit}."},
}
