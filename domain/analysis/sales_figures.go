package analysis

import "satchel/domain"

// salesFigures are counted of what was delivered, came back and was paid.
var salesFigures = []Figure{
	{
		Key: "amount", Unit: Fen, Kind: Sum, Source: FromSales, Dimensions: by(people, customers, goods),
		Name:    domain.Texts{ZH: "销售额", EN: "Sales amount"},
		Formula: domain.Texts{ZH: "交付金额 − 退货金额，含税；按交付日、退货日", EN: "Amount delivered less amount returned, with tax, on the days of delivery and return"},
	},
}
