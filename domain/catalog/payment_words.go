package catalog

import "satchel/domain"

// paymentWords are what payees, payments, advances and vouchers say.
var paymentWords = domain.Words{Problems: paymentTexts, Notices: paymentNotices, Settings: paymentSettings}

var paymentTexts = map[string]domain.Texts{
	"payee.whose":                     {"员工收款人须指定人员，客户收款人须指定客户，供应商两者都不指定。", "A payee of the company's people names the person, a customer's the account, a supplier's neither."},
	"payee_change.state":              {"当前状态({from})不能执行 {action}。", "A change in state {from} cannot {action}."},
	"payee_change.locked":             {"收款账户变更提出后不能修改，请撤回后重新提出。", "A change that was asked for stays as it is; cancel it and ask anew."},
	"payee_change.another_of_finance": {"收款账户变更须由财务两人完成：提出人和收款人本人不能确认。", "Two of finance change an account: neither who asked nor the payee confirms it."},
	"payee_change.not_yours":          {"只有提出人可以撤回。", "Only who asked for it takes it back."},
	"payee_change.number_invalid":     {"银行账号须为 8 至 32 位数字。", "The number of a bank account has 8 to 32 digits."},
	"advance.state":                   {"当前状态({from})不能执行 {action}。", "An advance in state {from} cannot {action}."},
	"advance.locked":                  {"借款已提交，不能修改。", "The advance was handed in; it stays as it is."},
	"advance.not_owner":               {"只有借款人可以操作。", "Only whose advance it is may do this."},
	"advance.not_finance":             {"只有财务可以操作，且不能是借款人本人。", "Finance does this, and not for its own."},
	"advance.amount_invalid":          {"借款金额无效。", "The amount of the advance is not valid."},
	"advance.due_invalid":             {"归还日期无效或已过。", "The day on which it is due is not valid, or over."},
	"advance.overdue_open":            {"有 {count} 笔借款逾期未清，清账后才能再借。", "{count} advances are overdue; clear them first."},
	"advance.exceeded":                {"核销与归还合计 {asked_fen} 分，超过已付 {paid_fen} 分。", "{asked_fen} fen would be claimed and given back of the {paid_fen} that were paid."},
	"advance.back_invalid":            {"归还金额无效：未清余额 {open_fen} 分。", "The amount is not valid: {open_fen} fen are open."},
	"advance.used":                    {"借款已有核销或归还，不能冲回。", "Part of the advance was claimed or given back; its payment stays."},
	"claim.advance_invalid":           {"借款不属于报销人。", "The advance is another's."},
	"claim.advance_employee":          {"只有支付给本人的报销单可以核销借款。", "An advance is cleared by what is paid to its owner alone."},
	"claim.payee_invalid":             {"收款人与报销单不符。", "The payee is none of this claim's."},
	"payment_run.state":               {"当前状态({from})不能执行 {action}。", "A run in state {from} cannot {action}."},
	"payment_run.locked":              {"付款批次已生成银行文件，不能修改。", "The file of the run was written; it stays as it is."},
	"payment_run.not_finance":         {"只有财务可以付款。", "Finance pays."},
	"payment_run.not_owner":           {"只有制单人可以修改付款批次。", "Only who made the run changes it."},
	"payment_run.unanswered":          {"仍有付款未收到银行结果。", "The bank has not answered all payments."},
	"payment_run.too_many":            {"一个批次最多 {most} 笔。", "A run has at most {most} payments."},
	"payment_run.encoding":            {"编码须为 utf8 或 gbk。", "The encoding is utf8 or gbk."},
	"payment_run.empty":               {"付款批次为空。", "The run has no payments."},
	"payment_run.not_in_gbk":          {"户名或用途含有 GBK 之外的字符，请改用 UTF-8。", "A name or purpose has characters that GBK has not; take UTF-8."},
	"payment_run.not_exported":        {"银行文件尚未生成。", "The bank's file was not written yet."},
	"payment_run.answer_unreadable":   {"银行结果文件无法读取：请检查编码和格式。", "The bank's answer cannot be read: look at its encoding and form."},
	"payment_run.answer_heads":        {"银行结果文件缺少列：{head}。", "The bank's answer has no column {head}."},
	"payment_run.answer_line":         {"银行结果第 {line} 行的 {column} 无效。", "Line {line} of the bank's answer: {column} is not valid."},
	"payment_run.other_run":           {"银行结果第 {line} 行属于其他批次，整份未导入。", "Line {line} of the bank's answer is of another run; nothing was taken."},
	"payment_run.unknown_payment":     {"银行结果第 {line} 行的序号 {seq} 不在本批次，整份未导入。", "Line {line} of the bank's answer: the run has no payment {seq}; nothing was taken."},
	"payment_run.amount_differs":      {"银行结果第 {line} 行(序号 {seq})金额与付款不符，整份未导入。", "Line {line} of the bank's answer (payment {seq}) has another amount; nothing was taken."},
	"payment_run.contradicts":         {"银行结果第 {line} 行(序号 {seq})与此前结果矛盾，整份未导入。", "Line {line} of the bank's answer (payment {seq}) says otherwise than before; nothing was taken."},
	"payment.state":                   {"当前状态({from})不能执行 {action}。", "A payment in state {from} cannot {action}."},
	"payment.locked":                  {"付款记录不能修改。", "A payment stays as it is."},
	"payment.not_finance":             {"只有财务可以申请冲销付款。", "Finance asks for a payment to be reversed."},
	"payment.not_head":                {"只有部门经理可以冲销付款。", "Who heads the department reverses a payment."},
	"payment.not_approved":            {"{no} 未处于待付款状态。", "{no} does not wait for a payment."},
	"payment.already":                 {"{no} 已在付款或已付款，不能重复付款。", "{no} is being paid, or was: nothing is paid twice."},
	"payment.no_payee":                {"{no} 没有可用的收款人。", "There is no payee in use for {no}."},
	"payment.no_account":              {"收款人 {name} 没有已确认的银行账户。", "{name} has no bank account that was confirmed."},
	"payment.approved_by_payer":       {"财务审批人不能付款，请由财务其他人员付款。", "Who approved it for finance does not pay it; a colleague does."},
	"payment.to_payer":                {"不能给自己付款，请由财务其他人员付款。", "Nobody pays himself; a colleague does."},
	"payment.changed":                 {"{no} 在排款后有变动，请重新排款。", "{no} has changed since it was planned; plan anew."},
	"payment.under_way":               {"付款已在途，须等银行结果。", "It is on its way to the bank; wait for the answer."},
	"payment.reason_required":         {"请填写原因。", "Say why."},
	"payment.reversal_not_asked":      {"财务尚未申请冲销。", "Finance has not asked for it."},
	"payment.reversal_alone":          {"申请人不能自己冲销，须两人完成。", "Two people reverse a payment."},
	"voucher.not_finance":             {"只有财务可以导出凭证。", "Finance exports vouchers."},
	"voucher.system":                  {"财务软件须为 yonyou 或 kingdee。", "The system is yonyou or kingdee."},
	"voucher.month_invalid":           {"月份无效。", "The month is not valid."},
	"voucher.no_ledger_account":       {"费用类别 {category} 没有会计科目。", "The category {category} has no account in the ledger."},
	"voucher.unbalanced":              {"凭证 {no} 借贷不平。", "Voucher {no} does not balance."},
}

