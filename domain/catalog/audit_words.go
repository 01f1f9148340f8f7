package catalog

import "satchel/domain"

// auditWords are what samples, findings, penalties and savings say.
var auditWords = domain.Words{Problems: auditTexts, Notices: auditNotices, Settings: auditSettings}

var auditTexts = map[string]domain.Texts{
	"sample.month_open":       {"该月尚未结束,不能抽查。", "The month is not over yet."},
	"sample.nothing_paid":     {"该月没有已支付的报销单。", "Nothing was paid in that month."},
	"finding.state":           {"当前状态({from})不能执行 {action}。", "A finding in state {from} cannot {action}."},
	"finding.locked":          {"该问题已处理,不能修改。", "The finding was decided; it stays as it is."},
	"finding.not_finder":      {"只有检查人可以修改该问题。", "Only who found it may change it."},
	"finding.not_concerned":   {"只有当事人或签批人可以说明。", "Only whom it concerns answers."},
	"finding.not_another":     {"须由检查人和当事人以外的财务、审计或管理层处理。", "Somebody else of finance, of audit or of the management decides."},
	"finding.reason_required": {"请填写原因。", "Give the reason."},
	"finding.answer_required": {"请填写说明(不超过规定长度)。", "Say something, and not too much."},
	"finding.claim_invalid":   {"只能检查已审批的报销单。", "Claims are looked at once they were approved."},
	"finding.own_claim":       {"不能检查本人的报销单。", "Nobody looks at his own claims."},
	"finding.line_invalid":    {"该明细不属于此报销单。", "The line is of another claim."},
	"finding.repay_invalid":   {"退回金额不能超过 {most_fen} 分。", "At most {most_fen} fen are paid back."},
	"finding.not_sampled":     {"该报销单不在抽查样本中。", "The sample does not have the claim."},
	"finding.not_signed":      {"只能追究签批过该报销单的人。", "Only who signed the claim is liable for it."},
	"penalty.state":           {"当前状态({from})不能执行 {action}。", "A penalty in state {from} cannot {action}."},
	"penalty.locked":          {"处罚记录不能修改。", "A penalty stays as it is."},
	"penalty.not_finance":     {"只有财务部门可以登记退款,且不能登记本人的。", "Finance books what comes back, and nobody his own."},
	"penalty.not_management":  {"只有管理层可以免除处罚。", "The management alone waives a penalty."},
	"penalty.reason_required": {"请填写原因。", "Give the reason."},
	"penalty.no_repayment":    {"该处罚不涉及退款。", "Nothing is to be paid back."},
	"penalty.day_invalid":     {"退款日期无效。", "The day is none, or of the future."},
	"penalty.amount_invalid":  {"退款金额无效,尚欠 {owed_fen} 分。", "The amount does not fit: {owed_fen} fen are owed."},
	"saving.state":            {"当前状态({from})不能执行 {action}。", "A saving in state {from} cannot {action}."},
	"saving.locked":           {"财务已确认,不能修改。", "Finance has decided; it stays as it is."},
	"saving.not_owner":        {"只有申报人可以修改。", "Only who reported it may change it."},
	"saving.not_finance":      {"只有财务部门可以确认,且不能确认本人的。", "Finance decides, and nobody his own."},
	"saving.reason_required":  {"请填写原因。", "Give the reason."},
	"saving.none":             {"节约后的费用须低于原费用。", "It must cost less than before."},
}

var auditNotices = map[string]domain.Texts{
	"finding.made":      {"费用抽查：报销单 {no} 发现问题：{text}", "Something was found about claim {no}: {text}"},
	"finding.answered":  {"{name} 已对抽查问题作出说明", "{name} answered what you found"},
	"finding.dismissed": {"抽查问题已撤销：{reason}", "What was found was dismissed: {reason}"},
	"penalty.deduction": {"费用违规扣考核 {points} 分：{text}", "{points} points are deducted from your appraisal: {text}"},
	"penalty.repayment": {"请在 {due} 前退回 {amount} 元：{text}", "Pay back {amount} yuan by {due}: {text}"},
	"penalty.waived":    {"处罚已免除：{reason}", "A penalty was waived: {reason}"},
	"penalty.overdue":   {"应在 {due} 前退回的 {amount} 元已逾期", "{amount} yuan were to be paid back by {due}"},
	"saving.confirmed":  {"节约记录已确认：{title}", "What you saved was confirmed: {title}"},
	"saving.declined":   {"节约记录未确认：{title}（{reason}）", "What you saved was not confirmed: {title} ({reason})"},
}

var auditSettings = []domain.Setting{
	{Key: "audit.share_bp", Type: domain.SettingWhole, Min: 0, Max: 10_000, Default: 500, Clause: "R7.9", Texts: domain.Texts{"每月抽查的报销单比例(万分比)", "Share of a month's claims that are looked at again, in basis points"}},
	{Key: "audit.least", Type: domain.SettingWhole, Min: 1, Max: 1_000, Default: 5, Clause: "R7.9", Texts: domain.Texts{"每月至少抽查的报销单数", "Claims of a month that are looked at again at least"}},
	{Key: "audit.repay_days", Type: domain.SettingWhole, Min: 1, Max: 366, Default: 30, Clause: "R7.10", Texts: domain.Texts{"违规款项须在多少天内退回", "Days within which money is paid back"}},
}
