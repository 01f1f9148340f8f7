package catalog

import "satchel/domain"

// budgetControlWords are what adjustments, reviews and what is paid from budgets say.
var budgetControlWords = domain.Words{Problems: budgetControlTexts, Notices: budgetControlNotices, Settings: budgetControlSettings}

var budgetControlTexts = map[string]domain.Texts{
	"adjustment.state":          {"当前状态({from})不能执行 {action}。", "An adjustment in state {from} cannot {action}."},
	"adjustment.locked":         {"预算调整已提交,不能修改。", "The adjustment was handed in; it stays as it is."},
	"adjustment.not_owner":      {"只有申请人可以操作该预算调整。", "Only who made the adjustment may do this."},
	"adjustment.nodes_invalid":  {"调剂须指定调出和调入节点,追加只指定调入,核减只指定调出。", "A transfer names two nodes, a raise the one that gets, a lowering the one that gives."},
	"adjustment.same_node":      {"调出和调入不能是同一节点。", "A node gives nothing to itself."},
	"adjustment.circle":         {"与其他待审批的调剂形成循环。", "Together with transfers that wait for approval it goes in a circle."},
	"adjustment.budget_state":   {"预算当前状态({from})不能调整。", "A budget in state {from} is not adjusted."},
	"adjustment.other_budget":   {"节点不属于该预算。", "The node is of another budget."},
	"adjustment.not_yours":      {"节点不在您的管理范围内。", "The node is not yours to ask for."},
	"adjustment.month_invalid":  {"该节点按月编制,请指定其期间内的月份。", "The node has its amount by months: name one of them."},
	"adjustment.not_free":       {"调出节点可用余额不足:可用 {free_fen} 分,需要 {asked_fen} 分。", "There is too little to take: {free_fen} fen are free, {asked_fen} are asked for."},
	"budget.export_not_finance": {"只有财务部门可以导出预算分录。", "Only finance exports the entries of a budget."},
	"review.node_invalid":       {"节点不属于该预算。", "The node is of another budget."},
	"review.month_invalid":      {"该月份尚未结束或不在预算年度内。", "The month is not over, or of another year."},
	"review.owner_invalid":      {"说明人须为本部门或财务部门的在职员工。", "A month is explained by somebody in office, of the department or of finance."},
	"review.twice":              {"该节点当月已有差异说明。", "The node's month is being explained already."},
	"activity.node_invalid":     {"预算节点无效。", "The budget's node is none that pays for the activity."},
	"activity.no_node":          {"费用“{line}”在本部门预算中没有对应的节点。", "No node of the department's budget is for {line}."},
	"plan.budget_invalid":       {"预算不是本部门该年度的预算。", "The budget is another department's, or of another year."},
	"plan.target_invalid":       {"目标不是本部门该年度的部门目标。", "The target is none of the department for the year."},
}

var budgetControlNotices = map[string]domain.Texts{
	"budget.alert":          {"预算“{name}”已使用 {share}%：可用 {free} 元", "The budget {name} is used to {share} %: {free} yuan are free"},
	"budget.adjusted":       {"预算调整已生效：{title}", "A budget was adjusted: {title}"},
	"budget.carried":        {"{year} 年度预算结转 {amount} 元，未结转 {lost} 元", "{amount} yuan of the budget of {year} were carried over, {lost} were not"},
	"budget.review":         {"请在 {due} 前说明预算“{name}”{month} 的差异原因和措施", "Say by {due} why the budget {name} went otherwise than planned in {month}, and what is done"},
	"budget.review_overdue": {"预算“{name}”{month} 的差异说明已逾期", "The explanation of the budget {name} for {month} is overdue"},
}

var budgetControlSettings = []domain.Setting{
	{Key: "budget.review_days", Type: domain.SettingWhole, Min: 1, Max: 31, Default: 10, Clause: "R7.6", Texts: domain.Texts{"月度差异须在次月多少天内说明", "Days of the next month within which a month's variance is to be explained"}},
}
