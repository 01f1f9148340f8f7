package catalog

import "satchel/domain"

// satisfactionWords are what surveys of customers say.
var satisfactionWords = domain.Words{Problems: satisfactionTexts, Notices: satisfactionNotices, Settings: satisfactionSettings}

var satisfactionTexts = map[string]domain.Texts{
	"satisfaction.state":          {"当前状态({from})不能执行 {action}。", "A survey in state {from} cannot {action}."},
	"satisfaction.locked":         {"调查已开始,不能修改。", "The survey has begun; it stays as it is."},
	"satisfaction.not_office":     {"只有客服、管理员,或发起调查且不在被评之列的部门经理可以操作。", "Only the service, an administrator, or the department manager who made it and is not rated in it may do so."},
	"satisfaction.period_invalid": {"起止日期无效,且开始前期间须已结束。", "The days are none, or in the wrong order."},
	"satisfaction.period_open":    {"期间尚未结束,不能抽样。", "The period is not over: the sample is not drawn before."},
	"satisfaction.open_too_early": {"开始日须在期间结束之后。", "The survey opens after its period."},
	"satisfaction.days_invalid":   {"链接有效期须为 1 至 92 天。", "Links live for 1 to 92 days."},
	"satisfaction.nobody":         {"该期间没有可以抽取的客户联系人。", "There is nobody to be asked in that period."},
	"satisfaction.not_closed":     {"调查尚未结束,结果暂不公布。", "The survey is not over; nothing of it is told yet."},
	"satisfaction.answer_missing": {"请回答:{question}", "Please answer: {question}"},
	"satisfaction.answer_invalid": {"请从 1 到 5 中选择:{question}", "Please choose from 1 to 5: {question}"},
	"satisfaction.own_rows":       {"客户评价由系统产生,任何人不能修改。", "What customers say is kept as they said it; nobody changes it."},
	"contact.frozen":              {"客户满意度调查期间({until} 前),联系人的电话、邮箱和微信不能修改。", "While customers are surveyed, until {until}, phone, e-mail and WeChat of contacts stay as they are."},
}

var satisfactionNotices = map[string]domain.Texts{
	"satisfaction.opened":      {"满意度调查 {name} 已开始,须当面出示二维码或经企业微信发送的链接:{qr} 条", "The survey {name} has begun; links to be shown as QR or sent by WeCom: {qr}"},
	"satisfaction.closed":      {"满意度调查 {name} 已结束:发出 {drawn},收回 {answered}", "The survey {name} is over: {drawn} were asked, {answered} answered"},
	"satisfaction.nobody":      {"满意度调查 {name} 没有可以抽取的联系人,未能开始", "The survey {name} could not begin: there is nobody to be asked"},
	"contact.held":             {"客户满意度调查期间不能修改联系方式;您此前离线所做的修改({contact})已保存,{until} 后生效", "Contact details stay as they are while customers are surveyed; what you changed offline before ({contact}) is kept, and takes effect after {until}"},
	"contact.held_applied":     {"调查已结束,您此前对 {contact} 联系方式的修改已生效", "The survey is over; what you changed about {contact} has taken effect"},
	"contact.held_not_applied": {"{contact} 的联系方式其间已由他人更正,您此前的修改未生效:{fields}", "Somebody has corrected {contact} meanwhile; what you had changed did not take effect: {fields}"},
}

var satisfactionSettings = []domain.Setting{
	{Key: "satisfaction.sample_size", Type: domain.SettingWhole, Min: 1, Max: 200, Default: 10, Clause: "R6.5", Texts: domain.Texts{"满意度调查中每位员工抽取的联系人数", "Contacts that are asked about one person"}},
	{Key: "satisfaction.key_share_bp", Type: domain.SettingWhole, Min: 6_000, Max: 10_000, Default: 6_000, Clause: "R6.5", Texts: domain.Texts{"满意度调查覆盖的 A、B 级客户比例(万分比)", "Share of A and B accounts that are asked, in basis points"}},
	{Key: "satisfaction.asked_most", Type: domain.SettingWhole, Min: 1, Max: 5, Default: 2, Clause: "R6.5", Texts: domain.Texts{"一次调查中一位联系人最多评价几位员工", "People about whom one contact is asked at most in a survey"}},
	{Key: "satisfaction.link_days", Type: domain.SettingWhole, Min: 1, Max: 92, Default: 14, Clause: "R6.5", Texts: domain.Texts{"满意度调查链接的有效天数", "Days for which a link of a survey lives"}},
	{Key: "satisfaction.least_answers", Type: domain.SettingWhole, Min: 3, Max: 100, Default: 3, Clause: "R6.5", Texts: domain.Texts{"收到多少份有效答卷后才公布满意度", "Answers from which on a figure of satisfaction is told"}},
	{Key: "satisfaction.least_accounts", Type: domain.SettingWhole, Min: 1, Max: 100, Default: 2, Clause: "R6.5", Texts: domain.Texts{"个人满意度至少来自多少家客户", "Accounts from which a person's answers come at least"}},
}
