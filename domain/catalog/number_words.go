package catalog

import (
	"satchel/domain"
)

// numberWords are what the numbering of documents says.
var numberWords = domain.Words{
	Problems: map[string]domain.Texts{
		"number.kind_unknown": {"没有名为 {kind} 的编号种类。", "There are no numbers of the kind {kind}."},

		"number_gap.returned": {"设备退回未用", "given back by its phone"},
		"number_gap.expired":  {"设备长期未联系，号段已失效", "its phone has not come for a long time"},
		"number_gap.lost":     {"设备已注销、遗失或数据丢失", "its phone was lost, or lost what it held"},
		"number_gap.dropped":  {"草稿已作废", "its draft was dropped"},
		"number_gap.refused":  {"单据被退回，见同步问题", "its document was refused: see the sync issues"},
		"number_gap.unsent":   {"手机已使用，尚未提交", "used on a phone and not handed in"},
	},
	Notices: map[string]domain.Texts{
		"claim.number_taken":   {"报销单号 {former} 已被另一张报销单使用，您的报销单改为 {no}；按两个号码都能查到", "Another claim bears the number {former}: yours is {no} now, and is found by both"},
		"claim.number_foreign": {"报销单号 {former} 不是本人设备领取的号码，您的报销单改为 {no}；按两个号码都能查到", "The number {former} was not given to your phone: your claim is {no} now, and is found by both"},
		"order.number_taken":   {"订单号 {former} 已被另一张订单使用，您的订单改为 {no}；按两个号码都能查到", "Another order bears the number {former}: yours is {no} now, and is found by both"},
		"order.number_foreign": {"订单号 {former} 不是本人设备领取的号码，您的订单改为 {no}；按两个号码都能查到", "The number {former} was not given to your phone: your order is {no} now, and is found by both"},
	},
	Settings: []domain.Setting{
		{Key: "number.block", Type: domain.SettingWhole, Min: 10, Max: 1000, Default: 100, Clause: "R4.11", Texts: domain.Texts{"手机每次领取多少个单号", "Numbers that a phone is given at a time"}},
		{Key: "number.low_water", Type: domain.SettingWhole, Max: 1000, Default: 40, Clause: "R4.11", Texts: domain.Texts{"手机剩余多少个单号时再领取", "Numbers left at which a phone is given more"}},
		{Key: "number.idle_days", Type: domain.SettingWhole, Min: 7, Max: 730, Default: 90, Clause: "R4.11", Texts: domain.Texts{"设备多少天未联系，其号段失效", "Days without its phone after which a block of numbers expires"}},
	},
}
