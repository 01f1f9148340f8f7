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
	"invoice.paper_required":     {"发票 {number} 没有照片或原件,请补拍或上传。", "Of the invoice {number} there is no photo and no original: add one."},
	"invoice.paper_missing":      {"发票 {number} 的照片或原件尚未上传完成,暂不能付款。", "The photo or original of the invoice {number} has not come yet: it is not paid."},
	"invoice.blob":               {"找不到这张发票的原件,或原件不是您的。", "The paper of this invoice does not exist or is not yours."},
	"invoice.typed_invalid":      {"无法识别所填的{field}“{text}”:日期如 2026-03-16,金额为人民币元,号码为数字。", "What is typed as {field}, {text}, cannot be read: a day such as 2026-03-16, an amount in yuan, a number of digits."},
	"invoice.qr_unknown":         {"二维码不是发票内容。", "The QR is not that of an invoice."},
	"invoice.qr_date":            {"二维码中的开票日期({date})不合理。", "The date in the QR ({date}) is not plausible."},
	"invoice.red_letter":         {"红字发票(金额 {amount} 元)不能报销。", "A red-letter invoice ({amount} yuan) cannot be claimed."},
	"invoice.duplicate":          {"这张发票已被他人使用。", "This invoice has already been used by another person."},
	"invoice.own_twice":          {"您的票夹里已有这张发票。", "This invoice is already in your folder."},
	"invoice.same_file":          {"同一份文件已被使用。", "The very same file has already been used."},
	"invoice.amount_over":        {"报销金额 {claimed} 元超过发票金额 {amount} 元。", "The claimed {claimed} yuan exceed the invoice's {amount} yuan."},
	"invoice.amount_range":       {"报销金额 {claimed} 元不在 {from} 至 {to} 元之间(二维码金额不含税)。", "The claimed {claimed} yuan are not between {from} and {to} yuan (the QR's amount is before tax)."},
	"invoice.tax_sum":            {"不含税金额 {ex} 元加税额 {tax} 元不等于 {total} 元。", "{ex} yuan before tax and {tax} yuan of tax do not make {total} yuan."},
	"invoice.duplicate_claim":    {"发票 {number} 已在报销单 {no} 中使用。", "The invoice {number} is used by the claim {no}."},
	"invoice.dead":               {"发票 {number} 查验结果为 {verdict},不能报销。", "The authority says {verdict} of the invoice {number}: it cannot be claimed."},
	"invoice.buyer_name":         {"发票 {number} 的购买方“{name}”不是本公司。", "The invoice {number} is issued to {name}, which is not our company."},
	"invoice.buyer_tax":          {"发票 {number} 的购买方税号 {tax} 不是本公司税号。", "The buyer's tax number {tax} of the invoice {number} is not ours."},
	"invoice.future":             {"发票 {number} 的开票日期 {date} 晚于今天。", "The invoice {number} is issued on {date}, which is still to come."},
	"invoice.no_total":           {"发票 {number} 没有金额,请先填写。", "Nobody knows the amount of the invoice {number}: type it."},
	"invoice.used_up":            {"发票 {number} 价税合计 {total} 元,已用 {used} 元,不能再用 {asked} 元。", "The invoice {number} is over {total} yuan, {used} are used: {asked} more are too much."},
	"invoice.unverified":         {"发票 {number} 超过 {over} 元,须由财务查验后才能付款。", "The invoice {number} is over {over} yuan: finance has to verify it before it is paid."},
	"invoice.verify_again":       {"发票 {number} 付款前须重新查验。", "The invoice {number} is to be verified again before it is paid."},
	"invoice.not_finance":        {"只有财务可以登记查验结果。", "Only finance records what the authority says."},
	"invoice.check_own":          {"不能查验或处理自己的发票。", "Nobody verifies or settles an invoice of his own."},
	"invoice.check_note":         {"请填写说明。", "Say where this is known from."},
	"invoice.verdict":            {"查验结果只能是 valid、void、red 或 failed。", "The verdict is valid, void, red or failed."},
	"invoice.nothing_to_repay":   {"这张发票没有待退回的款项。", "Nothing is to be repaid for this invoice."},
	"invoice.own_tax_invalid":    {"税号应为 15、18 或 20 位。", "A tax number has 15, 18 or 20 characters."},
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
	expense.RiskReceiptTwice:     {"您在 {date} 另有一张 {amount} 元的无号码票据。", "You have another receipt without a number over {amount} yuan of {date}."},
	expense.RiskReceiptAlike:     {"他人在 {date} 有同一商户 {amount} 元的无号码票据。", "Somebody else has a receipt of that merchant over {amount} yuan of {date}."},
	expense.RiskInvoiceRun:       {"与 {number} 连号。", "Its number is next to {number}."},
}

var invoiceNotices = map[string]domain.Texts{
	"invoice.found_dead": {"发票 {number} 查验异常,不能付款", "The invoice {number} is void: it cannot be paid"},
	"invoice.repay":      {"发票 {number} 付款后查验异常,请退回 {amount} 元", "The invoice {number} turned out to be void: {amount} yuan are to be repaid"},
}

var invoiceSettings = []domain.Setting{
	{Key: "invoice.manual_over_fen", Type: domain.SettingWhole, Min: 0, Max: 1_000_000_000, Default: 100_000, Clause: "R7.3", Texts: domain.Texts{"超过多少分的发票付款前须经查验(0 为不要求)", "Fen above which an invoice is verified before it is paid; 0 for never"}},
	{Key: "invoice.keep_years", Type: domain.SettingWhole, Min: 1, Max: 100, Default: 30, Clause: "R7.3", Texts: domain.Texts{"已报销发票原件保管年限", "Years for which originals of paid invoices are kept"}},
	{Key: "invoice.verify_url", Type: domain.SettingText, Default: "", Clause: "R7.3", Texts: domain.Texts{"发票查验平台地址(空为不用)", "Address of the platform that verifies invoices; empty for none"}},
	{Key: "invoice.verify_token", Type: domain.SettingText, Default: "", Texts: domain.Texts{"发票查验平台口令", "What the platform knows us by"}},
	{Key: "invoice.verify_seconds", Type: domain.SettingWhole, Min: 1, Max: 60, Default: 10, Texts: domain.Texts{"等待查验平台答复的秒数", "Seconds to wait for the platform's answer"}},
	{Key: "invoice.verify_cache_hours", Type: domain.SettingWhole, Min: 0, Max: 720, Default: 12, Texts: domain.Texts{"同一发票多少小时内不重复查验", "Hours for which the platform is not asked the same again"}},
	{Key: "invoice.verify_hours", Type: domain.SettingWhole, Min: 1, Max: 720, Default: 24, Clause: "R7.3", Texts: domain.Texts{"付款前查验结果的有效小时数", "Hours for which a verdict is good enough for a payment"}},
}
