package catalog

import (
	"fmt"
	"maps"
	"slices"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/incentive"
	"satchel/domain/people"
	"satchel/domain/sales"
)

// Settings for what the policy leaves open, in the order of its words.
var policySettings = []domain.Setting{
	{
		Key: "account.important_tiers", Type: domain.SettingList, Min: 1, Max: 3, OneOf: []string{"A", "B", "C"}, Default: []string{"A", "B"},
		Clause: "R3.3a", Texts: domain.Texts{"“重要KA客户”指哪些等级", "Tiers that count as important accounts"},
	},
	{
		Key: "visit.frequency", Type: domain.SettingData, Clause: "R3.3a", Check: checkFrequency,
		Default: map[string]VisitFrequency{"A": {2, 1}, "B": {1, 1}, "C": {1, 3}},
		Texts:   domain.Texts{"各等级在若干月内的最少有效拜访次数", "Fewest valid visits of a tier in so many months"},
	},
	{Key: "visit.record_hours", Type: domain.SettingWhole, Min: 1, Max: 720, Default: 24, Clause: "R4.8", Texts: domain.Texts{"签退后多少小时内须填写拜访记录", "Hours after check-out within which a visit is reported"}},
	{
		Key: "issue.levels", Type: domain.SettingData, Clause: "R3.3e", Check: checkLevels,
		Default: map[string]customers.CaseClock{"urgent": {2, 24, 0}, "major": {12, 0, 5}, "normal": {24, 0, 3}},
		Texts:   domain.Texts{"各级问题的首次响应与解决时限", "Hours to a first response and time to a solution, by level"},
	},
	{Key: "expense.warn_days", Type: domain.SettingWhole, Min: 1, Max: 3650, Default: 30, Clause: "R7.3", Texts: domain.Texts{"费用发生后多少天起提醒", "Days after an expense from which a claim is warned about"}},
	{Key: "expense.block_days", Type: domain.SettingWhole, Min: 1, Max: 3650, Default: 90, Clause: "R7.3", Texts: domain.Texts{"费用发生后多少天起不予受理", "Days after an expense from which a claim is refused"}},
	{
		Key: "review.periods", Type: domain.SettingData, Clause: "R2.5", Check: checkPeriods,
		Default: map[string]string{"business": "month", "account_A": "half", "account_B": "year", "service": "quarter"},
		Texts:   domain.Texts{"“定期”分析与评估的周期", "How often what is analysed and evaluated"},
	},
	{Key: "org.span_min", Type: domain.SettingWhole, Min: 0, Max: 1000, Default: 3, Clause: "R2.1", Texts: domain.Texts{"每位KA业务经理至少管理的代表人数(提醒)", "Fewest reps of a KA manager, below which a warning is shown"}},
	{Key: "org.span_max", Type: domain.SettingWhole, Min: 1, Max: 1000, Default: 10, Clause: "R2.1", Texts: domain.Texts{"每位KA业务经理最多管理的代表人数(提醒)", "Most reps of a KA manager, above which a warning is shown"}},
	{
		Key: "contract.reviewers", Type: domain.SettingData, Clause: "R3.2f", Check: checkReviewers,
		Default: map[string][]string{"standard": {"finance", "legal"}, "custom": {"finance", "legal", "product"}},
		Texts:   domain.Texts{"各类合同须由哪些部门审核", "Departments that review a contract, by its type"},
	},
	{Key: "opportunity.major_fen", Type: domain.SettingWhole, Min: 0, Max: 1 << 52, Default: 100_000_000, Clause: "R2.6", Texts: domain.Texts{"“重大合作项目”的年金额(分)", "Yearly amount of a major deal, in fen"}},
	{
		Key: "opportunity.follow_up_days", Type: domain.SettingData, Clause: "R4.10", Check: checkFollowUp, Default: map[string]int{"A": 7, "B": 14, "C": 30, "D": 60},
		Texts: domain.Texts{"各等级商机最迟多少天内须跟进", "Days within which an opportunity of a grade is followed up"},
	},
	{Key: "opportunity.overdue_manager_days", Type: domain.SettingWhole, Min: 0, Max: 365, Default: 3, Clause: "R4.10", Texts: domain.Texts{"跟进逾期多少天后提醒上级", "Days after which a superior is told of an overdue follow-up"}},
	{Key: "opportunity.confirm_fen", Type: domain.SettingWhole, Min: 0, Max: 1 << 52, Default: 50_000_000, Clause: "R4.10", Texts: domain.Texts{"达到此金额(分)的赢单须上级确认", "Amount, in fen, from which a win is confirmed by the superior"}},
	{
		Key: "appraisal.promotion", Type: domain.SettingData, Clause: "R6.9",
		Default: incentive.PromotionRule{Grade: "A", Quarters: 4, QuartersOf: 4, Years: 2, YearsOf: 2, Clean: 12, InGrade: 12},
		Texts:   domain.Texts{"“连续多个考核周期”的含义", "How many good cycles make a candidate for promotion"},
	},
	{
		Key: "commission.gate", Type: domain.SettingData, Clause: "R6.8", Default: incentive.Gate{AttainmentBP: 10_000, Grade: "B"},
		Texts: domain.Texts{"“完成目标且业绩突出”的门槛", "Attainment and grade from which commission is paid"},
	},
	{Key: "order.max_discount_bp", Type: domain.SettingWhole, Min: 0, Max: 10_000, Default: 1000, Clause: "R4.11", Texts: domain.Texts{"订单行折扣上限(万分之一)", "Highest discount of an order line, in basis points"}},
	{Key: "order.rep_discount_bp", Type: domain.SettingWhole, Min: 0, Max: 10_000, Default: 500, Clause: "R4.11", Phones: true, Texts: domain.Texts{"代表可自行给予的折扣上限(万分之一),超过须经理审批", "Discount above which the manager is asked, in basis points"}},
	{Key: "order.min_total_fen", Type: domain.SettingWhole, Min: 0, Max: 1 << 52, Default: 0, Clause: "R4.11", Phones: true, Texts: domain.Texts{"订单最低金额(分)", "Least total of an order, in fen"}},
	{Key: "order.price_days_back", Type: domain.SettingWhole, Min: 0, Max: 60, Default: 7, Clause: "R4.11", Phones: true, Texts: domain.Texts{"订单价格日最多早于到达日的天数", "Days before its arrival on which an order may be priced"}},
	{Key: "order.tax_per_order", Type: domain.SettingFlag, Default: false, Clause: "R4.11", Phones: true, Texts: domain.Texts{"税额按整单(每税率)而非按行取整", "Whether tax is rounded per order and rate, not per line"}},
	{Key: "order.credit_required", Type: domain.SettingFlag, Default: false, Clause: "R4.11", Phones: true, Texts: domain.Texts{"未设信用额度的客户是否视为额度为零", "Whether an account without a limit has none to order on"}},
	{
		Key: "order.step_hours", Type: domain.SettingData, Clause: "R4.12", Check: checkOrderHours,
		Default: map[string]int{"submitted": 8, "credit_review": 8, "approved": 8, "confirmed": 16, "processing": 40, "partly_delivered": 40, "delivered": 40, "accepted": 0},
		Texts:   domain.Texts{"订单各状态的处理时限(工作小时),0 为不限", "Working hours that an order may stay in a state; 0 for any"},
	},
}

