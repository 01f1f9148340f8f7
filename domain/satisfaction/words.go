package satisfaction

import "satchel/domain"

// Page is what the page of a link says.
var Page = struct{ Title, Lead, Note, Send domain.Texts }{
	Title: domain.Texts{ZH: "客户满意度调查", EN: "How satisfied are you?"},
	Lead:  domain.Texts{ZH: "{company}请您评价为您服务的 {name}。", EN: "{company} asks what you think of {name}, who serves you."},
	Note: domain.Texts{
		ZH: "共 5 题，1 分最低，5 分最高。系统不记录您的网络地址，被评价人看不到您的答卷。本链接只供您本人使用一次，请勿转发。",
		EN: "5 questions, from 1 (worst) to 5 (best). Your network address is not kept, and the person you rate never sees your answers. The link is for you alone and takes one set of answers; please do not forward it.",
	},
	Send: domain.Texts{ZH: "提交", EN: "Send"},
}

// What the page says in place of its questions.
var (
	SaidThanks  = domain.Texts{ZH: "您的评价已收到，谢谢！", EN: "We have your answers. Thank you!"}
	SaidExpired = domain.Texts{ZH: "本次调查已经结束，链接已失效。谢谢您的关注。", EN: "The survey is over and the link has expired. Thank you for your interest."}
	SaidNoLink  = domain.Texts{ZH: "链接无效。请使用我们发给您的完整链接。", EN: "This is no valid link. Please use the whole link that we sent to you."}
	SaidWait    = domain.Texts{ZH: "请求过于频繁，请稍后再试。", EN: "Too many requests. Please try again in a while."}
	SaidUnread  = domain.Texts{ZH: "未能读取您的答卷，请返回重新填写。", EN: "Your answers could not be read. Please go back and try again."}
)

// Letter is the mail that carries a link, in both languages: what a customer reads is not known.
var Letter = struct{ Subject, Text domain.Texts }{
	Subject: domain.Texts{ZH: "{company}客户满意度调查", EN: "{company}: how satisfied are you?"},
	Text: domain.Texts{
		ZH: "{contact}，您好：\n\n{company}请您评价为您服务的 {name}（5 题，约一分钟）：\n\n{link}\n\n链接在 {until} 前有效，只供您本人使用一次，请勿转发。",
		EN: "Dear {contact},\n\n{company} asks what you think of {name}, who serves you (5 questions, one minute), at the link above. It lives until {until}, is for you alone and takes one set of answers; please do not forward it.",
	},
}
