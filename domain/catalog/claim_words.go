package catalog

import (
	"satchel/domain"
)

// claimWords are what expense claims say.
var claimWords = domain.Words{Problems: claimTexts, Notices: claimNotices}

var claimTexts = map[string]domain.Texts{
	"claim.state":                   {"当前状态({from})不能执行 {action}。", "A claim in state {from} cannot {action}."},
	"claim.locked":                  {"报销单已提交({from}),不能再修改;请先撤回,或新建一张报销单。您填写的内容仍保留在本机。", "The claim was handed in ({from}) and is not written any more: withdraw it, or begin another. What you wrote stays on your phone."},
	"claim.not_owner":               {"只能操作本人的报销单。", "A claim is its owner's to write."},
	"claim.not_finance":             {"只有财务部门可以执行此操作。", "Only finance may do this."},
	"claim.not_head":                {"只有部门经理可以执行此操作。", "Only the manager of the department may do this."},
	"claim.empty":                   {"报销单没有明细。", "The claim has no lines."},
	"claim.too_many":                {"一张报销单最多 {most} 行明细,请拆分。", "A claim has at most {most} lines; split it."},
	"claim.amount_invalid":          {"明细“{line}”的金额无效。", "The amount of the line {line} is none that money may have."},
	"claim.day_invalid":             {"费用日期无效。", "The day of the expense is none."},
	"claim.day_future":              {"明细“{line}”的日期 {day} 晚于今天({today}),费用发生后再提交。", "The line {line} is of {day}, after today ({today}): hand it in once it was spent."},
	"claim.attendees_invalid":       {"参加人员须有姓名,并注明我方或对方。", "Each attendee has a name and a side, ours or theirs."},
	"claim.line_unknown":            {"该明细不属于这张报销单。", "The line is none of this claim."},
	"claim.shares_sum":              {"明细“{line}”的分摊合计 {sum_fen} 分,与金额 {amount_fen} 分不一致。", "The shares of the line {line} come to {sum_fen} fen, not to {amount_fen}."},
	"claim.shares_mixed":            {"明细“{line}”的分摊须全部按比例或全部按金额。", "The shares of the line {line} are all by weight, or all by amount."},
	"claim.uses_sum":                {"明细“{line}”所用发票合计 {sum_fen} 分,与金额 {amount_fen} 分不一致。", "The invoices of the line {line} come to {sum_fen} fen, not to {amount_fen}."},
	"claim.invoice_required":        {"明细“{line}”须附发票,或填写无票原因。", "The line {line} needs an invoice, or the reason why there is none."},
	"claim.node_invalid":            {"预算节点无效。", "The node of the budget is none that may bear this."},
	"claim.no_node":                 {"明细“{line}”在本部门预算中没有对应的节点,请联系部门经理。", "No node of the department's budget fits the line {line}; ask its manager."},
	"claim.rule_blocked":            {"明细“{line}”不符合费用规定({code}):{pass}", "The line {line} does not keep a rule ({code}): {pass}"},
	"claim.reason_required":         {"明细“{line}”超出常规({code}),请填写原因。", "The line {line} is unusual ({code}): say why."},
	"claim.special_reason_required": {"申请特批须填写原因。", "Special approval needs a reason."},
	"claim.cut_not_finance":         {"只有财务在其审批步骤批准时可以核减。", "Only finance cuts, in its step and while it approves."},
	"claim.cut_invalid":             {"明细“{line}”核减后的金额须在 0 至 {most_fen} 分之间。", "What is left of the line {line} is from 0 to {most_fen} fen."},
	"claim.cut_reason_required":     {"核减明细“{line}”须填写原因。", "Say why the line {line} is cut."},
	"claim.cut_all":                 {"全部核减请改为驳回。", "Reject a claim of which nothing is left."},
	"claim.reason_needed":           {"请填写原因。", "Give the reason."},
	"claim.reversal_not_asked":      {"冲销须先由财务提出。", "Finance asks for the reversal first."},
	"claim.reversal_alone":          {"冲销须由两人完成。", "Two people take back what was approved."},
	"claim.pay_amount":              {"应付金额为 {due_fen} 分,支付与冲抵借款合计须与之一致。", "{due_fen} fen are due: what is paid and what an advance clears come to that."},
	"claim.voucher_required":        {"付款须有凭证号。", "A payment has the number of its voucher."},
}

var claimNotices = map[string]domain.Texts{
	"claim.reversal_asked": {"财务申请冲销报销单 {no}:{reason}", "Finance asks to take back the claim {no}: {reason}"},
	"claim.reversed":       {"您的报销单 {no} 已冲销:{reason}", "Your claim {no} was taken back: {reason}"},
}
