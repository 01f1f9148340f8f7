package analysis

import "satchel/domain"

// costFigures are of what claims were paid, in which parts their lines bear it, and of
// what somebody saved. Sort is the code of the expense's category. Nobody sees of others'
// claims more than his own line and who sees all; who has the account now does not.
var costFigures = []Figure{
	{
		Key: "expenses", Source: FromEvents, Unit: Fen, Kind: Sum, Dimensions: by(people, customers, []Dimension{Sort}),
		Name:    domain.Texts{ZH: "报销费用", EN: "Expenses"},
		Formula: domain.Texts{ZH: "已付款报销单的核定金额，按明细及其分摊归客户；按付款日，可按费用类型", EN: "What claims that were paid were approved with, of the accounts of their lines and shares, on the day of payment, by category of expense"},
	},
	{
		Key: "expense_cuts", Source: FromEvents, Unit: Fen, Kind: Sum, Dimensions: by(people, customers, []Dimension{Sort}),
		Name:    domain.Texts{ZH: "核减金额", EN: "Amount cut"},
		Formula: domain.Texts{ZH: "已付款报销单中财务核减的金额；按付款日，可按费用类型", EN: "What finance cut of claims that were paid, on the day of payment, by category of expense"},
	},
	{
		Key: "claim_days", Source: FromEvents, Unit: MilliDays, Kind: Mean, Dimensions: by(people),
		Name:    domain.Texts{ZH: "报销周期", EN: "Days to reimburse"},
		Formula: domain.Texts{ZH: "报销单自最近一次提交至付款的平均天数；按付款日", EN: "Mean days from the last submission of a claim to its payment, on the day of payment"},
	},
	{
		Key: "late_claims", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers, []Dimension{Sort}),
		Name:    domain.Texts{ZH: "逾期报销率", EN: "Late claims"},
		Formula: domain.Texts{ZH: "提交时判定为逾期的报销明细数 ÷ 在审、已核准和已付款的报销明细数；按提交日，可按费用类型", EN: "Lines judged late when they were handed in over all of claims that are submitted, approved or paid, on the day of submission, by category of expense"},
	},
	{
		Key: "expense_per_visit", Source: FromEvents, Unit: Fen, Kind: Mean, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "单次有效拜访费用", EN: "Expense per valid visit"},
		Formula: domain.Texts{ZH: "报销费用 ÷ 有效拜访数；按付款日和签到日", EN: "Expenses over valid visits, on the days of payment and of check-in"},
	},
	{
		Key: "expense_per_100", Source: FromEvents, Unit: Fen, Kind: Ratio, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "百元销售费用", EN: "Expense per 100 yuan of sales"},
		Formula: domain.Texts{ZH: "报销费用 ÷ 销售额 × 100 元；按付款月和销售月", EN: "Expenses over sales amount, times 100 yuan, by the months of payment and of sale"},
	},
	{
		Key: "savings", Source: FromEvents, Unit: Fen, Kind: Sum, Dimensions: by(people, customers, []Dimension{Sort}),
		Name:    domain.Texts{ZH: "费用节约", EN: "Savings"},
		Formula: domain.Texts{ZH: "财务确认的节约金额；按节约月份，可按费用类型", EN: "What was saved, as finance confirmed, of the month in which it was, by category of expense"},
	},
	{
		Key: "deductions", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people),
		Name:    domain.Texts{ZH: "考核扣分", EN: "Points deducted"},
		Formula: domain.Texts{ZH: "费用抽查处罚的考核扣分（免除的不计）；按处罚月份，归被处罚人", EN: "Points that findings about claims deduct of the appraisal, without waived ones, of the month of the penalty, of who bears it"},
	},
}
