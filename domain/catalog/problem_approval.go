package catalog

import (
	"satchel/domain"
)

// Refusals of approvals.
var approvalTexts = map[string]domain.Texts{
	"approval.not_author":       {"只有提交人可以执行 {action}。", "Only the author may {action}."},
	"approval.not_approver":     {"这一步不由您审批。", "This step is not yours to decide."},
	"approval.own":              {"不能审批自己提交的内容。", "Nobody decides on what he submitted himself."},
	"approval.no_approver":      {"步骤“{step}”找不到审批人,请联系管理员。", "There is nobody to decide in the step {step}; ask an administrator."},
	"approval.state":            {"当前状态({from})不能执行 {action}。", "In the state {from} it cannot {action}."},
	"approval.decided":          {"这一步已处理({state})。", "This step was decided already ({state})."},
	"approval.waiting":          {"前一步尚未完成。", "An earlier step is still open."},
	"approval.stale":            {"内容已修改或撤回,请重新查看后再审批。", "The content was changed or withdrawn since; look at it again before you decide."},
	"approval.too_late":         {"已有人审批,不能撤回。", "Somebody has decided already; it can no longer be withdrawn."},
	"approval.locked":           {"审批中或已批准的内容不能修改。", "What is being approved, or was, can no longer be changed."},
	"approval.comment_required": {"请填写意见。", "Give your reason."},
	"approval.data_alone":       {"同一步骤还有其他审批人,不能调整内容。", "Others decide in the same step; nothing can be changed with this decision."},
	"approval.kept":             {"审批记录不能删除。", "An approval stays on record."},
}