// VisitFrequency is the fewest valid visits within so many months.
type VisitFrequency struct {
	Visits int `json:"visits"`
	Months int `json:"months"`
}

// each judges the members of an object.
func each(v any, judge func(name string, member any) string) string {
	object, ok := v.(map[string]any)
	if !ok || len(object) == 0 {
		return "an object is needed"
	}
	for name, member := range object {
		if fault := judge(name, member); fault != "" {
			return name + ": " + fault
		}
	}
	return ""
}

// wholes judges an object of whole numbers, whose names are these.
func wholes(v any, least, most float64, names ...string) string {
	known := map[string]bool{}
	for _, n := range names {
		known[n] = true
	}
	return each(v, func(name string, member any) string {
		n, ok := member.(float64)
		if !ok || n != float64(int64(n)) || n < least || n > most {
			return fmt.Sprintf("a whole number from %.0f to %.0f is needed", least, most)
		}
		if !known[name] {
			return "there is no such member"
		}
		return ""
	})
}

func checkFrequency(v any) string {
	return each(v, func(tier string, member any) string {
		if tier != "A" && tier != "B" && tier != "C" {
			return "there is no such tier"
		}
		return wholes(member, 1, 366, "visits", "months")
	})
}

func checkLevels(v any) string {
	return each(v, func(_ string, member any) string {
		return wholes(member, 0, 8760, "respond_hours", "solve_hours", "solve_days")
	})
}

func checkFollowUp(v any) string {
	if object, ok := v.(map[string]any); ok && len(object) != len(customers.OppGrades) {
		return "every grade is needed"
	}
	return wholes(v, 1, 366, customers.OppGrades...)
}

func checkPeriods(v any) string {
	return each(v, func(_ string, member any) string {
		switch member {
		case "month", "quarter", "half", "year":
			return ""
		}
		return "month, quarter, half or year is needed"
	})
}

func checkOrderHours(v any) string {
	return wholes(v, 0, 2000, slices.Collect(maps.Keys(sales.OrderWaitsFor))...)
}

func checkReviewers(v any) string {
	return each(v, func(_ string, member any) string {
		list, ok := member.([]any)
		if !ok || len(list) == 0 {
			return "a list of kinds of departments is needed"
		}
		for _, kind := range list {
			if name, _ := kind.(string); !slices.Contains(people.DepartmentKinds, name) {
				return fmt.Sprintf("there is no kind of department %v", kind)
			}
		}
		return ""
	})
}
