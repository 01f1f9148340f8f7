package catalog

import (
	"satchel/domain"
)

// Settings of what market does for accounts.
var marketSettings = []domain.Setting{
	{Key: "promo_plan.executive_fen", Type: domain.SettingWhole, Min: 0, Max: 1_000_000_000_000, Default: 50_000_00, Clause: "R5.1", Texts: domain.Texts{"推广方案预算超过该金额(分)须管理层审批", "Fen above which the management approves a promotion plan"}},
	{Key: "activity.executive_fen", Type: domain.SettingWhole, Min: 0, Max: 1_000_000_000_000, Default: 20_000_00, Clause: "R5.2", Texts: domain.Texts{"活动预算超过该金额(分)须管理层审批", "Fen above which the management approves an activity"}},
	{Key: "activity.result_days", Type: domain.SettingWhole, Min: 1, Max: 90, Default: 7, Clause: "R5.2", Phones: true, Texts: domain.Texts{"活动结束后多少天内提交总结", "Days after an activity within which its result is told"}},
	{Key: "activity.result_photos", Type: domain.SettingWhole, Min: 0, Max: 20, Default: 1, Clause: "R5.2", Phones: true, Texts: domain.Texts{"活动总结至少附照片张数", "Least photos of an activity's result"}},
	{Key: "activity.effect_days", Type: domain.SettingWhole, Min: 0, Max: 365, Default: 30, Clause: "R5.2", Texts: domain.Texts{"活动结束后多少天内的销售计入投入产出", "Days after an activity whose sales count as its effect"}},
	{Key: "intel.read_days", Type: domain.SettingWhole, Min: 1, Max: 90, Default: 3, Clause: "R5.3", Texts: domain.Texts{"下发的市场情报多少天内须阅知", "Days within which intelligence that goes down is to be read"}},
}
