package catalog

import (
	"satchel/domain"
)

// Refusals of support and product requests and of intelligence.
var requestTexts = map[string]domain.Texts{
	"request.state":           {"当前状态({from})不能执行 {action}。", "A request in state {from} cannot {action}."},
	"request.not_party":       {"此操作须由对应一方执行。", "This is for the other side to do."},
	"request.department":      {"请选择受理部门。", "Choose the department that is asked."},
	"request.reason_required": {"请填写理由。", "Give the reason."},
	"request.answer_required": {"请填写答复。", "Give the answer."},
	"request.version":         {"请填写承诺版本。", "Give the version that is promised."},
	"request.promise_past":    {"承诺日期不能早于今天。", "The promised day is not before today."},
	"request.no_account":      {"该需求没有客户，无需答复客户。", "The request names no account that could be told."},
	"intel.text_required":     {"请填写情报内容。", "Give the text of the report."},
	"intel.not_addressed":     {"该情报未分发给您。", "This report was not sent to you."},
	"intel.own":               {"不能确认自己提交的情报。", "Nobody acknowledges a report of his own."},
}
