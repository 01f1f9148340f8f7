package catalog

import (
	"satchel/domain"
)

// Notices of activities, and of intelligence that goes down.
var marketNotices = map[string]domain.Texts{
	"promo_plan.assigned": {"推广方案已转派给您：{name}", "A promotion plan is yours now: {name}"},

	"activity.agreed":         {"市场活动已批准：{name}（{from} 至 {to}）", "An activity takes place: {name} ({from} to {to})"},
	"activity.cancelled":      {"市场活动已取消：{name} {reason}", "An activity is cancelled: {name}. {reason}"},
	"activity.assigned":       {"市场活动已转派给您：{name}", "An activity is yours now: {name}"},
	"activity.result_due":     {"请于 {due} 前填写活动总结：{name}", "Its result is due on {due}: {name}"},
	"activity.result_overdue": {"活动总结已逾期：{name}（应于 {due} 提交）", "The result of {name} was due on {due}"},
	"activity.reported":       {"活动总结已提交：{name}", "The result is here: {name}"},

	"activity_task.new":     {"新活动任务：{title}（{due} 前完成）", "A task of an activity: {title}, due on {due}"},
	"activity_task.done":    {"活动任务已完成：{title}", "A task is done: {title}"},
	"activity_task.dropped": {"活动任务已取消：{title} {reason}", "A task is dropped: {title}. {reason}"},
	"activity_task.overdue": {"活动任务已逾期：{title}（应于 {due} 完成）", "A task was due on {due}: {title}"},

	"intel.unread":   {"市场情报逾期未阅：{text}", "Not yet read: {text}"},
	"intel.accepted": {"您的情报被采纳，评分 {score}：{text}", "Your report was taken up, with {score} of 5: {text}"},
	"intel.scored":   {"您的情报评分 {score}：{text}", "Your report was scored {score} of 5: {text}"},
}
