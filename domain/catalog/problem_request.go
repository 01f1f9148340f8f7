package catalog

import (
	"satchel/domain"
)

// Refusals of support and product requests and of intelligence.
var requestTexts = map[string]domain.Texts{
	"request.state":           {"当前状态({from})不能执行 {action}。", "A request in state {from} cannot {action}."},
	"request.not_party":       {"此操作须由对应一方执行。", "This is for the other side to do."},
	"request.department":      {"没有受理此类请求的部门,请选择一个。", "No department is there for such requests: choose one."},
	"request.reason_required": {"请填写理由。", "Give the reason."},
	"request.answer_required": {"请填写答复。", "Give the answer."},
	"request.version":         {"请填写承诺版本。", "Give the version that is promised."},
	"request.promise_past":    {"承诺日期不能早于今天。", "The promised day is not before today."},
	"request.no_account":      {"该需求没有客户，无需答复客户。", "The request names no account that could be told."},
	"intel.text_required":     {"请填写情报内容。", "Give the text of the report."},
	"intel.not_addressed":     {"该情报未分发给您。", "This report was not sent to you."},
	"intel.own":               {"不能确认或评价自己提交的情报。", "Nobody acknowledges or scores a report of his own."},
	"intel.direction":         {"代表和经理的情报向上汇报;市场、研发、客服的情报可下发KA业务部。", "The field reports up; market, product and service also write down to KA departments."},
	"intel.routed_invalid":    {"情报只能下发给KA业务部。", "Intelligence goes down to KA departments only."},
	"intel.not_scorer":        {"上报的情报由KA业务部经理或市场部评价。", "A report from the field is scored by the head of its department, or by market."},
	"intel.score_invalid":     {"评分须为 1 至 5 分。", "The score is 1 to 5."},
}
