package catalog

import (
	"satchel/domain"
)

// Settings of the organisation: its clock, its approvals, its reminders.
var orgSettings = []domain.Setting{
	{Key: "office.start", Type: domain.SettingText, Default: "09:00", Check: checkClock, Clause: "R1.1", Texts: domain.Texts{"上班时间", "When the office opens"}},
	{Key: "office.end", Type: domain.SettingText, Default: "18:00", Check: checkClock, Clause: "R1.1", Texts: domain.Texts{"下班时间", "When the office closes"}},
	{Key: "office.break_start", Type: domain.SettingText, Default: "12:00", Check: checkClock, Clause: "R1.1", Texts: domain.Texts{"午休开始", "When the midday break begins"}},
	{Key: "office.break_end", Type: domain.SettingText, Default: "13:00", Check: checkClock, Clause: "R1.1", Texts: domain.Texts{"午休结束", "When the midday break ends"}},
	{Key: "approval.due_hours", Type: domain.SettingWhole, Min: 1, Max: 2000, Default: 16, Clause: "R7.4", Texts: domain.Texts{"一个审批步骤的时限(工作小时)", "Working hours that an approval may take"}},
	{Key: "approval.remind_hours", Type: domain.SettingWhole, Min: 0, Max: 2000, Default: 4, Clause: "R7.4", Texts: domain.Texts{"审批到期前多少工作小时提醒", "Working hours before the deadline at which the approver is reminded"}},
	{Key: "policy.ack_days", Type: domain.SettingWhole, Min: 1, Max: 365, Default: 7, Clause: "R1.1", Texts: domain.Texts{"制度生效后多少天内须阅知", "Days after a document's date within which it is to be read"}},
	{Key: "review.day", Type: domain.SettingWhole, Min: 1, Max: 28, Default: 5, Clause: "R2.5", Texts: domain.Texts{"每月几号前完成上月业务分析", "Day of the month by which last month's business review is due"}},
}

func checkClock(v any) string {
	if text, ok := v.(string); !ok || !domain.IsClock(text) {
		return "a time such as 09:00 is needed"
	}
	return ""
}
