package catalog

import (
	"slices"
	"strings"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/domain/people"
)

// Settings of plans, visits, field days, and of the judgement of visits.
var fieldSettings = append([]domain.Setting{
	{Key: "plan.due_day", Type: domain.SettingWhole, Min: 1, Max: 28, Default: 25, Clause: "R4.3", Texts: domain.Texts{"月度计划应于上月几日前提交", "Day of the month before by which a plan is handed in"}},
	{
		Key: "visit.prep_tiers", Type: domain.SettingList, Max: 3, OneOf: []string{"A", "B", "C"}, Default: []string{"A", "B"},
		Clause: "R4.6", Texts: domain.Texts{"哪些等级的计划拜访须先填写拜访方案", "Tiers whose planned visits are prepared"},
	},
	{Key: "visit.geofence_m", Type: domain.SettingWhole, Min: 10, Max: 100_000, Default: domain.DefaultGeofenceM, Clause: "R4.7", Texts: domain.Texts{"客户默认围栏半径（米）", "Radius of an account that names none, in metres"}},
	{Key: "visit.first_geofence_m", Type: domain.SettingWhole, Min: 10, Max: 100_000, Default: domain.FirstVisitM, Clause: "R4.7", Texts: domain.Texts{"首次拜访的围栏半径（米）", "Least radius of a first visit, in metres"}},
	{Key: "visit.auto_close_hours", Type: domain.SettingWhole, Min: 1, Max: 240, Default: 8, Clause: "R4.7", Texts: domain.Texts{"签到多少小时后自动结束", "Hours after which a visit without check-out is closed"}},
	{Key: "visit.missed_grace_days", Type: domain.SettingWhole, Max: 60, Default: 0, Clause: "R2.13", Texts: domain.Texts{"计划日过后几天才算漏访", "Days after its day before a visit is missed"}},
	{Key: "visit.planned_back_days", Type: domain.SettingWhole, Max: 366, Default: 92, Clause: "R2.13", Texts: domain.Texts{"拜访计划日最多可早于今天几天", "Days before today for which a visit may still be planned"}},
	{Key: "visit.planned_ahead_days", Type: domain.SettingWhole, Min: 1, Max: 1096, Default: 366, Clause: "R2.13", Texts: domain.Texts{"拜访计划日最多可晚于今天几天", "Days ahead for which a visit may be planned"}},
	{Key: "audit.sample_bp", Type: domain.SettingWhole, Max: 10_000, Default: 2000, Clause: "R4.7", Texts: domain.Texts{"可疑拜访抽查比例（万分之一）", "Share of the pool that is audited, in basis points"}},

	{Key: "clock.bracket_hours", Type: domain.SettingWhole, Min: 1, Max: 240, Default: 24, Clause: "R4.7", Texts: domain.Texts{"手机重启后，两次联系服务器最多相隔几小时仍可定时", "Most hours between a phone's contacts with the server that still bound a time across a restart"}},
	{Key: "clock.fresh_hours", Type: domain.SettingWhole, Max: 48, Default: 2, Clause: "R4.7", Texts: domain.Texts{"没有时间凭证的记录在几小时内到达仍可采信", "Hours within which an event without proof of its time has to arrive"}},

	{Key: "track.from", Type: domain.SettingText, Default: "08:00", Check: clockFault, Clause: "R1.1", Texts: domain.Texts{"轨迹记录开始时间", "Time of day from which tracks are kept"}},
	{Key: "track.to", Type: domain.SettingText, Default: "20:00", Check: clockFault, Clause: "R1.1", Texts: domain.Texts{"轨迹记录结束时间", "Time of day until which tracks are kept"}},
	{Key: "track.keep_days", Type: domain.SettingWhole, Min: 1, Max: 365, Default: 60, Clause: "R1.1", Texts: domain.Texts{"轨迹保留天数", "Days for which tracks are kept"}},

	{Key: "report.day_hours", Type: domain.SettingWhole, Min: -23, Max: 240, Default: -2, Clause: "R2.11", Texts: domain.Texts{"日报截止：当日结束后小时数（负数为之前）", "Hours after the day by which its report is due; negative before its end"}},
	{Key: "report.week_hours", Type: domain.SettingWhole, Min: -167, Max: 240, Default: 12, Clause: "R2.11", Texts: domain.Texts{"周报截止：当周结束后小时数", "Hours after the week by which its report is due"}},
	{Key: "report.month_hours", Type: domain.SettingWhole, Min: -240, Max: 720, Default: 42, Clause: "R2.11", Texts: domain.Texts{"月报截止：当月结束后小时数", "Hours after the month by which its report is due"}},

	{Key: "request.hours", Type: domain.SettingData, Check: hoursFault, Clause: "R2.4", Default: SupportHours, Texts: domain.Texts{"各类协作请求的答复时限（工作小时）", "Working hours in which a request of a kind is answered"}},
	{
		Key: "request.departments", Type: domain.SettingData, Check: departmentsFault, Clause: "R2.4", Default: SupportDepartments, Phones: true,
		Texts: domain.Texts{"各类协作请求默认由哪类部门受理", "Kind of department that a request of a kind goes to unless it names one"},
	},
}, riskSettings()...)

