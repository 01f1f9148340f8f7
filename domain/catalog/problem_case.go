package catalog

import (
	"satchel/domain"
)

// Refusals of customers' issues.
var customerIssueTexts = map[string]domain.Texts{
	"customer_issue.state":                {"问题当前状态({from})不能执行 {action}。", "An issue in state {from} cannot {action}."},
	"customer_issue.not_confirmed":        {"须先由客户确认问题已解决,才能关闭。", "The customer must confirm the solution before the issue is closed."},
	"customer_issue.not_party":            {"只有责任部门或客户的负责人可以操作。", "Only the department that solves it, or the account's line, may do this."},
	"customer_issue.locked":               {"问题已结束,不能再修改。", "The issue is over and can no longer be changed."},
	"customer_issue.level_unknown":        {"没有此问题级别。", "There is no such level."},
	"customer_issue.note_required":        {"请填写说明。", "Give a note."},
	"customer_issue.cause_required":       {"请填写原因和解决办法。", "Give the cause and the solution."},
	"customer_issue.contact_required":     {"请填写客户方的确认人。", "Say who of the customer's confirmed it."},
	"customer_issue.prevention_required":  {"同类问题已出现 {count} 次,须先关联预防措施。", "The same kind of issue came {count} times; link the improvement that prevents it."},
	"customer_issue.not_head":             {"只有客服部门或客户所属部门的负责人可以定责。", "This is for the head of the service, or of the account's department, to decide."},
	"customer_issue.responsible_required": {"我方责任须指定责任人,其他情形不指定。", "A fault of our own has somebody responsible, any other has nobody."},
	"customer_issue.reason_required":      {"更改定责请填写理由。", "Give the reason why who is responsible changes."},
	"customer_issue.own_fault":            {"不能自行免除对自己的责任认定。", "Nobody relieves himself of what he was found responsible for."},
	"customer_issue.event_kept":           {"问题记录不能修改。", "The history of an issue is not changed."},
}
