package catalog

import (
	"satchel/domain"
)

// Notices of the organisation.
var orgNotices = map[string]domain.Texts{
	"device.new":       {"新设备已登录您的账号：{name}（{from}）；如非本人操作，请立即注销它并修改密码", "A new phone signed in as you: {name} ({from}). If it was not you, revoke it and change your password"},
	"sync.issues_full": {"{name} 有 {count} 条同步问题待处理，其手机的提交已暂停接收，请协助处理", "{name} has {count} open sync issues and nothing more of his is taken: see to them"},
	"org.span":         {"{name} 管理 {n} 名代表，超出建议范围 {min}–{max}", "{name} leads {n} reps, outside of {min} to {max}"},
	"message.parked":   {"消息发不到 {name}，已暂停发送、每小时重试：{fault}", "{name} takes no messages; they wait and it is tried each hour: {fault}"},
	"policy.published": {"新制度待阅知：{name}（{version}）", "To read: {name} ({version})"},
	"policy.unread":    {"制度逾期未阅知：{name}（{version}）", "Not yet read: {name} ({version})"},
	"review.due":       {"{period} 业务分析尚未提交", "The business review of {period} is not handed in"},
	"action.due":       {"改进措施将到期：{title}（{due}）", "An improvement is due: {title} ({due})"},
	"action.overdue":   {"改进措施已逾期：{title}（{due}）", "An improvement is overdue: {title} ({due})"},
	"action.verify":    {"改进措施待验证：{title}", "An improvement is to be verified: {title}"},
}
