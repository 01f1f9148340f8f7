package catalog

import (
	"satchel/domain"
	"satchel/domain/customers"
)

// Settings of keeping accounts: coverage, care, communication, issues, reviews.
var careSettings = []domain.Setting{
	{Key: "visit.warn_day", Type: domain.SettingWhole, Min: 1, Max: 31, Default: 20, Clause: "R3.3a", Texts: domain.Texts{"拜访不足从当月几日起提醒", "Day of the month from which missing visits are warned about"}},
	{Key: "communication.reply_hours", Type: domain.SettingWhole, Min: 1, Max: 720, Default: 8, Clause: "R3.3b", Texts: domain.Texts{"客户来电来函后须在多少工作小时内回复", "Office hours within which a customer's message is answered"}},
	{Key: "care.lead_days", Type: domain.SettingWhole, Min: 0, Max: 60, Default: 7, Clause: "R3.3d", Texts: domain.Texts{"关怀日前多少天生成任务", "Days before a care date on which its task is made"}},
	{Key: "care.gift_fen", Type: domain.SettingWhole, Min: 0, Max: 100_000_000, Default: 20_000, Clause: "R3.3d", Texts: domain.Texts{"每人每次礼品上限(分)", "Most that a gift to a person may cost, in fen"}},
	{Key: "care.gift_year_fen", Type: domain.SettingWhole, Min: 0, Max: 1_000_000_000, Default: 100_000, Clause: "R3.3d", Texts: domain.Texts{"每客户每年礼品上限(分)", "Most that an account's gifts may cost in a year, in fen"}},
	{
		Key: "issue.round_the_clock", Type: domain.SettingList, Max: 3, OneOf: []string{"urgent", "major", "normal"}, Default: []string{"urgent"},
		Clause: "R3.3e", Texts: domain.Texts{"哪些级别的问题全天候计时(其余按工作时间)", "Levels whose clock runs day and night; the others count office hours"},
	},
	{Key: "issue.escalate_hours", Type: domain.SettingData, Default: []int{0, 8, 24}, Clause: "R3.3e", Check: checkRising, Texts: domain.Texts{"超时多少小时后逐级上报", "Hours overdue after which an issue goes up a rung"}},
	{Key: "issue.repeat_count", Type: domain.SettingWhole, Min: 2, Max: 100, Default: 3, Clause: "R3.3e", Texts: domain.Texts{"同类问题出现多少次须有预防措施", "How often an issue of a kind may come before it needs prevention"}},
	{Key: "issue.repeat_days", Type: domain.SettingWhole, Min: 1, Max: 1000, Default: 90, Clause: "R3.3e", Texts: domain.Texts{"统计重复问题的天数", "Days within which repeated issues are counted"}},
	{
		Key: "review.account_weights", Type: domain.SettingData, Default: customers.ReviewWeights{40, 25, 20, 15}, Clause: "R3.3f", Check: checkReviewWeights,
		Texts: domain.Texts{"合作评估中销售、满意度、潜力、服务的权重(%)", "Weights of sales, satisfaction, potential and service in a review, in per cent"},
	},
	{
		Key: "handover.checklist", Type: domain.SettingList, Max: 50, Clause: "R3.2",
		Default: []string{"客户档案与联系人", "未完订单与货款", "未结问题与承诺", "合同与价格条款", "引荐新负责人"},
		Texts:   domain.Texts{"客户移交清单", "What is gone through when accounts are handed over"},
	},
	{Key: "contract.renew_days", Type: domain.SettingWhole, Min: 0, Max: 366, Default: 60, Clause: "R3.2f", Texts: domain.Texts{"合同到期前多少天提醒续签", "Days before its end on which a contract's renewal is due"}},
}

// checkRising judges a list of whole hours, none before the one ahead of it.
func checkRising(v any) string {
	list, ok := v.([]any)
	if !ok || len(list) == 0 || len(list) > 3 {
		return "a list of one to three numbers is needed"
	}
	last := 0.0
	for _, member := range list {
		n, ok := member.(float64)
		if !ok || n != float64(int64(n)) || n < last || n > 8760 {
			return "the hours must rise"
		}
		last = n
	}
	return ""
}

func checkReviewWeights(v any) string {
	if fault := wholes(v, 0, 100, "sales", "csat", "potential", "service"); fault != "" {
		return fault
	}
	var sum float64
	for _, n := range v.(map[string]any) {
		sum += n.(float64)
	}
	if sum != 100 {
		return "the weights must make 100"
	}
	return ""
}
