package pricing

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// pick is one of some values.
func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

var (
	goods    = []string{"cola", "tea", "milk", "rice", "chips"}
	accounts = []string{"hua", "yong", "metro"}
)

// someInput is a company of five products with falling steps, up to ten
// promotions of all kinds and a basket of up to eight lines.
func someInput(r *rand.Rand) Input {
	in := Input{TaxPerOrder: r.IntN(2) == 0}
	for _, id := range goods {
		in.Products = append(in.Products, Product{
			ID: id, Unit: "each", TaxBP: pick[int64](r, 0, 600, 900, 1300), Sellable: r.IntN(30) > 0,
			StepMilli: pick[int64](r, 0, 0, 0, 500), MinQtyMilli: pick[int64](r, 0, 0, 0, 2000),
		})
		in.Units = append(in.Units, Unit{Product: id, Unit: "case", FactorMilli: pick[int64](r, 500, 6000, 24000)})
	}
	for i, scope := range []string{ScopeDefault, ScopeTier, ScopeAccount, ScopeContract, ScopeContract} {
		in.Lists = append(in.Lists, someList(r, fmt.Sprint("L", i), scope))
	}
	for i := range r.IntN(10) {
		in.Promotions = append(in.Promotions, somePromotion(r, fmt.Sprint("P", i)))
	}
	in.Basket = Basket{
		ID: "o", Account: pick(r, accounts...), Tier: pick(r, "A", "B", ""), Day: fmt.Sprintf("2026-03-%02d", 1+r.IntN(31)),
		Contracts: pick(r, nil, []string{"C3"}, []string{"C4", "C3"}),
		Listed:    pick(r, nil, nil, nil, goods[1:]), Delisted: pick(r, nil, nil, nil, goods[:1]),
	}
	for i := range 1 + r.IntN(8) {
		in.Basket.Lines = append(in.Basket.Lines, Line{
			ID: fmt.Sprint("l", i), Product: pick(r, goods...), Unit: pick(r, "", "", "each", "case"),
			QtyMilli: pick(r, 1000*(1+r.Int64N(60)), 1000*(1+r.Int64N(60)), 500*(1+r.Int64N(60)), 1000*(1+r.Int64N(1_000_000))), DiscBP: pick(r, 0, 0, r.Int64N(2000)),
		})
	}
	return in
}

// someList prices some products, the dearer the fewer; once in a while beyond measure.
func someList(r *rand.Rand, id, scope string) List {
	l := List{ID: id, Scope: scope, TaxIncluded: r.IntN(3) == 0}
	switch scope {
	case ScopeTier:
		l.Tier = pick(r, "A", "B")
	case ScopeAccount:
		l.Account = pick(r, accounts...)
	case ScopeContract:
		l.Contract = "C" + id[1:]
	}
	if r.IntN(3) == 0 {
		l.From = fmt.Sprintf("2026-03-%02d", 1+r.IntN(31))
	}
	for _, product := range goods {
		if scope != ScopeDefault && r.IntN(2) == 0 {
			continue
		}
		price := 100 + r.Int64N(5000)
		if r.IntN(60) == 0 {
			price = some(r)
		}
		unit, times := "", int64(1)
		if scope != ScopeDefault && r.IntN(4) == 0 {
			unit, times = "case", 6
		}
		var from int64
		for range 1 + r.IntN(3) {
			l.Items = append(l.Items, Item{ID: fmt.Sprint(id, product, from), Product: product, Unit: unit, MinQtyMilli: from, PriceFen: price * times})
			price -= r.Int64N(1 + price/8)
			from += 1000 * (1 + r.Int64N(20))
		}
	}
	return l
}

