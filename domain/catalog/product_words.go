package catalog

import (
	"satchel/domain"
	"satchel/domain/customers"
)

// productWords are what trainings say, and by what product requests are weighed.
var productWords = domain.Words{
	Problems: map[string]domain.Texts{
		"training.state":             {"当前状态({from})不能执行 {action}。", "A training in state {from} cannot {action}."},
		"training.locked":            {"培训已发布，不能再修改。", "The training is published and can no longer be changed."},
		"training.not_trainer":       {"只有培训负责人或其部门负责人可以操作。", "Only who leads the training, or the head of his department, may do this."},
		"training.not_trainee":       {"只能提交自己的答卷。", "Nobody answers a quiz for somebody else."},
		"training.date_required":     {"请填写培训日期，且不早于今天。", "Give the day of the training, today or later."},
		"training.keys_required":     {"请为每道题填写正确答案。", "Give the right answers of all questions."},
		"training.audience_required": {"没有可邀请的人员。", "There is nobody to invite."},
		"training.due_invalid":       {"答卷截止日不能早于培训日期。", "The quiz is not due before the day of the training."},
		"training.too_early":         {"培训日期未到。", "The day of the training has not come."},
		"training.cancelled":         {"培训已取消。", "The training is cancelled."},
		"training.reason_required":   {"请填写原因。", "Give the reason."},
		"training.quiz_invalid":      {"题目({question})须有唯一编号、题干和 2 至 20 个选项，最多 100 题。", "The question {question} needs a key of its own, a text and 2 to 20 options; 100 questions at most."},
		"training.answers_invalid":   {"题目({question})的答案不在选项内。", "The answer to {question} is none of its options."},
		"training.no_quiz":           {"该培训没有测验。", "This training has no quiz."},
		"training.passed":            {"测验已通过，无需再次提交。", "The quiz is passed."},
		"training.tries_over":        {"测验次数已用完。", "There are no tries left."},
		"training.answers_closed":    {"通过测验或次数用完后才能查看答案。", "The answers are shown once the quiz is passed or there are no tries left."},
	},
	Notices: map[string]domain.Texts{
		"training.invited":   {"培训邀请：{title}（{day} {place}）", "You are invited to a training: {title} ({day} {place})"},
		"training.soon":      {"培训提醒：{title}（{day} {place}）", "A training is near: {title} ({day} {place})"},
		"training.quiz_due":  {"培训测验待提交：{title}（截止 {day}）", "A quiz waits for you: {title} (due {day})"},
		"training.cancelled": {"培训已取消：{title}（{reason}）", "A training is cancelled: {title} ({reason})"},

		"request.promise_overdue": {"产品承诺已逾期：{text}（{version}，{day}）", "A promised version is overdue: {text} ({version}, {day})"},
	},
	Settings: []domain.Setting{
		{Key: "training.pass_bp", Type: domain.SettingWhole, Min: 1, Max: 10_000, Default: 8000, Clause: "R5.5", Phones: true, Texts: domain.Texts{"培训测验默认及格线（万分之一）", "Score that passes a quiz where the training names none, in basis points"}},
		{Key: "training.tries", Type: domain.SettingWhole, Min: 1, Max: 20, Default: 3, Clause: "R5.5", Phones: true, Texts: domain.Texts{"培训测验最多可提交几次", "How often a quiz may be handed in"}},
		{Key: "training.quiz_days", Type: domain.SettingWhole, Min: 0, Max: 366, Default: 7, Clause: "R5.5", Texts: domain.Texts{"培训后多少天内提交测验", "Days after a training in which its quiz is handed in"}},
		{Key: "training.remind_days", Type: domain.SettingWhole, Min: 0, Max: 60, Default: 1, Clause: "R5.5", Texts: domain.Texts{"培训和测验截止前多少天提醒", "Days before a training, and before its quiz is due, on which people are reminded"}},
		{
			Key: "product_request.priority_fen", Type: domain.SettingData, Default: customers.PriorityFrom{High: 100_000_000, Normal: 10_000_000}, Clause: "R5.4", Check: checkPriority,
			Texts: domain.Texts{"提出同一产品需求的客户近 12 个月净销售额（分）达到多少为高、中优先级", "Net sales of twelve months, in fen, of the accounts that ask for a product from which the request is of high or normal priority"},
		},
		{
			Key: "product_request.priority_accounts", Type: domain.SettingData, Default: customers.PriorityFrom{High: 5, Normal: 2}, Clause: "R5.4", Check: checkPriority,
			Texts: domain.Texts{"提出同一产品需求的客户数达到多少为高、中优先级", "Accounts that ask for a product from which the request is of high or normal priority"},
		},
	},
}

// checkPriority judges the least figures of the two higher priorities.
func checkPriority(v any) string {
	if fault := wholes(v, 1, 1e15, "high", "normal"); fault != "" {
		return fault
	}
	from, _ := v.(map[string]any)
	high, _ := from["high"].(float64)
	normal, _ := from["normal"].(float64)
	if normal < 1 || high < normal {
		return "high and normal are needed, high not below normal"
	}
	return ""
}
