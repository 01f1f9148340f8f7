package catalog

import "satchel/domain"

// preapprovalWords are what pre-approvals say.
var preapprovalWords = domain.Words{Problems: preapprovalTexts, Notices: preapprovalNotices, Settings: preapprovalSettings}

var preapprovalTexts = map[string]domain.Texts{
	"preapproval.state":              {"当前状态({from})不能执行 {action}。", "A pre-approval in state {from} cannot {action}."},
	"preapproval.locked":             {"事前申请已提交,不能修改。", "The pre-approval was handed in; it stays as it is."},
	"preapproval.not_owner":          {"只有申请人可以操作该事前申请。", "Only who applied may do this."},
	"preapproval.days_invalid":       {"起止日期无效。", "The days are none, or in the wrong order."},
	"preapproval.amount_invalid":     {"计划金额无效。", "The planned amount is none that money may have."},
	"preapproval.too_late":           {"事前申请须在 {day} 当日或之前提交;紧急情况请登记上级的口头同意。", "Apply on {day} or before; in an emergency, record your superior's consent."},
	"preapproval.attendees_required": {"请填写参加人员。", "Say who takes part."},
	"preapproval.consent_invalid":    {"口头同意须由您的上级在事前作出,请填写同意人和时间。", "Name the superior who consented, and when: before it took place."},
	"preapproval.paper_overdue":      {"紧急申请未在 {due} 前补办手续,不能使用。", "The emergency was not handed in by {due}: nothing is claimed of it."},
	"preapproval.not_usable":         {"事前申请当前状态({state})不能使用。", "A pre-approval in state {state} pays for nothing."},
	"preapproval.not_yours":          {"只能使用本人的事前申请。", "The pre-approval is somebody else's."},
	"preapproval.in_use":             {"已有报销使用该申请,不能修改或删除。", "Claims draw on it already: it stays as it is."},
	"preapproval.no_node":            {"本部门预算中没有对应的节点。", "No node of the department's budget is for it."},
}

var preapprovalNotices = map[string]domain.Texts{
	"preapproval.consent":       {"{name} 登记了您对“{title}”的口头同意", "{name} recorded your consent to {title}"},
	"preapproval.paper_overdue": {"紧急申请“{title}”应在 {due} 前补办，已逾期", "The emergency {title} was to be handed in by {due}"},
	"preapproval.expired":       {"事前申请“{title}”已过期，{left} 元未使用", "The pre-approval {title} expired; {left} yuan of it were not used"},
}

var preapprovalSettings = []domain.Setting{
	{Key: "preapproval.executive_fen", Type: domain.SettingWhole, Min: 0, Max: 1_000_000_000_000, Default: 5_000_00, Clause: "R7.8", Texts: domain.Texts{"事前申请超过该金额(分)须管理层审批", "Fen above which the management approves a pre-approval"}},
	{Key: "preapproval.expiry_days", Type: domain.SettingWhole, Min: 1, Max: 366, Default: 30, Clause: "R7.8", Phones: true, Texts: domain.Texts{"事前申请在结束后多少天内有效", "Days after its end for which a pre-approval may be claimed of"}},
	{Key: "preapproval.paper_days", Type: domain.SettingWhole, Min: 1, Max: 31, Default: 3, Clause: "R7.8", Phones: true, Texts: domain.Texts{"口头同意后须在多少天内补办申请", "Days after consent by word within which the application follows"}},
}
