package catalog

import (
	"satchel/domain"
)

// Refusals of answers to sync issues.
var syncIssueTexts = map[string]domain.Texts{
	"issue.closed":          {"此问题已处理({state})。", "This issue was answered already ({state})."},
	"issue.action":          {"{kind} 类问题不能执行 {action}。", "An issue of the kind {kind} cannot be answered by {action}."},
	"issue.choice_open":     {"请先在两个值之间作出选择。", "Choose between the two values first."},
	"issue.choice_invalid":  {"请选择 mine、theirs,或给出一个值。", "Choose mine, theirs, or give a value."},
	"issue.reason_required": {"请填写放弃的原因。", "Give the reason for discarding it."},
	"issue.row_changed":     {"记录的 {field} 此后又被修改,请查看后重新选择。", "The field {field} was changed again since; look at it and choose anew."},
	"issue.parent_open":     {"它所依赖的操作尚未处理({parent})。", "What it depends on is still open ({parent})."},
	"issue.payload_missing": {"内容未保留,只能从手机重新提交。", "The content was not kept; it can be sent again from the phone only."},
}
