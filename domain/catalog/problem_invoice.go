package catalog

import (
	"satchel/domain"
	"satchel/domain/expense"
)

// Refusals of invoices, and the reasons to look at one.
var invoiceTexts = map[string]domain.Texts{
	"invoice.state":              {"发票当前状态({from})不能变为 {to}。", "An invoice that is {from} cannot become {to}."},
	"invoice.not_owner":          {"只有发票的所有人可以操作。", "Only the invoice's owner may do this."},
	"invoice.locked":             {"发票已{from},不能再修改。", "The invoice is {from} and can no longer be changed."},
	"invoice.empty":              {"请拍摄发票、扫描二维码或填写号码。", "Photograph the invoice, scan its QR or type its number."},
	"invoice.blob":               {"找不到这张发票的原件,或原件不是您的。", "The paper of this invoice does not exist or is not yours."},
	"invoice.qr_unknown":         {"二维码不是发票内容。", "The QR is not that of an invoice."},
	"invoice.qr_date":            {"二维码中的开票日期({date})不合理。", "The date in the QR ({date}) is not plausible."},
	"invoice.red_letter":         {"红字发票(金额 {amount} 元)不能报销。", "A red-letter invoice ({amount} yuan) cannot be claimed."},
	"invoice.duplicate":          {"这张发票已被他人使用。", "This invoice has already been used by another person."},
	"invoice.own_twice":          {"您的票夹里已有这张发票。", "This invoice is already in your folder."},
	"invoice.same_file":          {"同一份文件已被使用。", "The very same file has already been used."},
	"invoice.amount_over":        {"报销金额 {claimed} 元超过发票金额 {amount} 元。", "The claimed {claimed} yuan exceed the invoice's {amount} yuan."},
	"invoice.amount_range":       {"报销金额 {claimed} 元不在 {from} 至 {to} 元之间(二维码金额不含税)。", "The claimed {claimed} yuan are not between {from} and {to} yuan (the QR's amount is before tax)."},
	"invoice.tax_sum":            {"不含税金额 {ex} 元加税额 {tax} 元不等于 {total} 元。", "{ex} yuan before tax and {tax} yuan of tax do not make {total} yuan."},
	expense.RiskInvoiceCRC:       {"二维码校验码不符。", "The checksum of the QR does not match."},
	expense.RiskInvoiceYear:      {"发票号码 {number} 的年份与开票日期 {date} 不符。", "The year in the number {number} is not that of {date}."},
	expense.RiskInvoiceProvince:  {"发票号码 {number} 的地区代码不存在。", "The region in the number {number} does not exist."},
	expense.RiskInvoiceTax:       {"{field} 的税号 {number} 校验不通过。", "The tax number {number} ({field}) fails its check."},
	expense.RiskInvoiceConflict:  {"{field} 不一致:{kept} 为 {a},{other} 为 {b}。", "{field} differs: {a} in {kept}, {b} in {other}."},
	expense.RiskInvoiceSum:       {"金额 {ex} 加税额 {tax} 不等于合计 {total}。", "{ex} and tax {tax} do not add up to {total}."},
	expense.RiskInvoiceReview:    {"票种未知,需人工确认。", "Its kind is unknown; a person has to look."},
	expense.RiskInvoiceElsewhere: {"这张发票已被他人使用。", "This invoice has been used by another person."},
	expense.RiskInvoiceFolders:   {"他人票夹中也有这张发票,先提交者有效。", "It is in another person's folder too; who hands in first has it."},
	expense.RiskInvoiceImage:     {"与另一张不同号码的票据图像相似(相差 {distance} 位)。", "It looks like a paper with another number ({distance} bits apart)."},
	expense.RiskInvoiceSplit:     {"同一销售方在 {date} 另有一张 {amount} 元的发票,可能拆单。", "The seller issued another invoice over {amount} yuan on {date}: a split bill?"},
	expense.RiskInvoiceRun:       {"与 {number} 连号。", "Its number is next to {number}."},
}