// SupportHours are the working hours in which a request of a kind is answered.
var SupportHours = map[string]int{
	"resource": 24, "marketing": 24, "technical": 16, "logistics": 8, "finance": 16, "legal": 24, "complaint": 8, "other": 16,
}

// SupportDepartments are the kinds of department that are asked by kind of request.
var SupportDepartments = map[string]string{
	"resource": "mgmt", "marketing": "market", "technical": "product", "logistics": "logistics", "finance": "finance", "legal": "legal", "complaint": "service", "other": "mgmt",
}

// departmentsFault judges a kind of department for each kind of request; one that
// is left out has none.
func departmentsFault(v any) string {
	return each(v, func(kind string, member any) string {
		if SupportDepartments[kind] == "" {
			return "there is no such kind of request"
		}
		if dept, _ := member.(string); !slices.Contains(people.DepartmentKinds, dept) {
			return "one of " + strings.Join(people.DepartmentKinds, ", ") + " is needed"
		}
		return ""
	})
}

// riskSettings makes a setting of every number by which visits are judged.
func riskSettings() (out []domain.Setting) {
	texts := map[string]domain.Texts{
		"mock": {"虚拟定位", "a mock location"}, "accuracy": {"定位无抖动", "fixes without jitter"}, "outside": {"围栏外签到", "a check-in outside the fence"},
		"edge": {"围栏边缘签到", "a check-in at the edge"}, "speed": {"移动过快", "impossible speed"}, "speed_travel": {"乘车乘机时移动过快", "speed by train or air"},
		"outside_km": {"围栏外每多一公里", "each kilometre outside the fence"}, "moved_km": {"签退点每远一公里", "each kilometre between check-in and check-out"},
		"place_unknown": {"签到没有定位", "a check-in without a position"}, "place_coarse": {"定位误差过大", "a fix that is too coarse"},
		"account_unplaced": {"客户没有位置", "an account without a position"}, "moved": {"签退点远离签到点", "a check-out away from the check-in"},
		"clock_unknown": {"时间无法核对", "a clock that cannot be checked"},
		"clock_fresh":   {"时间仅以到达为限", "a time that only its arrival bounds"}, "clock_bracket": {"重启后的时间", "a time across a restart"},
		"clock_shift":   {"时间偏差", "a clock that is off"},
		"device_shared": {"多人共用手机", "a phone that several share"}, "dwell": {"停留过短", "a short stay"}, "root": {"越狱或模拟器", "a rooted phone or emulator"},
		"submitted_late": {"提交过晚", "a late hand-in"},
	}
	numbers := map[string]domain.Texts{
		"speed_kmh": {"移动速度上限（公里/小时）", "Highest speed, in km/h"}, "speed_min_m": {"计算速度的最短距离（米）", "Least distance for which speed is judged, in metres"},
		"coarse_m":        {"可采信的定位误差上限（米）", "Accuracy in metres beyond which a fix does not tell where somebody was"},
		"moved_m":         {"签退点与签到点的最大距离（米）", "Metres from the check-in within which a visit is checked out"},
		"far_km":          {"相距多少公里须由上级确认", "Kilometres from which a visit counts only after a superior's word"},
		"clock_shift_min": {"允许的时间偏差（分钟）", "Minutes by which a clock may be off"}, "dwell_min": {"最短停留（分钟）", "Shortest stay, in minutes"},
		"late_hours": {"拜访结束后多少小时内提交", "Hours after a visit within which it is handed in"},
		"question":   {"自动质疑的风险分", "Points from which a visit is questioned"}, "sample": {"纳入抽查的风险分", "Points from which a visit may be audited"},
	}
	for key, n := range field.RiskDefaults {
		s := domain.Setting{Key: "risk." + key, Type: domain.SettingWhole, Max: 1000, Default: n, Clause: "R4.7", Texts: numbers[key]}
		if t, ok := texts[key]; ok {
			s.Texts = domain.Texts{"风险分：" + t.ZH, "Points for " + t.EN}
		} else {
			s.Min, s.Max = 1, 1_000_000
		}
		out = append(out, s)
	}
	return out
}

func clockFault(v any) string {
	if text, _ := v.(string); !domain.IsClock(text) {
		return "a time of day such as 08:00 is needed"
	}
	return ""
}

func hoursFault(v any) string {
	kinds, ok := v.(map[string]any)
	if !ok {
		return "hours by kind are needed"
	}
	for kind := range SupportHours {
		if n, ok := kinds[kind].(float64); !ok || n < 1 || n > 1000 || n != float64(int(n)) {
			return "whole hours from 1 to 1000 are needed for " + kind
		}
	}
	return ""
}
