package catalog

import (
	"satchel/domain"
)

// Refusals of the account ledger: receipts, deductions, statements, rebates.
var ledgerTexts = map[string]domain.Texts{
	"ledger.booked": {"已记账({kind}),不能再改动金额或撤回。", "It is in the ledger ({kind}): its amount and state stay as they are."},
	"ledger.page":   {"页码参数无效。", "The page asked for is none."},

	"receipt.state":              {"当前状态({from})不能执行 {action}。", "A receipt in state {from} cannot {action}."},
	"receipt.locked":             {"回款已处理(状态 {from}),不能再修改。", "The receipt is in state {from} and can no longer be changed."},
	"receipt.not_finance":        {"只有财务可以确认、退回或冲销回款。", "Only finance confirms, rejects or reverses a receipt."},
	"receipt.own":                {"自己登记的回款须由另一名财务人员确认。", "Another of finance than who reported a receipt confirms it."},
	"receipt.not_reporter":       {"只有登记人或财务可以修改回款。", "Only who reported the receipt, or finance, may change it."},
	"receipt.account_required":   {"请选择客户。", "Choose an account."},
	"receipt.amount_invalid":     {"回款金额须为大于零的整数分,且不超过 {most} 分。", "The amount must be whole fen above zero and at most {most}."},
	"receipt.day_invalid":        {"到账日期不能晚于今天。", "The day of receipt is later than today."},
	"receipt.twice":              {"该客户同一凭证号、同一金额的回款已登记过({other})。", "A receipt of this account with the same reference and amount was reported before ({other})."},
	"receipt.reason_required":    {"请填写原因。", "Give the reason."},
	"receipt.allocation_invalid": {"分摊无效:账目 {entry} 没有这么多未结金额,或合计超过回款金额。", "The entry {entry} has not that much open, or the parts are more than the receipt."},
	"receipt.paper_invalid":      {"凭证不属于此客户,也不是登记人上传的。", "The paper is neither of this account nor of who reports."},

	"deduction.state":            {"当前状态({from})不能执行 {action}。", "A deduction in state {from} cannot {action}."},
	"deduction.locked":           {"扣款已处理(状态 {from}),不能再修改。", "The deduction is in state {from} and can no longer be changed."},
	"deduction.not_finance":      {"只有财务可以认可或退回扣款。", "Only finance accepts or rejects a deduction."},
	"deduction.own":              {"自己登记的扣款须由另一名财务人员认可。", "Another of finance than who reported a deduction accepts it."},
	"deduction.not_reporter":     {"只有登记人或财务可以修改扣款。", "Only who reported the deduction, or finance, may change it."},
	"deduction.account_required": {"请选择客户。", "Choose an account."},
	"deduction.amount_invalid":   {"扣款金额须为大于零的整数分,且不超过 {most} 分。", "The amount must be whole fen above zero and at most {most}."},
	"deduction.order_invalid":    {"订单不属于此客户。", "The order is not of this account."},
	"deduction.reason_required":  {"请填写原因。", "Give the reason."},
	"deduction.paper_invalid":    {"凭证不属于此客户,也不是登记人上传的。", "The paper is neither of this account nor of who reports."},

	"statement.state":                {"当前状态({from})不能执行 {action}。", "A statement in state {from} cannot {action}."},
	"statement.locked":               {"对账单出具后不能修改。", "A statement stays as it was issued."},
	"statement.not_owner":            {"只有该客户的负责人可以登记客户的答复。", "Only who holds the account takes down the customer's answer."},
	"statement.not_finance":          {"只有财务可以出具对账单。", "Only finance issues statements."},
	"statement.month_invalid":        {"只能为已结束、且在上一份对账单({after})之后的月份出具。", "A month is stated once it is over, and after the last one that was ({after})."},
	"statement.answered_by_required": {"请填写客户方答复人。", "Say who answered for the customer."},
	"statement.paper_required":       {"请附上客户盖章或签字的对账单。", "Add the statement with the customer's seal or signature."},
	"statement.paper_invalid":        {"凭证不属于此客户,也不是答复登记人上传的。", "The paper is neither of this account nor of who answers."},
	"statement.reason_required":      {"请填写异议内容。", "Say what is disputed."},

	"rebate.state":            {"当前状态({from})不能执行 {action}。", "A rebate in state {from} cannot {action}."},
	"rebate.locked":           {"该返利已结期,条款和金额不能修改。", "A period of it is closed: terms and amounts stay as they are."},
	"rebate.not_finance":      {"只有财务可以结算返利。", "Only finance settles a rebate."},
	"rebate.account_required": {"请选择客户。", "Choose an account."},
	"rebate.tiers_invalid":    {"返利档位须按金额递增,比例 1–10000,最多 {most} 档。", "Tiers rise by amount, with rates from 1 to 10000 bp, at most {most} of them."},
	"rebate.days_invalid":     {"返利有效期无效:须有起止日期,且不超过十年。", "A term begins and ends, within ten years."},
	"rebate.contract_invalid": {"合同不属于此客户。", "The contract is not of this account."},
	"rebate.voucher_required": {"以付款方式结算须填写凭证号。", "A payment wants the number of its voucher."},
}
