package catalog

import (
	"satchel/domain"
)

// Refusals of handovers.
var handoverTexts = map[string]domain.Texts{
	"handover.not_superior":      {"只有双方共同的上级或管理员可以安排客户移交。", "Only the superior of both, or an administrator, may hand over accounts."},
	"handover.same_rep":          {"移交双方不能是同一人。", "The accounts are his already."},
	"handover.rep_unknown":       {"没有这位人员。", "There is no such person."},
	"handover.rep_inactive":      {"接收人账号已停用。", "The person who is to take over is disabled."},
	"handover.accounts_required": {"请选择要移交的客户。", "Choose the accounts to hand over."},
	"handover.not_owned":         {"客户 {account} 不由移交人负责。", "The account {account} is not held by the person who hands over."},
	"handover.overlap":           {"客户 {account} 已有未完成的移交。", "The account {account} has another handover that is not over."},
	"handover.date_invalid":      {"日期无效。", "The date is not valid."},
	"handover.date_past":         {"日期不能早于今天({today})。", "The date is before today ({today})."},
	"handover.state":             {"当前状态({from})不能执行 {action}。", "A handover in state {from} cannot {action}."},
	"handover.kept":              {"移交记录不能删除,可取消。", "A handover stays on record; cancel it instead."},
	"handover.item_unknown":      {"交接清单中没有此项({item})。", "The checklist has no item {item}."},
	"handover.items_open":        {"交接清单还有 {count} 项未完成。", "{count} items of the checklist are not done."},
	"handover.not_party":         {"只有移交双方可以操作。", "Only the two who hand over and take over may do this."},
	"handover.signed":            {"您已签字。", "You have signed already."},
	"handover.unsigned":          {"双方签字后才能完成移交。", "Both sides must sign before the handover is complete."},
}
