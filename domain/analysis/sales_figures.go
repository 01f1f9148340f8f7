package analysis

import (
	"slices"

	"satchel/domain"
)

// salesFigures are counted of what was delivered, came back and was paid. What has no
// goods, such as a rebate, is of no product.
var salesFigures = []Figure{
	{
		Key: "amount", Unit: Fen, Kind: Sum, Source: FromSales, Dimensions: by(people, customers, goods),
		Name:    domain.Texts{ZH: "销售额", EN: "Sales amount"},
		Formula: domain.Texts{ZH: "已交付金额 − 已退货金额，含税；按签收日、退货入库日", EN: "Amount delivered less amount returned, with tax, on the days of delivery and return"},
	},
	{
		Key: "delivered", Unit: Fen, Kind: Sum, Source: FromSales, Dimensions: by(people, customers, goods),
		Name:    domain.Texts{ZH: "交付金额", EN: "Delivered"},
		Formula: domain.Texts{ZH: "客户签收的金额，含税；按签收日", EN: "Amount that customers took, with tax, on the day of delivery"},
	},
	{
		Key: "returned", Unit: Fen, Kind: Sum, Source: FromSales, Dimensions: by(people, customers, goods),
		Name:    domain.Texts{ZH: "退货金额", EN: "Returned"},
		Formula: domain.Texts{ZH: "已退回货物的金额，含税，记为正数；按退货入库日", EN: "Amount of goods that came back, with tax, as a positive number, on the day of return"},
	},
	{
		Key: "volume", Unit: Milli, Kind: Sum, Source: FromSales, Dimensions: by(people, customers, goods),
		Name:    domain.Texts{ZH: "销售量", EN: "Sales volume"},
		Formula: domain.Texts{ZH: "已交付数量 − 已退货数量，按产品基本单位的千分之一计", EN: "Quantity delivered less quantity returned, in thousandths of a product's base unit"},
	},
	{
		Key: "profit", Unit: Fen, Kind: Sum, Source: FromSales, Dimensions: by(people, customers, goods), Profit: true,
		Name:    domain.Texts{ZH: "销售利润", EN: "Gross profit"},
		Formula: domain.Texts{ZH: "销售额 − 税额 − 成本（按签收日有效的成本；退货按原交付成本）− 返利；成本未知的明细计入 uncosted", EN: "Sales amount less tax, cost (as in force on the day of delivery; of returns, that of what was delivered) and rebates; lines of unknown cost are counted as uncosted"},
	},
	{
		Key: "margin", Unit: BP, Kind: Ratio, Source: FromSales, Dimensions: by(people, customers, goods), Profit: true,
		Name:    domain.Texts{ZH: "销售利润率", EN: "Margin"},
		Formula: domain.Texts{ZH: "销售利润 ÷（销售额 − 税额）", EN: "Gross profit over sales amount without tax"},
	},
	{
		Key: "rebates", Unit: Fen, Kind: Sum, Source: FromSales, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "返利", EN: "Rebates"},
		Formula: domain.Texts{ZH: "返利条款在期内的计提变动；按变动日，不出返利周期", EN: "Change of what rebate terms come to, on the day of the change, within the rebate's period"},
	},
	{
		Key: "accounts", Unit: Count, Kind: Distinct, Source: FromSales, Dimensions: by(people, customers, goods),
		Name:    domain.Texts{ZH: "成交客户数", EN: "Accounts delivered to"},
		Formula: domain.Texts{ZH: "期内有交付的不同客户数", EN: "Different accounts to which something was delivered"},
	},
	{
		Key: "retention", Unit: BP, Kind: Ratio, Source: FromSales, Dimensions: slices.Concat(people, customers, goods),
		Name:    domain.Texts{ZH: "客户留存率", EN: "Retention"},
		Formula: domain.Texts{ZH: "上一期有交付的客户中，本期再次交付的占比；两期按相同的维度和筛选", EN: "Of the accounts delivered to in the period before, the share delivered to again in this one, both broken down and filtered alike"},
	},
	{
		Key: "collected", Unit: Fen, Kind: Sum, Source: FromSales, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "回款", EN: "Collected"},
		Formula: domain.Texts{ZH: "财务确认的回款 − 冲销；按入账日，归客户当时的负责人", EN: "Receipts that finance confirmed less those reversed, on the day of booking, to who held the account then"},
	},
	{
		Key: "collected_ratio", Unit: BP, Kind: Ratio, Source: FromSales, Dimensions: by(people, customers),
		Name:    domain.Texts{ZH: "回款率", EN: "Collected ratio"},
		Formula: domain.Texts{ZH: "回款 ÷ 销售额", EN: "Collected over sales amount"},
	},
}
