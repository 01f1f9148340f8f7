package catalog

import (
	"satchel/domain"
)

// Notices of plans, visits and field days.
var fieldNotices = map[string]domain.Texts{
	"plan.due":         {"{month} 计划请于 {due} 前提交", "The plan for {month} is due on {due}"},
	"plan.overdue":     {"{month} 计划已逾期（应于 {due} 提交）", "The plan for {month} is overdue since {due}"},
	"plan.overdue_of":  {"{name} 的 {month} 计划已逾期（应于 {due} 提交）", "{name} has not handed in the plan for {month}, due on {due}"},
	"plan.missed":      {"{month} 有 {items} 项计划未完成，请填写原因和改进措施", "{items} items of the plan for {month} were missed: give cause and improvement"},
	"visit.questioned": {"拜访待说明：{account}（{day}）", "A visit is questioned: {account} ({day})"},
	"visit.reopened":   {"拜访已退回更正：{account}（{day}）", "A visit is reopened to be corrected: {account} ({day})"},
	"visit.void":       {"拜访作废待确认：{account}（{day}）", "To confirm: a visit is to be voided: {account} ({day})"},
	"visit.missed":     {"有 {visits} 次拜访漏访（{day}）", "{visits} visits were missed ({day})"},
	"visit.audit":      {"请稽核拜访：{account}（{day}）", "A visit is to be audited: {account} ({day})"},
	"position.open":    {"客户位置待确认：{account}", "A position is to be confirmed: {account}"},
	"intel.new":        {"新市场情报：{text}", "New intelligence: {text}"},
	"request.new":      {"新协作请求：{text}", "A new request: {text}"},
	"request.answered": {"协作请求已答复：{text}", "A request was answered: {text}"},
	"request.overdue":  {"协作请求已逾期：{text}", "A request is overdue: {text}"},
	"report.due":       {"{period} 汇报尚未提交", "The report of {period} is not handed in"},
	"report.comment":   {"上级批注了 {period} 汇报", "Your report of {period} was commented"},
}
