package pricing

import (
	"fmt"
	"testing"
)

// BenchmarkPrice prices a basket of 40 lines with 200 promotions of all kinds, all
// in force and stackable, half of which find something to give.
func BenchmarkPrice(b *testing.B) {
	in := largeInput()
	if got, faults := Price(in); len(faults) > 0 || len(got.Uses) < 50 {
		b.Fatal(len(got.Uses), faults)
	}
	b.ReportAllocs()
	for b.Loop() {
		Price(in)
	}
}

// largeInput is a basket of 40 lines, 4 lists and 200 promotions.
func largeInput() Input {
	in := Input{Basket: Basket{ID: "o", Account: "yong", Tier: "B", Day: "2026-03-16"}}
	for _, scope := range []string{ScopeDefault, ScopeTier, ScopeAccount, ScopeContract} {
		in.Lists = append(in.Lists, List{ID: scope, Scope: scope, Tier: "B", Account: "yong", Contract: "C"})
	}
	in.Basket.Contracts = []string{"C"}
	for i := range int64(40) {
		id := fmt.Sprintf("product%02d", i)
		in.Products = append(in.Products, Product{ID: id, TaxBP: 1300, Sellable: true})
		in.Units = append(in.Units, Unit{Product: id, Unit: "case", FactorMilli: 12_000})
		for n := range int64(3) {
			l := &in.Lists[i%4]
			l.Items = append(l.Items, Item{ID: fmt.Sprint(id, n), Product: id, PriceFen: 1999 - 7*i - 100*n, MinQtyMilli: 50_000 * n})
		}
		in.Basket.Lines = append(in.Basket.Lines, Line{ID: fmt.Sprintf("line%02d", i), Product: id, QtyMilli: 1000 * (5 + 3*i), DiscBP: 100 * (i % 3)})
	}
	for i := range int64(200) {
		p := Promotion{ID: fmt.Sprintf("promotion%03d", i), Priority: i % 5, Stackable: true, From: "2026-03-01", To: "2026-03-31"}
		if i%4 == 0 {
			p.ExclusiveGroup = fmt.Sprint("group", i%20)
		}
		for n := range 20 {
			p.Accounts = append(p.Accounts, fmt.Sprint("account", n))
		}
		p.Accounts = append(p.Accounts, "yong")
		some := []string{in.Products[i%40].ID, in.Products[(i+7)%40].ID, in.Products[(i+19)%40].ID}
		p.Rule = []Rule{
			{Kind: KindPercent, BP: 100},
			{Kind: KindPercent, Products: some, Mix: true, MinMilli: 100_000, BP: 200},
			{Kind: KindLineOff, Products: some, MinFen: 50_000, OffFen: 300, Repeat: true},
			{Kind: KindOrderOff, MinFen: 100_000, OffFen: 1000},
			{Kind: KindBuyGet, BuyMilli: 20_000, GetMilli: 1000, Repeat: true, Products: some},
			{Kind: KindTiers, By: ByQty, Steps: []TierStep{{From: 10_000, BP: 50}, {From: 60_000, BP: 80}, {From: 100_000, OffFen: 900}}},
			{Kind: KindBundle, Goods: []Good{{some[0], 5000}, {some[1], 3000}}, PriceFen: 9000},
		}[i%7]
		in.Promotions = append(in.Promotions, p)
	}
	return in
}
