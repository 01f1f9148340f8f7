package appraisal

import (
	"slices"

	"github.com/shopspring/decimal"

	"satchel/domain"
)

func num(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func line(xy ...string) (out []Point) {
	for i := 0; i < len(xy); i += 2 {
		out = append(out, Point{num(xy[i]), num(xy[i+1])})
	}
	return out
}

// Library is the indicators that a company starts with (R6.1), without weights. Those
// after K3 have weight 0 in every default scheme, ready to be switched on.
func Library() []Item {
	attain := line("0.6", "0", "0.8", "60", "1", "100", "1.2", "120")
	share := line("0.6", "0", "0.9", "80", "1", "100")
	hundred := line("0", "0", "100", "100")
	computed := func(code, group, zh, en string, formula Formula, band []Point) Item {
		return Item{Code: code, Group: group, Name: domain.Texts{ZH: zh, EN: en}, Kind: IndicatorComputed, Formula: formula, Band: slices.Clone(band)}
	}
	rated := func(code, group, zh, en string, hints ...string) Item {
		return Item{Code: code, Group: group, Name: domain.Texts{ZH: zh, EN: en}, Kind: IndicatorRated, Hints: hints}
	}
	return []Item{
		computed("S1", GroupSales, "销售额完成率", "Attainment of sales amount", "ratio(metric.amount, metric.amount_target)", attain),
		computed("S2", GroupSales, "销售量完成率", "Attainment of sales volume", "ratio(metric.volume, metric.volume_target)", attain),
		computed("S3", GroupSales, "销售利润完成率", "Attainment of gross profit", "ratio(metric.profit, metric.profit_target)", attain),
		computed("S4", GroupSales, "月度目标达成", "Months on target", "ratio(metric.months_hit, metric.months)", line("0", "0", "1", "100")),
		computed("C1", GroupCustomer, "客户满意度", "Customers' satisfaction", "metric.csat", line("3", "0", "4", "80", "4.5", "100")),
		computed("C2", GroupCustomer, "客户忠诚度", "Customers' loyalty", "ratio(metric.repeat_accounts, metric.active_accounts)", line("0.7", "0", "0.9", "80", "1", "100")),
		computed("C3", GroupCustomer, "新客户开发数量", "New accounts", "ratio(metric.new_accounts, metric.new_accounts_target)", line("0", "0", "1", "100", "1.5", "120")),
		rated("T1", GroupTeam, "跨部门协作", "Collaboration with departments", "support_answered", "feedback"),
		rated("T2", GroupTeam, "对团队成员支持", "Support of the team", "joint_visits", "intel"),
		rated("K1", GroupCompetence, "市场分析能力", "Analysis of the market", "intel_accepted"),
		rated("K2", GroupCompetence, "销售技巧", "Selling", "conversion"),
		rated("K3", GroupCompetence, "客户沟通能力", "Communication with customers", "late_reports", "reply_on_time"),
		computed("X1", GroupSales, "回款率", "Collected ratio", "metric.collected_ratio", share),
		computed("X2", GroupCustomer, "拜访计划完成率", "Completion of visit plans", "metric.plan_completion", share),
		computed("X3", GroupCustomer, "拜访覆盖率", "Visit coverage", "metric.coverage", share),
		computed("X4", GroupCustomer, "订单按时按量交付率", "Orders on time in full", "metric.otif", share),
		computed("X5", GroupSales, "费用率", "Expense ratio", "1 - metric.expense_ratio", line("0.8", "0", "0.95", "100")),
		computed("X6", GroupCompetence, "培训得分", "Training score", "metric.training_score", hundred),
		computed("X7", GroupCompetence, "稽核得分", "Audit score", "metric.audit_score", hundred),
	}
}

// weights of the default schemes, in the order of the library.
var weights = map[string][]int64{
	"rep":          {30, 10, 15, 5, 8, 6, 6, 5, 5, 3, 4, 3},
	"ka_manager":   {25, 5, 20, 5, 8, 6, 6, 5, 8, 5, 3, 4},
	"dept_manager": {25, 5, 20, 5, 8, 6, 6, 8, 7, 5, 0, 5},
}

// Roles are those that are appraised.
var Roles = []string{"rep", "ka_manager", "dept_manager"}

// Default is the scheme that a company starts with for a role and a kind of cycle. A
// department manager is appraised by the year alone.
func Default(role, cycle string) Scheme {
	s := Scheme{
		Name: role + "-" + cycle, Version: 1, Cycle: cycle, Role: role,
		Raters: Raters{
			Self: num("10"), Superior: num("65"), Customer: num("25"),
			MissingSelf: MissingRedistribute, MissingCustomer: MissingRedistribute, MinResponses: 3, MinAccounts: 2,
		},
		Customer:      Questionnaire{Low: num("1"), High: num("5"), Tiers: []TierWeight{{"A", num("3")}, {"B", num("2")}, {"C", num("1")}}},
		Deductions:    deductions(role),
		Gates:         gates(),
		Composite:     "ratio(raters.self * self + raters.superior * superior + raters.customer * customer, raters.self + raters.superior + raters.customer) - deductions",
		Limits:        Limits{num("0"), num("120")},
		Grades:        []Grade{{"S", num("95")}, {"A", num("85")}, {"B", num("75")}, {"C", num("60")}, {"D", num("0")}},
		Bonus:         Bonus{Coefficients: []Coefficient{{"S", num("1.5")}, {"A", num("1.2")}, {"B", num("1")}, {"C", num("0.6")}, {"D", num("0")}}, HoldBP: 2000},
		Calibration:   Calibration{Points: num("5"), Guide: []Guide{{"S", 1000}, {"A", 3500}}},
		SelfInflation: num("15"),
		Comments:      Comments{num("60"), num("95")},
		MinDays:       30,
		Annual:        Annual{num("50"), num("50")},
		Managers:      ManagersShown,
		Rounding:      Rounding{2, "half_up"},
	}
	switch role {
	case "ka_manager":
		s.Raters.Superior, s.Raters.Customer = num("70"), num("20")
	case "dept_manager":
		s.Raters.Superior, s.Raters.Customer = num("75"), num("15")
	}
	library := Library()
	for i, w := range weights[role] {
		if w > 0 {
			library[i].Weight = decimal.NewFromInt(w)
			s.Items = append(s.Items, library[i])
		}
	}
	return s
}

func deductions(role string) []Deduction {
	out := []Deduction{
		{Code: "coverage", Name: domain.Texts{ZH: "拜访覆盖率不足", EN: "Visit coverage too low"}, When: "metric.coverage < 0.90", Points: "if(metric.coverage < 0.75, 4, 2)"},
		{Code: "late_reports", Name: domain.Texts{ZH: "拜访记录逾期过多", EN: "Too many late visit records"}, When: "metric.late_reports > 0.20", Points: "1"},
		{Code: "fraud", Name: domain.Texts{ZH: "虚假签到或虚假报销", EN: "False check-in or expense"}, When: "metric.confirmed_fraud > 0", Points: "10 * metric.confirmed_fraud"},
		{Code: "complaints", Name: domain.Texts{ZH: "确认责任的重大投诉", EN: "Major complaints, responsibility confirmed"}, When: "metric.major_complaints > 0", Points: "3 * metric.major_complaints", Most: num("9")},
	}
	if role != "rep" {
		out = append(out, Deduction{Code: "approvals", Name: domain.Texts{ZH: "审批逾期过多", EN: "Too many overdue approvals"}, When: "metric.overdue_approvals > 0.10", Points: "2"})
	}
	return out
}

func gates() []Gate {
	return []Gate{
		{Code: "fraud", Name: domain.Texts{ZH: "虚假签到或虚假报销", EN: "False check-in or expense"}, When: "metric.confirmed_fraud > 0", MaxGrade: "C"},
		{Code: "letter", Name: domain.Texts{ZH: "目标责任书未签", EN: "Target letter not signed"}, When: "metric.letter_unsigned > 0", HoldBonus: true},
	}
}
