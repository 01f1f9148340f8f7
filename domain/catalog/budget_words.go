package catalog

import (
	"satchel/domain"
)

// budgetWords are what budgets say, and what a new one begins with.
var budgetWords = domain.Words{Problems: budgetTexts, Notices: budgetNotices, Settings: budgetSettings}

var budgetTexts = map[string]domain.Texts{
	"budget.state":              {"当前状态({from})不能执行 {action}。", "A budget in state {from} cannot {action}."},
	"budget.locked":             {"预算已提交,只能通过预算调整修改。", "The budget was handed in; its amounts change by adjustments alone."},
	"budget.not_finance":        {"只有财务部门可以关闭预算。", "Only finance closes a budget."},
	"budget.not_head":           {"只有部门经理可以操作本部门预算。", "Only the manager of the department may do this."},
	"budget.reason_required":    {"请填写原因。", "Give the reason."},
	"budget.still_reserved":     {"仍有占用未释放,不能提前关闭。", "Money is still reserved; it closes by itself on its day."},
	"budget.twice":              {"本部门该年度已有预算。", "The department has a budget for the year already."},
	"budget.empty":              {"请编制预算明细。", "Say what the budget consists of."},
	"budget.plan_invalid":       {"所属年度计划不是本部门该年度的计划。", "The annual plan is another department's or of another year."},
	"budget.parent_invalid":     {"上级预算节点无效。", "The node above is not of this budget."},
	"budget.circle":             {"预算节点“{name}”的上下级形成循环。", "The node {name} is below itself."},
	"budget.too_deep":           {"预算最多 {most} 级。", "A budget has at most {most} levels."},
	"budget.too_many":           {"一个预算最多 {most} 个节点。", "A budget has at most {most} nodes."},
	"budget.period_invalid":     {"预算节点“{name}”的期间无效。", "The days of the node {name} do not fit."},
	"category.circle":           {"费用类别不能以自己或下级为上级。", "A category does not stand below itself."},
	"budget.dimension":          {"预算节点“{name}”与上级的 {dimension} 不一致。", "The node {name} has another {dimension} than the one above."},
	"budget.over_invalid":       {"超支比例须在 {least} 至 {most} 之间。", "The allowance is from {least} to {most} basis points."},
	"budget.months_required":    {"预算节点“{name}”按月或累计控制,请填写 12 个月的金额。", "The node {name} is controlled by months: say what each of the twelve has."},
	"budget.months_sum":         {"预算节点“{name}”各月合计 {sum} 分,与金额 {amount} 分不一致。", "The months of the node {name} come to {sum} fen, not to {amount}."},
	"budget.children_sum":       {"预算节点“{name}”的下级合计 {sum} 分,与金额 {amount} 分不一致。", "Those below the node {name} come to {sum} fen, not to {amount}."},
	"budget.alerts_invalid":     {"预警比例须为 1 至 100000 的递增整数(万分比)。", "Alerts are rising basis points from 1 to 100000."},
	"budget.amount_invalid":     {"金额无效。", "The amount is none that money may have."},
	"budget.not_active":         {"预算当前状态({from})不能占用或支出。", "A budget in state {from} takes no expense."},
	"budget.closed":             {"{year} 年预算已关闭。", "The budget of {year} is closed."},
	"budget.year":               {"该预算只接受 {year} 年发生的费用。", "The budget takes expenses of {year} alone."},
	"budget.day":                {"费用日期不在预算节点的期间({from} 至 {to})内。", "The day of the expense is not within {from} to {to}."},
	"budget.node_gone":          {"预算节点已不存在。", "The node of the budget is gone."},
	"budget.not_leaf":           {"只能在最末级预算节点占用或支出。", "Money is reserved and spent on the lowest nodes alone."},
	"budget.insufficient":       {"预算“{node}”余额不足:可用 {free_fen} 分,需要 {asked_fen} 分。", "The budget {node} is short: {free_fen} fen are free, {asked_fen} are needed."},
	"budget.insufficient_above": {"第 {level} 级预算余额不足,请联系部门经理。", "The budget is short at level {level}; ask the manager of the department."},
	"budget.heir_invalid":       {"接手人须为本部门在职员工；经理节点须由经理接手。", "Who takes over is another of the department, in office; of a manager's nodes, a manager."},
	"budget.heir_team":          {"预算节点“{name}”属于其他经理名下，请先移交该经理的节点，或通过预算调剂。", "The node {name} is of another manager's team: hand over his nodes first, or move the money by a transfer."},
	"budget.heir_nothing":       {"该员工在此预算中没有节点。", "Nothing of the budget is this person's."},
	"budget.person_left":        {"预算节点“{name}”的经理或代表已不在职。", "Whose node {name} is has left."},
	"budget.already_spent":      {"该单据已支付。", "The document was paid already."},
}

