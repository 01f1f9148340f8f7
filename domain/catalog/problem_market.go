package catalog

import (
	"satchel/domain"
)

// Refusals of promotion plans and activities.
var marketTexts = map[string]domain.Texts{
	"promo_plan.state":           {"当前状态({from})不能执行 {action}。", "A promotion plan in state {from} cannot {action}."},
	"promo_plan.locked":          {"推广方案已提交,不能再修改。", "The promotion plan was handed in and can no longer be changed."},
	"promo_plan.activities_open": {"方案下还有未完结的活动,不能关闭。", "An activity of the plan is still under way."},

	"activity.state":             {"当前状态({from})不能执行 {action}。", "An activity in state {from} cannot {action}."},
	"activity.locked":            {"活动已提交,不能再修改。", "The activity was handed in and can no longer be changed."},
	"activity.not_owner":         {"只有负责人或市场部负责人可以操作。", "Only its owner, or the head of market, may do this."},
	"activity.not_head":          {"只有市场部负责人可以转派。", "Only the head of market hands it to a colleague."},
	"activity.not_party":         {"活动总结由负责人或参与客户的负责人填写。", "The result is told by the activity's owner, or by those who serve one of its accounts."},
	"activity.days_invalid":      {"起止日期有误。", "The first and the last day do not fit."},
	"activity.plan_not_approved": {"所属推广方案未批准。", "Its promotion plan is not approved."},
	"activity.costs_required":    {"请填写费用预算明细。", "Say what it is to cost."},
	"activity.costs_locked":      {"活动当前状态({from})不能修改费用。", "Costs of an activity in state {from} cannot be changed."},
	"activity.planned_locked":    {"费用预算已提交审批,不能再修改,请填写实际费用。", "What it is to cost was handed in; write what it did cost."},
	"activity.reason_required":   {"请填写取消原因。", "Give the reason."},
	"activity.tasks_open":        {"还有未完成的任务,不能关闭。", "A task of it is still open."},
	"activity.assignee_invalid":  {"只能转派给市场部在职的同事。", "It goes to a colleague of market who is in office."},
	"activity.not_over":          {"活动结束({to})后才能填写总结。", "The result is told on the last day, {to}, or later."},
	"activity.result_state":      {"活动当前状态({from})不能填写总结。", "An activity in state {from} takes no result."},
	"activity.reported":          {"该活动已有总结。", "The activity has its result already."},
	"activity.photos_required":   {"请至少附 {least} 张活动照片。", "Add {least} photos of the activity at least."},

	"activity_task.state":           {"当前状态({from})不能执行 {action}。", "A task in state {from} cannot {action}."},
	"activity_task.locked":          {"任务已完结,不能再修改。", "The task is over and can no longer be changed."},
	"activity_task.over":            {"活动当前状态({from})不能修改任务。", "Tasks of an activity in state {from} cannot be changed."},
	"activity_task.not_owner":       {"只有任务负责人可以完成。", "Only who has the task finishes it."},
	"activity_task.owner_invalid":   {"请选择在职的负责人。", "Choose somebody in office."},
	"activity_task.reason_required": {"请填写取消任务的原因。", "Say why it is dropped."},
}
