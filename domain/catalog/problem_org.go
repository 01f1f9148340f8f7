package catalog

import (
	"satchel/domain"
)

// Refusals of the organisation.
var orgTexts = map[string]domain.Texts{
	"org.head_taken":        {"该KA业务部门已有在任的部门经理。", "The KA department has a manager in office already."},
	"org.head_needed":       {"KA业务部门必须有一名在任的部门经理,请先任命接任者。", "A KA department needs a manager in office; appoint the next one first."},
	"org.rep_manager":       {"KA业务代表的上级必须是同一部门在任的KA业务经理。", "A rep reports to a KA manager in office of the same department."},
	"org.has_reports":       {"仍有 {n} 名代表向其汇报,请先调整。", "{n} reps still report to this person; move them first."},
	"org.cycle":             {"上下级关系不能形成循环。", "Nobody may be his own superior."},
	"org.head_outside":      {"部门负责人必须是本部门在职人员。", "The head of a department must be an active person of it."},
	"org.open_work":         {"仍有未交接的工作:{work}。交接后才能停用。", "There is open work: {work}; hand it over before you disable the person."},
	"org.delegate_invalid":  {"代理人必须是本人以外的在职人员。", "Somebody else who is active must stand in."},
	"org.delegate_dates":    {"代理日期无效。", "The dates of the delegation are not valid."},
	"org.delegate_judged":   {"代理人不能是由其审批的下属。", "Somebody whose work one judges cannot stand in for one."},
	"org.delegate_circle":   {"双方不能在同一时间互为代理人。", "Two people cannot stand in for each other at the same time."},
	"org.appoint_invalid":   {"只能任命本部门在职人员为部门经理。", "Only an active person of the department can become its manager."},
	"review.incomplete":     {"请填写 {missing}。", "Fill in {missing}."},
	"review.state":          {"当前状态({from})不能执行 {action}。", "In the state {from} it cannot {action}."},
	"review.owner":          {"只有负责人可以操作。", "Only its owner may do this."},
	"action.owner_required": {"请选择负责人。", "Choose who is responsible."},
	"action.due_invalid":    {"完成期限无效或早于今天。", "The due day is not valid, or past."},
	"action.state":          {"当前状态({from})不能执行 {action}。", "An improvement in state {from} cannot {action}."},
	"action.not_owner":      {"只有负责人可以操作。", "Only who is responsible may do this."},
	"action.verify_other":   {"须由负责人以外的提出人或上级验证。", "It is verified by its author or a superior, never by who carried it out."},
	"action.text_required":  {"请填写说明。", "Give a text."},
	"action.kept":           {"改进措施不能删除,可取消。", "An improvement stays on record; cancel it instead."},
	"policy.state":          {"当前状态({from})不能执行 {action}。", "A document in state {from} cannot {action}."},
	"policy.empty":          {"请上传制度文件或填写正文摘要。", "Upload the document, or give its summary."},
	"policy.locked":         {"制度已发布,请发布新版本。", "The document is published; publish a new version."},
	"policy.not_published":  {"只能阅知已发布的制度。", "Only a published document can be acknowledged."},
	"policy.kept":           {"阅知记录不能修改或删除。", "An acknowledgement stays as it is."},
	"org.no_department":     {"您不属于任何部门。", "You are of no department."},
	"policy.acked":          {"您已阅知此制度。", "You acknowledged this document already."},
}