var budgetNotices = map[string]domain.Texts{
	"budget.active":      {"{year} 年度预算已生效：{title}", "The budget of {year} is in force: {title}"},
	"budget.frozen":      {"{year} 年度预算已冻结，{until} 前仅接受当年费用：{title}", "The budget of {year} is frozen; until {until} it takes expenses of that year: {title}"},
	"budget.closed":      {"{year} 年度预算已关闭：{title}", "The budget of {year} is closed: {title}"},
	"budget.handed_over": {"预算“{title}”有 {nodes} 个节点移交给您", "{nodes} nodes of the budget {title} are yours now"},
	"budget.recounted":   {"预算余额已按明细重算：{title}，{nodes} 个节点", "Balances of {title} were recounted from its entries: {nodes} nodes"},
	"budget.drift":       {"预算余额与明细不一致：{title}，{nodes} 个节点", "Balances of {title} differ from its entries: {nodes} nodes"},
}

// Settings that a new budget and its nodes take over; nothing else reads them.
var budgetSettings = []domain.Setting{
	{Key: "budget.control", Type: domain.SettingText, OneOf: []string{"forbid", "warn", "ignore"}, Default: "forbid", Clause: "R7.2", Texts: domain.Texts{"新预算的控制方式:禁止、提醒、不控制", "What holds spending in a new budget: forbid, warn or ignore"}},
	{Key: "budget.over_bp", Type: domain.SettingWhole, Min: 0, Max: 100_000, Default: 10_000, Clause: "R7.2", Texts: domain.Texts{"新预算允许使用的比例(万分比,10000 即不超支)", "Basis points of a node's amount that may be used in a new budget"}},
	{Key: "budget.window", Type: domain.SettingText, OneOf: []string{"year", "cumulative", "month"}, Default: "year", Clause: "R7.2", Texts: domain.Texts{"新预算的控制期间:全年、累计、按月", "Over what a new budget counts: the year, the months so far, or each month"}},
	{Key: "budget.gross", Type: domain.SettingFlag, Default: true, Clause: "R7.2", Texts: domain.Texts{"新预算按含税金额控制", "A new budget counts amounts with their tax"}},
	{Key: "budget.freeze_days", Type: domain.SettingWhole, Min: 0, Max: 180, Default: 31, Clause: "R7.2", Texts: domain.Texts{"年度结束后多少天内仍接受当年费用", "Days after the year on which a budget still takes expenses of it"}},
	{Key: "budget.carry", Type: domain.SettingText, OneOf: []string{"none", "free"}, Default: "none", Clause: "R7.2", Texts: domain.Texts{"年末余额:作废或结转", "What becomes of what is left: nothing, or it goes into the next year"}},
	{Key: "budget.alerts", Type: domain.SettingData, Default: []int{8_000, 9_500}, Check: risingBp, Clause: "R7.2", Texts: domain.Texts{"使用到多少(万分比)时预警", "Shares used, in basis points, at which those concerned are told"}},
	{Key: "budget.small_transfer_fen", Type: domain.SettingWhole, Min: 0, Max: 1_000_000_000_000, Default: 5_000_00, Clause: "R7.2", Texts: domain.Texts{"同一经理名下不超过该金额(分)的调剂只需财务审批", "Fen up to which a transfer below one manager needs finance alone"}},
	{Key: "budget.review_over_bp", Type: domain.SettingWhole, Min: 0, Max: 100_000, Default: 1_000, Clause: "R7.6", Texts: domain.Texts{"月度差异超过该比例(万分比)须说明原因", "Basis points of variance above which a month is to be explained"}},
}

// risingBp is what is wrong with a list of basis points, each above the one before.
func risingBp(v any) string {
	list, ok := v.([]any)
	if !ok {
		return "a list of basis points is needed"
	}
	last := 0.0
	for _, part := range list {
		n, ok := part.(float64)
		if !ok || n != float64(int(n)) || n <= last || n > 100_000 {
			return "they must rise, from 1 to 100000"
		}
		last = n
	}
	return ""
}
