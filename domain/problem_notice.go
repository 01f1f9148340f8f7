package domain

// Refusals of notices and messages.
var noticeTexts = map[string]Texts{
	"notice.unknown": {"没有这种通知。", "There are no notices of this kind."},
	"webhook.events": {"请列出事件,例如 [\"visits.*\"]。", "List the events, such as [\"visits.*\"]."},
	"webhook.url":    {"地址须以 http:// 或 https:// 开头。", "The address must begin with http:// or https://."},
	"dispatch.state": {"只有已放弃的消息可以重发(当前:{from})。", "Only a message that was given up can be sent again (it is {from})."},
}
