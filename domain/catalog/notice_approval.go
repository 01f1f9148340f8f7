package catalog

import (
	"satchel/domain"
)

// Notices of approvals. title is what the subject is called.
var approvalNotices = map[string]domain.Texts{
	"approval.pending":   {"待审批：{title}", "To approve: {title}"},
	"approval.due":       {"审批将于 {due} 到期：{title}", "Due at {due}: {title}"},
	"approval.overdue":   {"审批已逾期：{title}", "Overdue: {title}"},
	"approval.escalated": {"{name} 的审批已逾期：{title}", "Overdue at {name}'s: {title}"},
	"approval.approved":  {"已批准：{title}", "Approved: {title}"},
	"approval.rejected":  {"已驳回：{title}（{comment}）", "Rejected: {title} ({comment})"},
	"approval.returned":  {"已退回：{title}（{comment}）", "Returned: {title} ({comment})"},
	"approval.reset":     {"内容已修改，需重新审批：{title}", "Changed, to be approved anew: {title}"},
}
