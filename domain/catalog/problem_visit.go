package catalog

import (
	"satchel/domain"
)

// Refusals of visits, their steps, reports and what hangs on them.
var visitTexts = map[string]domain.Texts{
	"visit.state":             {"当前状态({from})不能执行 {action}。", "A visit in state {from} cannot {action}."},
	"visit.not_owner":         {"只有拜访的负责人可以操作。", "Only the visit's owner may do this."},
	"visit.not_superior":      {"只有负责人的上级可以审核拜访,且不能审核自己的拜访。", "Only the owner's superior judges a visit, and never his own."},
	"visit.not_head":          {"作废须由部门经理确认,且不能由提出人确认。", "A void is confirmed by the head of the department, who is not who asked for it."},
	"visit.void_pending":      {"已有人主张该拜访作废,须先由部门经理裁定。", "Somebody holds this visit for a fraud: the head of the department decides first."},
	"visit.void_missing":      {"没有待确认的作废申请。", "Nobody has asked to void this visit."},
	"visit.day_implausible":   {"计划日期 {day} 须在 {from} 至 {to} 之间。", "A visit is planned for a day from {from} to {to}; {day} is not."},
	"visit.account_required":  {"请选择客户。", "Choose an account."},
	"visit.reason_required":   {"请填写原因。", "Give the reason."},
	"visit.position_invalid":  {"定位数据无效。", "The position is not valid."},
	"visit.crs_unknown":       {"不支持坐标系 {crs}。", "The datum {crs} is not supported."},
	"visit.report_incomplete": {"拜访记录不完整:缺少 {missing}。", "The report is incomplete: {missing} is missing."},
	"visit.locked":            {"拜访已{from},不能再修改。", "The visit is {from} and can no longer be changed."},
	"visit.kept":              {"拜访的经过只由系统记录,不能修改或删除。", "The steps of a visit are kept by the system alone, and stay."},
	"visit.step_required":     {"还有必做步骤未完成:{missing}。", "Required steps are missing: {missing}."},
	"visit.prep_required":     {"拜访前请先填写:{missing}。", "Before this visit, fill in: {missing}."},
	"visit.companion_invalid": {"协访人须为在职同事,且不是负责人本人。", "A companion is a colleague in service, not the owner himself."},
	"visit.contact_invalid":   {"所见联系人须属于该客户。", "A contact met belongs to the visit's account."},

	"position.not_manager": {"客户位置须由其上级确认。", "A position is confirmed by the account's superior."},
	"position.waiting":     {"该客户已有位置建议待确认。", "A proposal for this account waits to be decided already."},
	"position.decided":     {"该位置建议已处理。", "This proposal was decided already."},

	"audit.not_auditor": {"只有被指派的稽核人可以提交结果。", "Only the auditor who was named hands the findings in."},
	"audit.self":        {"不能稽核自己的拜访。", "Nobody audits a visit of his own."},
	"audit.state":       {"当前状态({from})不能执行 {action}。", "An audit in state {from} cannot {action}."},
	"audit.incomplete":  {"请填写稽核发现和评分(0–100)。", "Give the findings and a score from 0 to 100."},

	"feedback.text_required": {"请填写反馈内容。", "Give the text of the feedback."},
}
