package demo

import (
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/pricing"
	"satchel/domain/sales"
)

// promotion is one of the company's, with what orders hold of it.
type promotion struct {
	pricing.Promotion
	name  string
	spare int64 // units that its cap has left by today; none without a cap
}

// promotedGoods are those that promotions name; a company of fewer has none.
const promotedGoods = 265

// promote makes promotions of each kind: some that are over or yet to come, and one
// that runs out.
func (b *builder) promote() error {
	if len(b.products) < promotedGoods {
		return nil
	}
	id := func(n int) string { return b.products[n].id }
	some := func(from, to int) (ids []string) {
		for _, p := range b.products[from:to] {
			ids = append(ids, p.id)
		}
		return ids
	}
	spring := [2]int{-60, 45} // days from today
	for i, p := range []struct {
		code, name string
		days       [2]int
		tiers      []string
		group      string
		alone      bool
		spare      int64
		rule       pricing.Rule
	}{
		{"CC-95", "春季九五折", spring, nil, "折扣", false, 0, pricing.Rule{Kind: pricing.KindPercent, Products: some(1, 60), MinMilli: 10_000, BP: 500}},
		{"CC-90A", "A类客户九折", spring, []string{"A"}, "折扣", false, 0, pricing.Rule{Kind: pricing.KindPercent, Products: some(40, 90), MinMilli: 20_000, BP: 1000}},
		{"LJ-30", "单品满20箱立减30元", spring, nil, "", false, 0, pricing.Rule{Kind: pricing.KindLineOff, Products: some(90, 140), MinMilli: 20_000, OffFen: 3000}},
		{"MJ-100", "每满5000元减100元", spring, nil, "", false, 0, pricing.Rule{Kind: pricing.KindOrderOff, MinFen: 500_000, OffFen: 10_000, Repeat: true, MaxTimes: 5}},
		{"ZP-10", "买十赠一", spring, nil, "", false, 6000, pricing.Rule{Kind: pricing.KindBuyGet, Products: some(140, 200), BuyMilli: 10_000, GetMilli: 1000, Repeat: true}},
		{"ZP-HH", "满30箱赠新品", spring, nil, "", false, 80_000, pricing.Rule{Kind: pricing.KindBuyGet, Mix: true, BuyMilli: 30_000, GetMilli: 1000, GetProduct: id(12)}},
		{"JT-3", "阶梯折扣", spring, nil, "", true, 0, pricing.Rule{Kind: pricing.KindTiers, Products: some(200, 260), By: pricing.ByQty, Steps: []pricing.TierStep{{From: 10_000, BP: 200}, {From: 20_000, BP: 300}, {From: 50_000, BP: 500}}}},
		{"TZ-1", "组合装特价", spring, nil, "", true, 0, pricing.Rule{Kind: pricing.KindBundle, Goods: []pricing.Good{{Product: id(262), Milli: 2000}, {Product: id(264), Milli: 2000}}, PriceFen: (b.products[262].priceFen + b.products[264].priceFen) * 19 / 10}},
		{"NH-95", "年货节九五折", [2]int{-120, -61}, nil, "", false, 0, pricing.Rule{Kind: pricing.KindPercent, BP: 500}},
		{"XJ-95", "夏季九五折", [2]int{46, 120}, nil, "折扣", false, 0, pricing.Rule{Kind: pricing.KindPercent, Products: some(1, 60), BP: 500}},
	} {
		b.promotions = append(b.promotions, promotion{name: p.name, spare: p.spare, Promotion: pricing.Promotion{
			ID: b.id("promotions", i), Code: p.code, From: b.on(p.days[0]), To: b.on(p.days[1]), Tiers: p.tiers, Priority: int64(10 - i),
			ExclusiveGroup: p.group, Stackable: !p.alone, Rule: p.rule,
		}})
	}
	return nil
}

// on is the day so many days from today.
func (b *builder) on(n int) string { return b.today.AddDate(0, 0, n).Format(dayFormat) }

// offered adds the promotions to what an order is priced by, with their gifts.
func (b *builder) offered(in *pricing.Input) {
	known := map[string]bool{}
	for _, p := range in.Products {
		known[p.ID] = true
	}
	for _, p := range b.promotions {
		in.Promotions = append(in.Promotions, p.Promotion)
		for _, gift := range b.products {
			if gift.id == p.Rule.GetProduct && !known[gift.id] {
				known[gift.id] = true
				in.Products = append(in.Products, pricing.Product{ID: gift.id, Unit: "箱", TaxBP: gift.taxBP, Sellable: !gift.stopped})
			}
		}
	}
}

// uses writes what an order holds of promotions, or held until it ended.
func (b *builder) uses(o *ordered) error {
	state := "held"
	if o.row["state"] == sales.OrderCancelled || o.row["state"] == sales.OrderRejected {
		state = "returned"
	}
	for _, u := range o.used {
		for i := range b.promotions {
			if p := &b.promotions[i]; p.ID == u.Promotion && state == "held" {
				p.UsedFen, p.UsedMilli = p.UsedFen+u.AmountFen, p.UsedMilli+u.QtyMilli
			}
		}
		err := b.w.insert("promotion_uses", dbx.Params{
			"id": b.id("promotion_uses "+o.id+u.Promotion, 0), "promotion": u.Promotion, "order": o.id, "account": o.account.id, "owner": o.who.id, "dept": o.who.deptID,
			"amount_fen": u.AmountFen, "qty_milli": u.QtyMilli, "state": state, "created": stamp(o.at), "updated": stamp(o.at),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// promotionRows writes the promotions with what is held of them by today.
func (b *builder) promotionRows() error {
	for _, p := range b.promotions {
		tiers := p.Tiers
		if tiers == nil {
			tiers = []string{}
		}
		var limit, usedFen, usedMilli int64 // counted where there is a cap
		if p.spare > 0 {
			limit, usedFen, usedMilli = p.UsedMilli+p.spare, p.UsedFen, p.UsedMilli
		}
		made, err := time.ParseInLocation(dayFormat, p.From, shanghai)
		if err != nil {
			return err
		}
		at := stamp(made.AddDate(0, 0, -7))
		err = b.w.insert("promotions", dbx.Params{
			"id": p.ID, "code": p.Code, "name": p.name, "valid_from": p.From, "valid_to": p.To, "active": true, "priority": p.Priority,
			"exclusive_group": p.ExclusiveGroup, "stackable": p.Stackable, "accounts": "[]", "tiers": toJSON(tiers), "rule": toJSON(p.Rule),
			"cap_milli": limit, "used_fen": usedFen, "used_milli": usedMilli, "created": at, "updated": at,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
