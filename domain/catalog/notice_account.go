package catalog

import (
	"satchel/domain"
)

// Notices of accounts: their deals, coverage, care and issues.
var accountNotices = map[string]domain.Texts{
	"contract.expiring": {"合同将于 {end} 到期，请安排续签：{account} {title}", "The contract of {account} ends on {end}, renew it: {title}"},
	"contract.expired":  {"合同已到期：{account} {title}", "The contract of {account} has ended: {title}"},

	"opportunity.overdue":       {"商机跟进已逾期（应于 {due}）：{account} {title}", "To be followed up since {due}: {account}, {title}"},
	"opportunity.overdue_of":    {"{name} 的商机跟进已逾期（应于 {due}）：{account} {title}", "{name} has not followed up since {due}: {account}, {title}"},
	"opportunity.win_pending":   {"赢单待确认（{name}）：{account} {title}", "A win to confirm, says {name}: {account}, {title}"},
	"opportunity.win_confirmed": {"赢单已确认：{account} {title}", "The win is confirmed: {account}, {title}"},
	"opportunity.win_returned":  {"赢单已退回：{account} {title}（{comment}）", "The win is returned: {account}, {title} ({comment})"},

	"plan.account_missing": {"{year} 年尚无业务计划的重要客户：{count} 家", "Important accounts without a plan for {year}: {count}"},

	"coverage.warned":    {"{account} 本期（{period}）还差 {missing} 次有效拜访", "{account} lacks {missing} valid visits in {period}"},
	"coverage.breach":    {"{account} 在 {period} 未达到拜访频率（{done}/{required}）", "{account} was visited {done} of {required} times in {period}"},
	"coverage.requested": {"拜访频率例外待审批：{account}（{period}）", "An exception to decide: {account} ({period})"},
	"coverage.granted":   {"拜访频率例外已批准：{account}（{period}）", "The exception is granted: {account} ({period})"},
	"coverage.refused":   {"拜访频率例外未批准：{account}（{period}）", "The exception is refused: {account} ({period})"},

	"communication.overdue": {"客户来访来函逾期未回复（应于 {due} 前）：{account} {text}", "{account} waits for an answer since {due}: {text}"},

	"care.due": {"{account}：{title}（{due}）", "{account}: {title} ({due})"},

	"issue.raised":    {"新问题（{level}）：{account} {title}", "New issue ({level}) of {account}: {title}"},
	"issue.resolved":  {"问题已解决，请与客户确认：{account} {title}", "Solved, confirm with {account}: {title}"},
	"issue.reopened":  {"客户未确认，问题重新打开：{account} {title}", "Not solved for {account}, open again: {title}"},
	"issue.escalated": {"问题超时上报（第 {rung} 级）：{account} {title}", "Overdue issue, rung {rung}: {account} {title}"},

	"issue.attributed": {"问题已定责，您为责任人：{account} {title}", "You are held responsible for an issue of {account}: {title}"},
	"issue.relieved":   {"问题重新定责，您不再是责任人：{account} {title}", "You are no longer held responsible for an issue of {account}: {title}"},

	"review.account_due": {"客户合作评估待完成：{account}（{period}）", "The review of {account} is due ({period})"},
}
