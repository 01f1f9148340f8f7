package domain

// Refusals of visits, their steps and reports.
var visitTexts = map[string]Texts{
	"visit.state":             {"当前状态({from})不能执行 {action}。", "A visit in state {from} cannot {action}."},
	"visit.not_owner":         {"只有拜访的负责人可以操作。", "Only the visit's owner may do this."},
	"visit.account_required":  {"请选择客户。", "Choose an account."},
	"visit.reason_required":   {"请填写取消原因。", "Give the reason for cancelling."},
	"visit.position_invalid":  {"定位数据无效。", "The position is not valid."},
	"visit.report_incomplete": {"拜访记录不完整:缺少 {missing}。", "The report is incomplete: {missing} is missing."},
	"visit.locked":            {"拜访已{from},不能再修改。", "The visit is {from} and can no longer be changed."},
	"visit.step_required":     {"还有必做步骤未完成:{missing}。", "Required steps are missing: {missing}."},
}
