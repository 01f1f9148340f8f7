package analysis

import (
	"slices"

	"satchel/domain"
)

// eventFigures are counted of records other than sales.
//
// A state is what stands at the end of a period, of each month of it if it is asked
// for by months; it is not broken down by days. What is planned and set by months
// counts on the first day of its month, and whole.
var eventFigures = []Figure{
	{
		Key: "new_accounts", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "新增客户数", EN: "New accounts"},
		Formula: domain.Texts{ZH: "首次签约的客户数；按签约日，归当日持有人", EN: "Accounts contracted for the first time, on that day, of who held them then"},
	},
	{
		Key: "account_count", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: ends(people, customers),
		Name:    domain.Texts{ZH: "客户数量", EN: "Number of accounts"},
		Formula: domain.Texts{ZH: "期末处于已签约阶段的客户数，归期末持有人", EN: "Accounts that are contracted at the end of the period, of who holds them then"},
	},
	{
		Key: "otif", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "按时按量交付率", EN: "On time in full"},
		Formula: domain.Texts{ZH: "按时且足量交付的订单数 ÷ 承诺日在期内且已交付或已过承诺日的订单数", EN: "Orders delivered on time and in full over those promised in the period that are delivered or overdue"},
	},
	{
		Key: "order_age", Source: FromEvents, Unit: MilliDays, Kind: Mean, Dimensions: ends(people, customers),
		Name:    domain.Texts{ZH: "订单账龄", EN: "Age of open orders"},
		Formula: domain.Texts{ZH: "期末未交付完的订单自提交起的平均天数", EN: "Mean days since submission of the orders that are not delivered at the end of the period"},
	},
	{
		Key: "coverage", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "拜访覆盖率", EN: "Visit coverage"},
		Formula: domain.Texts{ZH: "拜访次数达标的客户期数 ÷ 到期的客户期数（批准例外的不计）；按拜访周期末日", EN: "Accounts visited as often as their tier asks over accounts whose period ended; excepted ones do not count"},
	},
	{
		Key: "plan_completion", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "计划完成率", EN: "Plan completion"},
		Formula: domain.Texts{ZH: "已批准计划中完成的数量（单项不超过计划量）÷ 计划数量；取消的项不计", EN: "Quantity done, of each item at most what was planned, over quantity planned, of approved plans without dropped items"},
	},
	{
		Key: "late_records", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "逾期填报率", EN: "Late visit records"},
		Formula: domain.Texts{ZH: "逾期填报的拜访数 ÷ 已填报的拜访数；按签到日", EN: "Visits reported late over visits reported, on the day of the check-in"},
	},
	{
		Key: "visits_voided", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "作废拜访数", EN: "Visits voided"},
		Formula: domain.Texts{ZH: "认定虚假而作废的拜访数；按作废日", EN: "Visits voided as false, on the day that they were"},
	},
	{
		Key: "overdue_approvals", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people),
		Name:    domain.Texts{ZH: "逾期审批率", EN: "Overdue approvals"},
		Formula: domain.Texts{ZH: "到期未决或逾期作出的审批数 ÷ 应作出的审批数；按到期日，归审批人", EN: "Approvals decided after they were due or not at all over approvals due, of the approver"},
	},
	{
		Key: "training_score", Source: FromEvents, Unit: BP, Kind: Mean, Dimensions: by(people),
		Name:    domain.Texts{ZH: "培训得分", EN: "Training score"},
		Formula: domain.Texts{ZH: "培训测验得分的平均；按提交日", EN: "Mean score of the quizzes of trainings, on the day of submission"},
	},
	{
		Key: "major_complaints", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "确认责任的重大投诉数", EN: "Confirmed major complaints"},
		Formula: domain.Texts{ZH: "重大或紧急的投诉中已认定责任人的件数；按认定日，归责任人", EN: "Major and urgent complaints for which somebody was found responsible, on that day"},
	},
	{
		Key: "satisfaction", Source: FromEvents, Unit: BP, Kind: None, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "客户满意度", EN: "Satisfaction"},
		Formula: domain.Texts{ZH: "客户答卷得分的平均；有答卷之前为空，不是 0", EN: "Mean of customers' answers; none, and not 0, until there are any"},
	},
	{
		Key: "feedback", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, customers, []Dimension{Product, Category, Theme}),
		Name:    domain.Texts{ZH: "客户反馈数", EN: "Feedback"},
		Formula: domain.Texts{ZH: "拜访中登记的客户反馈条数，可按主题", EN: "Feedback taken down at visits, by theme"},
	},
	{
		Key: "competitor_price", Source: FromEvents, Unit: Fen, Kind: Mean, Dimensions: by(people, customers, []Dimension{Product, Category, Competitor}),
		Name:    domain.Texts{ZH: "竞品价格", EN: "Competitors' prices"},
		Formula: domain.Texts{ZH: "店检记录的竞品零售价的平均，可按竞争对手", EN: "Mean retail price of competitors' goods in store checks, by competitor"},
	},
	{
		Key: "shelf_share", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers, []Dimension{Product, Category}),
		Name:    domain.Texts{ZH: "排面占比", EN: "Share of shelf"},
		Formula: domain.Texts{ZH: "我方排面 ÷（我方排面 + 竞品排面），只计记有竞品排面的店检", EN: "Our facings over ours and competitors', of store checks that tell of the latter"},
	},
	{
		Key: "competitor_share", Source: FromEvents, Unit: BP, Kind: Mean, Dimensions: ends(people, customers, []Dimension{Competitor}),
		Name:    domain.Texts{ZH: "竞争对手份额", EN: "Competitors' share"},
		Formula: domain.Texts{ZH: "期末客户处竞争对手份额的平均，可按竞争对手", EN: "Mean share of competitors at accounts at the end of the period, by competitor"},
	},
	{
		Key: "intel", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, []Dimension{Account, Tier, Region, Sort}),
		Name:    domain.Texts{ZH: "市场情报数", EN: "Intelligence reports"},
		Formula: domain.Texts{ZH: "上报的市场情报条数，可按类型", EN: "Intelligence reported upwards, by kind"},
	},
	{
		Key: "competitor_intel", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, customers, []Dimension{Competitor}),
		Name:    domain.Texts{ZH: "竞争对手情报数", EN: "Intelligence of competitors"},
		Formula: domain.Texts{ZH: "上报的市场情报中指明竞争对手的条数，可按竞争对手", EN: "Intelligence reported upwards that names a competitor, by competitor"},
	},
	{
		Key: "lost", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, customers, []Dimension{Reason}),
		Name:    domain.Texts{ZH: "丢单数", EN: "Opportunities lost"},
		Formula: domain.Texts{ZH: "转为失败的销售机会数，可按原因；归当日客户持有人", EN: "Opportunities that were lost, by reason, of who held the account then"},
	},
	{
		Key: "conversion", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "机会转化率", EN: "Conversion"},
		Formula: domain.Texts{ZH: "成交的机会数 ÷ 成交与丢单的机会数", EN: "Opportunities won over opportunities won and lost"},
	},
	{
		Key: "months_hit", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people),
		Name:    domain.Texts{ZH: "月度目标达成率", EN: "Months on target"},
		Formula: domain.Texts{ZH: "销售额达到当月目标的月数 ÷ 已结束且有目标的月数", EN: "Months in which the sales amount reached its target over months that are over and have one"},
	},
	{
		Key: "expense_ratio", Source: FromEvents, Unit: BP, Kind: Ratio, Profit: true, Dimensions: by(people),
		Name:    domain.Texts{ZH: "费用率", EN: "Expense ratio"},
		Formula: domain.Texts{ZH: "预算中的支出（减冲销）÷ 同月销售额，只计部门有支出的月份，支出归预算节点的代表或经理；有支出之前为空，不是 0", EN: "What was spent of budgets, less what was reversed, of the rep or else the manager of the node, over the sales of the same months, of departments and months with spending; none, and not 0, until there is any"},
	},
	attainment("attain_amount", domain.Texts{ZH: "销售额完成率", EN: "Attainment of amount"}, domain.Texts{ZH: "销售额", EN: "Sales amount"}),
	attainment("attain_volume", domain.Texts{ZH: "销售量完成率", EN: "Attainment of volume"}, domain.Texts{ZH: "销售量", EN: "Sales volume"}),
	profitable(attainment("attain_profit", domain.Texts{ZH: "销售利润完成率", EN: "Attainment of profit"}, domain.Texts{ZH: "销售利润", EN: "Profit"})),
	attainment("attain_new_accounts", domain.Texts{ZH: "新客户完成率", EN: "Attainment of new accounts"}, domain.Texts{ZH: "新增客户数", EN: "New accounts"}),
}

// ends are the dimensions of a state: a day is no end of one.
func ends(parts ...[]Dimension) []Dimension {
	return append(slices.Concat(parts...), Month, Quarter, Year)
}

// attainment is what was reached of targets in force. Whose target it is follows
// from what is asked, see TargetLevel.
func attainment(key string, name, what domain.Texts) Figure {
	return Figure{
		Key: key, Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people), Name: name,
		Formula: domain.Texts{ZH: what.ZH + " ÷ 期内各月的目标", EN: what.EN + " over the targets of the period's months"},
	}
}

func profitable(f Figure) Figure {
	f.Profit, f.Own = true, true
	return f
}