func somePromotion(r *rand.Rand, id string) Promotion {
	p := Promotion{
		ID: id, Priority: r.Int64N(3), Stackable: r.IntN(3) > 0, ExclusiveGroup: pick(r, "", "", "x", "y"),
		Tiers: pick(r, nil, nil, []string{"A", "C"}), Accounts: pick(r, nil, nil, []string{"yong", "hua"}), Rule: someRule(r),
	}
	if r.IntN(3) == 0 {
		p.CapFen, p.CapMilli = 1+r.Int64N(100_000), 1000*(1+r.Int64N(100))
		p.UsedFen, p.UsedMilli = r.Int64N(p.CapFen+1), r.Int64N(p.CapMilli+1)
	}
	if p.Rule.CheckCaps(p.CapFen, 0) != nil {
		p.CapFen, p.UsedFen = 0, 0
	}
	if p.Rule.CheckCaps(0, p.CapMilli) != nil {
		p.CapMilli, p.UsedMilli = 0, 0
	}
	return p
}

// someRule is one that may be saved.
func someRule(r *rand.Rand) Rule {
	for {
		rule := Rule{Kind: pick(r, KindPercent, KindLineOff, KindOrderOff, KindBuyGet, KindTiers, KindBundle)}
		if rule.Kind != KindBundle {
			rule.Products = pick(r, nil, []string{"tea", "cola"}, []string{pick(r, goods...)})
			rule.Mix = r.IntN(3) == 0
			rule.MinMilli, rule.MinFen = pick(r, 0, 1000*(1+r.Int64N(30))), pick(r, 0, 0, 1+r.Int64N(30_000))
			rule.MaxMilli, rule.MaxFen = pick(r, 0, 0, rule.MinMilli+1000*r.Int64N(30)), pick(r, 0, 0, rule.MinFen+r.Int64N(90_000))
		}
		switch rule.Kind {
		case KindPercent:
			rule.BP = 1 + r.Int64N(10_000)
		case KindLineOff, KindOrderOff:
			rule.OffFen, rule.Repeat = 1+r.Int64N(20_000), r.IntN(2) == 0
		case KindBuyGet:
			rule.BuyMilli, rule.GetMilli, rule.Repeat = 500*(1+r.Int64N(20)), 1000*(1+r.Int64N(3)), r.IntN(2) == 0
			rule.GetProduct, rule.GetUnit = pick(r, "", "tea", "mug"), pick(r, "", "each", "case")
		case KindTiers:
			rule.By = pick(r, ByQty, ByAmount)
			for i := range 1 + r.Int64N(3) {
				rule.Steps = append(rule.Steps, pick(r, TierStep{From: i * 9000, BP: 500 * (i + 1)}, TierStep{From: i * 9000, OffFen: 700 * (i + 1)}, TierStep{From: i * 9000, PriceFen: 900 - 100*i}))
			}
		case KindBundle:
			rule.PriceFen = 1 + r.Int64N(9000)
			for _, product := range goods[r.IntN(3):][:1+r.IntN(2)] {
				rule.Goods = append(rule.Goods, Good{Product: product, Milli: 1000 * (1 + r.Int64N(6))})
			}
		}
		if (rule.Repeat || rule.Kind == KindBundle) && r.IntN(3) == 0 {
			rule.MaxTimes = 1 + r.Int64N(3)
		}
		if rule.fault() == "" {
			return rule
		}
	}
}

// shuffled is the same input in another order.
func shuffled(r *rand.Rand, in Input) Input {
	in.Products, in.Units, in.Basket.Lines = mixed(r, in.Products), mixed(r, in.Units), mixed(r, in.Basket.Lines)
	in.Basket.Contracts, in.Basket.Listed, in.Basket.Delisted = mixed(r, in.Basket.Contracts), mixed(r, in.Basket.Listed), mixed(r, in.Basket.Delisted)
	in.Lists, in.Promotions = mixed(r, in.Lists), mixed(r, in.Promotions)
	for i := range in.Lists {
		in.Lists[i].Items = mixed(r, in.Lists[i].Items)
	}
	for i := range in.Promotions {
		p := &in.Promotions[i]
		p.Accounts, p.Tiers = mixed(r, p.Accounts), mixed(r, p.Tiers)
		p.Rule.Products, p.Rule.Goods = mixed(r, p.Rule.Products), mixed(r, p.Rule.Goods)
	}
	return in
}

func mixed[T any](r *rand.Rand, of []T) []T {
	of = slices.Clone(of)
	r.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	return of
}
