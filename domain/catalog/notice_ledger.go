package catalog

import (
	"satchel/domain"
)

// Notices of the account ledger. Amounts are yuan.
var ledgerNotices = map[string]domain.Texts{
	"receipt.confirmed":  {"财务已确认回款：{account} {yuan} 元", "Finance confirmed a receipt: {account}, {yuan} yuan"},
	"receipt.rejected":   {"财务退回了回款：{account} {yuan} 元（{reason}）", "Finance rejected a receipt: {account}, {yuan} yuan ({reason})"},
	"receipt.reversed":   {"回款已冲销：{account} {yuan} 元（{reason}）", "A receipt was reversed: {account}, {yuan} yuan ({reason})"},
	"deduction.accepted": {"财务已认可扣款：{account} {yuan} 元", "Finance accepted a deduction: {account}, {yuan} yuan"},
	"deduction.rejected": {"财务退回了扣款：{account} {yuan} 元（{reason}）", "Finance rejected a deduction: {account}, {yuan} yuan ({reason})"},
	"statement.issued":   {"对账单待客户确认：{account} {month}，余额 {yuan} 元", "A statement waits for the customer: {account} {month}, balance {yuan} yuan"},
	"statement.disputed": {"客户对账单有异议：{account} {month}（{reason}）", "A statement is disputed: {account} {month} ({reason})"},
	"rebate.settled":     {"返利已结算：{account} {period} {yuan} 元", "A rebate was settled: {account} {period}, {yuan} yuan"},
}
