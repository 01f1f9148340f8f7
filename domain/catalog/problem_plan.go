package catalog

import (
	"satchel/domain"
)

// Refusals of plans and their items.
var planTexts = map[string]domain.Texts{
	"plan.not_owner":          {"只有计划的制定人可以操作。", "Only who made the plan may do this."},
	"plan.not_superior":       {"只有上级可以审批计划,且不能审批自己的计划。", "Only the superior decides on a plan, and never on his own."},
	"plan.month_invalid":      {"月份格式须为 YYYY-MM。", "A month has the form YYYY-MM."},
	"plan.month_taken":        {"{month} 的计划已存在。", "There is a plan for {month} already."},
	"plan.locked":             {"计划已提交,不能直接修改。", "The plan was handed in and cannot be changed directly."},
	"plan.empty":              {"计划没有任何内容。", "The plan has no items."},
	"plan.reason_required":    {"请填写原因。", "Give the reason."},
	"plan.misses_unexplained": {"上期有 {items} 项未完成任务尚未填写原因和改进措施。", "{items} missed items of earlier months have no cause and action yet."},
	"plan.item_parent":        {"计划项目须属于一份计划。", "An item belongs to exactly one plan."},
	"plan.item_account":       {"拜访项目须选择计划人负责的客户。", "A visit is planned at an account that the planner serves."},
	"plan.item_day":           {"日期 {day} 不在计划月份 {month} 内。", "The day {day} is not in the plan's month {month}."},
	"plan.item_qty":           {"拜访次数少于所列日期数。", "There are more days than visits planned."},
	"plan.item_state":         {"当前状态({from})不能执行 {action}。", "An item in state {from} cannot {action}."},
	"plan.cause_required":     {"请选择未完成原因并填写改进措施。", "Give the cause and the action that improves it."},
	"plan.progress_invalid":   {"进展数量须为非零整数。", "Progress is a whole number other than zero."},
	"visit.deviation_reason":  {"计划外拜访请填写原因。", "Give the reason for a visit that is not in the approved plan."},
	"visit.plan_item_foreign": {"该计划项目不属于此拜访的负责人或客户。", "The plan item is not of this visit's owner and account."},
}
