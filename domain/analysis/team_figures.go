package analysis

import "satchel/domain"

// teamFigures are what people do for each other and for customers beside selling, and
// what speaks against them.
var teamFigures = []Figure{
	{
		Key: "support_answered", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers, []Dimension{Sort}),
		Name: domain.Texts{ZH: "协作请求按时答复率", EN: "Support answered in time"},
		Formula: domain.Texts{
			ZH: "按时答复（含拒绝）的协作请求数 ÷ 已答复或已到期的协作请求数（撤回的不计）；按到期日，归答复人和受理部门，可按类型",
			EN: "Support requests answered in time, refusals among them, over those answered or due, without withdrawn ones, of who answered and of the department asked, by kind",
		},
	},
	{
		Key: "joint_visits", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, customers),
		Name: domain.Texts{ZH: "协访次数", EN: "Joint visits"},
		Formula: domain.Texts{
			ZH: "已签到的拜访中，作为同行人参加的次数和类型为协访的次数；按签到日，归同行人或协访人",
			EN: "Visits checked in that somebody joined as a companion, or made as a joint visit, of him, on the day of the check-in",
		},
	},
	{
		Key: "intel_accepted", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people, []Dimension{Account, Tier, Region, Sort}),
		Name:    domain.Texts{ZH: "被采纳情报数", EN: "Intelligence accepted"},
		Formula: domain.Texts{ZH: "上报的市场情报中评分 3 分及以上的条数；按评分日，可按类型", EN: "Intelligence reported upwards that was scored 3 or more, on the day of the score, by kind"},
	},
	{
		Key: "reply_on_time", Source: FromEvents, Unit: BP, Kind: Ratio, Dimensions: by(people, customers),
		Name: domain.Texts{ZH: "客户来信按时回复率", EN: "Customers answered in time"},
		Formula: domain.Texts{
			ZH: "按时回复的客户来信数 ÷ 已回复或已到期的客户来信数；按回复到期日，归当日客户持有人",
			EN: "Messages of customers answered in time over those answered or due, on the day they were due, of who held the account then",
		},
	},
	{
		Key: "audit_score", Source: FromEvents, Unit: BP, Kind: Mean, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "稽核得分", EN: "Audit score"},
		Formula: domain.Texts{ZH: "已完成的拜访稽核得分（百分制）的平均；按完成日，归被稽核人，本人不可见", EN: "Mean score, of a hundred, of audits of visits that are done, on that day, of whose visit it was, who does not see it"},
	},
	{
		Key: "false_expenses", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: by(people),
		Name:    domain.Texts{ZH: "虚假报销数", EN: "False expenses"},
		Formula: domain.Texts{ZH: "抽查认定为虚假发票、涂改或私人消费的报销单数；按首次认定日，归报销人", EN: "Claims with a confirmed finding of a false invoice, an altered one or private spending, on the day of the first, of whose claim it is"},
	},
	{
		Key: "letters_unsigned", Source: FromEvents, Unit: Count, Kind: Sum, Dimensions: ends(people),
		Name:    domain.Texts{ZH: "未签目标责任书数", EN: "Letters not signed"},
		Formula: domain.Texts{ZH: "期末已发出而未经双方签署的目标责任书份数，归责任人", EN: "Target letters sent and not signed by both at the end of the period, of whose targets they state"},
	},
}
