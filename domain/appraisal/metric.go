package appraisal

import (
	"slices"

	"satchel/domain"
)

// Metric is something that is counted of a person in a cycle. Shares are numbers such as
// 0.9, money is yuan, quantities are base units: never basis points, fen or thousandths.
type Metric struct {
	Key    string
	Name   domain.Texts
	Join   string // how parts of a cycle, such as before and after a transfer, become one
	Target bool   // of a whole cycle: a share by days is his who was there for a part
	Figure string // of the analysis, of which it is counted; empty if it is none
}

// How parts are joined.
const (
	JoinSum  = "sum"  // what was done adds up
	JoinDays = "days" // what is a share or a mean is weighed by days
	JoinLast = "last" // what stands at the end is the last part's
)

// Metrics are all that formulas may name, as metric.KEY, in the order of lists.
var Metrics = []Metric{
	{"amount", domain.Texts{ZH: "销售额（元）", EN: "Sales amount (yuan)"}, JoinSum, false, "amount"},
	{"amount_target", domain.Texts{ZH: "销售额目标（元）", EN: "Target of sales amount (yuan)"}, JoinSum, true, "attain_amount"},
	{"volume", domain.Texts{ZH: "销售量", EN: "Sales volume"}, JoinSum, false, "volume"},
	{"volume_target", domain.Texts{ZH: "销售量目标", EN: "Target of sales volume"}, JoinSum, true, "attain_volume"},
	{"profit", domain.Texts{ZH: "销售利润（元）", EN: "Gross profit (yuan)"}, JoinSum, false, "profit"},
	{"profit_target", domain.Texts{ZH: "销售利润目标（元）", EN: "Target of gross profit (yuan)"}, JoinSum, true, "attain_profit"},
	{"months_hit", domain.Texts{ZH: "达标月数", EN: "Months on target"}, JoinSum, false, "months_hit"},
	{"months", domain.Texts{ZH: "有目标的月数", EN: "Months with a target"}, JoinSum, false, "months_hit"},
	{"csat", domain.Texts{ZH: "客户满意度（1–5）", EN: "Customers' satisfaction (1 to 5)"}, JoinDays, false, "satisfaction"},
	{"repeat_accounts", domain.Texts{ZH: "复购客户数", EN: "Accounts that bought again"}, JoinSum, false, "retention"},
	{"active_accounts", domain.Texts{ZH: "活跃客户数", EN: "Active accounts"}, JoinSum, false, "retention"},
	{"new_accounts", domain.Texts{ZH: "新签KA客户数", EN: "New accounts contracted"}, JoinSum, false, "new_accounts"},
	{"new_accounts_target", domain.Texts{ZH: "新客户开发计划数", EN: "Planned new accounts"}, JoinSum, true, "attain_new_accounts"},
	{"coverage", domain.Texts{ZH: "拜访覆盖率", EN: "Visit coverage"}, JoinDays, false, "coverage"},
	{"late_reports", domain.Texts{ZH: "拜访记录逾期率", EN: "Share of late visit records"}, JoinDays, false, "late_records"},
	{"confirmed_fraud", domain.Texts{ZH: "确认的虚假签到与虚假报销数", EN: "Confirmed false check-ins and expenses"}, JoinSum, false, "visits_voided"},
	{"major_complaints", domain.Texts{ZH: "确认责任的重大投诉数", EN: "Major complaints, responsibility confirmed"}, JoinSum, false, "major_complaints"},
	{"overdue_approvals", domain.Texts{ZH: "逾期审批率", EN: "Share of overdue approvals"}, JoinDays, false, "overdue_approvals"},
	{"letter_unsigned", domain.Texts{ZH: "截止日未签目标责任书数", EN: "Target letters not signed at cut-off"}, JoinLast, false, "letters_unsigned"},
	{"penalty_points", domain.Texts{ZH: "费用抽查扣分", EN: "Points deducted by expense audits"}, JoinSum, false, "deductions"},
	{"collected_ratio", domain.Texts{ZH: "回款率", EN: "Collected ratio"}, JoinDays, false, "collected_ratio"},
	{"plan_completion", domain.Texts{ZH: "拜访计划完成率", EN: "Completion of visit plans"}, JoinDays, false, "plan_completion"},
	{"otif", domain.Texts{ZH: "订单按时按量交付率", EN: "Orders on time in full"}, JoinDays, false, "otif"},
	{"expense_ratio", domain.Texts{ZH: "费用率", EN: "Expense ratio"}, JoinDays, false, "expense_ratio"},
	{"training_score", domain.Texts{ZH: "培训得分（百分制）", EN: "Training score (of a hundred)"}, JoinDays, false, "training_score"},
	{"audit_score", domain.Texts{ZH: "稽核得分（百分制）", EN: "Audit score (of a hundred)"}, JoinDays, false, "audit_score"},
	{"support_answered", domain.Texts{ZH: "协作请求按时答复率", EN: "Support requests answered in time"}, JoinDays, false, "support_answered"},
	{"feedback", domain.Texts{ZH: "转交的客户反馈数", EN: "Feedback passed on"}, JoinSum, false, "feedback"},
	{"joint_visits", domain.Texts{ZH: "协访次数", EN: "Joint visits"}, JoinSum, false, "joint_visits"},
	{"intel", domain.Texts{ZH: "分享的市场情报数", EN: "Market intelligence shared"}, JoinSum, false, "intel"},
	{"intel_accepted", domain.Texts{ZH: "被采纳的市场情报数", EN: "Market intelligence accepted"}, JoinSum, false, "intel_accepted"},
	{"conversion", domain.Texts{ZH: "商机转化率", EN: "Conversion of opportunities"}, JoinDays, false, "conversion"},
	{"reply_on_time", domain.Texts{ZH: "客户来信按时回复率", EN: "Customers answered in time"}, JoinDays, false, "reply_on_time"},
}

// FindMetric finds a metric by its key.
func FindMetric(key string) (Metric, bool) {
	i := slices.IndexFunc(Metrics, func(m Metric) bool { return m.Key == key })
	if i < 0 {
		return Metric{}, false
	}
	return Metrics[i], true
}