var paymentNotices = map[string]domain.Texts{
	"payment.paid":    {"已付款 {amount} 元：{title}，凭证号 {voucher}", "{amount} yuan were paid: {title}, voucher {voucher}"},
	"payment.failed":  {"批次 {no} 第 {seq} 笔付款失败：{reason}", "Payment {seq} of run {no} failed: {reason}"},
	"advance.overdue": {"借款“{purpose}”已于 {due} 到期，未清 {open} 元", "The advance {purpose} was due on {due}: {open} yuan are open"},
}

var paymentSettings = []domain.Setting{
	{Key: "advance.block_overdue", Type: domain.SettingFlag, Default: false, Clause: "R7.5", Texts: domain.Texts{"借款逾期未清时不能再借", "An overdue advance blocks the next"}},
	{Key: "voucher.bank_account", Type: domain.SettingText, Default: "1002", Check: lineFault, Clause: "R7.5", Texts: domain.Texts{"银行存款科目", "Account of money at the bank"}},
	{Key: "voucher.advance_account", Type: domain.SettingText, Default: "122101", Check: lineFault, Clause: "R7.5", Texts: domain.Texts{"员工借款科目", "Account of advances to staff"}},
	{Key: "voucher.input_tax_account", Type: domain.SettingText, Default: "22210101", Check: lineFault, Clause: "R7.5", Texts: domain.Texts{"进项税额科目", "Account of input tax"}},
	{Key: "voucher.input_tax_out_account", Type: domain.SettingText, Default: "22210107", Check: lineFault, Clause: "R7.5", Texts: domain.Texts{"进项税额转出科目", "Account of input tax that is carried out again"}},
}
