package catalog

import (
	"satchel/domain"
)

// Refusals of notices and messages.
var noticeTexts = map[string]domain.Texts{
	"notice.unknown":        {"没有这种通知。", "There are no notices of this kind."},
	"webhook.events":        {"请列出 1 至 50 个事件,例如 [\"visits.*\"]。", "List 1 to 50 events, such as [\"visits.*\"]."},
	"webhook.event_unknown": {"没有这种事件:{event}。", "There is no event {event}."},
	"webhook.url_secret":    {"地址中不得含用户名或密码。", "The address must not hold a user name or password."},
	"webhook.secret":        {"密钥须为 {min} 至 {max} 个字符。", "The secret must have {min} to {max} characters."},
	"webhook.url":           {"地址须以 http:// 或 https:// 开头,至多 2000 个字符。", "The address must begin with http:// or https:// and have at most 2000 characters."},
	"dispatch.state":        {"只有已放弃的消息可以重发(当前:{from})。", "Only a message that was given up can be sent again (it is {from})."},
}
