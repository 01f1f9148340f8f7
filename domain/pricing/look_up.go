package pricing

import (
	"cmp"
	"slices"
)

// rank says which scope's lists come first.
var rank = map[string]int{ScopeContract: 1, ScopeAccount: 2, ScopeTier: 3, ScopeDefault: 4}

// lookUp gives every line its price, discount and rate.
func lookUp(in Input) (basket, []Fault) {
	b := basket{of: in.Basket, goods: make(map[string]Product, len(in.Products)), units: make(map[[2]string]int64, len(in.Units))}
	for _, p := range in.Products {
		b.goods[p.ID] = p
	}
	for _, u := range in.Units {
		b.units[[2]string{u.Product, u.Unit}] = u.FactorMilli
	}
	b.prices = offersOf(in)
	var faults []Fault
	var gross int64
	for _, asked := range slices.SortedFunc(slices.Values(in.Basket.Lines), func(a, b Line) int { return cmp.Compare(a.ID, b.ID) }) {
		l := &line{Priced: Priced{ID: asked.ID, Product: asked.Product, Unit: asked.Unit, QtyMilli: asked.QtyMilli}}
		if f, refused := b.price(l, asked.DiscBP); refused {
			faults = append(faults, f)
			continue
		}
		if gross += l.GrossFen; gross > MaxFen {
			return b, append(faults, fault(l, "order.amount_too_large"))
		}
		b.lines = append(b.lines, l)
	}
	b.group()
	return b, faults
}

// group puts lines of a product together.
func (b *basket) group() {
	lines := slices.Clone(b.lines)
	slices.SortStableFunc(lines, func(a, b *line) int { return cmp.Compare(a.Product, b.Product) })
	b.product = make(map[string]int, len(lines))
	for i, l := range lines {
		if i == 0 || lines[i-1].Product != l.Product {
			b.product[l.Product] = len(b.byProduct)
			b.byProduct = append(b.byProduct, nil)
		}
		last := &b.byProduct[len(b.byProduct)-1]
		*last = append(*last, l)
	}
}

// barred says why the account may not have a product at all; empty if it may.
func (b basket) barred(product string) (code string) {
	switch p, known := b.goods[product]; {
	case !known || !p.Sellable:
		return "order.product_stopped"
	case slices.Contains(b.of.Delisted, product), len(b.of.Listed) > 0 && !slices.Contains(b.of.Listed, product):
		return "order.not_listed"
	}
	return ""
}

// price fills a line's figures up to its discount.
func (b basket) price(l *line, discBP int64) (Fault, bool) {
	refuse := func(code string, params ...any) (Fault, bool) { return fault(l, code, params...), true }
	if code := b.barred(l.Product); code != "" {
		return refuse(code)
	}
	p := b.goods[l.Product]
	switch {
	case l.QtyMilli <= 0 || l.QtyMilli > MaxQtyMilli:
		return refuse("order.quantity_invalid")
	case discBP < 0 || discBP > 10_000:
		return refuse("order.discount_too_high", "limit", 10_000)
	}
	if l.Unit == p.Unit {
		l.Unit = ""
	}
	factor, known := b.factor(p.ID, l.Unit)
	switch {
	case !known:
		return refuse("order.unit_unknown", "unit", l.Unit)
	case l.Unit != "" && l.QtyMilli%1000 != 0:
		return refuse("order.quantity_fraction", "unit", l.Unit)
	}
	l.BaseMilli = mulDiv(l.QtyMilli, factor, 1000)
	switch {
	case l.BaseMilli > maxBaseMilli:
		return refuse("order.quantity_invalid")
	case p.StepMilli > 0 && l.BaseMilli%p.StepMilli != 0:
		return refuse("order.quantity_step", "step", p.StepMilli)
	case l.BaseMilli < p.MinQtyMilli:
		return refuse("order.quantity_min", "min", p.MinQtyMilli)
	}
	if code := b.cost(l); code != "" {
		return refuse(code)
	}
	l.DiscFen = l.rounded("discount", l.GrossFen, discBP, 10_000)
	l.left = l.GrossFen - l.DiscFen
	return Fault{}, false
}

// cost fills a line's list, price and gross amount; else it answers why there are none.
func (b basket) cost(l *line) (code string) {
	p := b.goods[l.Product]
	found, ok := b.prices.find(l, p.Unit)
	if !ok {
		return "order.price_missing"
	}
	l.List, l.TaxIncluded, l.TaxBP = found.list.ID, found.list.TaxIncluded, p.TaxBP
	l.Why.Scope, l.Why.List, l.Why.Item = found.list.Scope, found.list.ID, found.item.ID
	l.PriceFen = found.item.PriceFen
	if found.own && l.Unit != "" {
		factor, _ := b.factor(p.ID, l.Unit)
		l.PriceFen = l.rounded("price", found.item.PriceFen, factor, 1000)
	}
	if l.PriceFen > MaxFen || l.PriceFen < 0 {
		return "order.amount_too_large"
	}
	if l.GrossFen = l.rounded("gross", l.PriceFen, l.QtyMilli, 1000); l.GrossFen > MaxFen {
		return "order.amount_too_large"
	}
	return ""
}

// factor is how many thousandths of own units are in a unit.
func (b basket) factor(product, unit string) (int64, bool) {
	if unit == "" || unit == b.goods[product].Unit {
		return 1000, true
	}
	factor, known := b.units[[2]string{product, unit}]
	return factor, known && factor > 0
}

// offer is an item with its list.
type offer struct {
	list *List
	item Item
	own  bool // it is for the product's own unit
}

// offers are the items of lists in force, by product, the first list first.
type offers map[string][]offer

// offersOf collects those that are for a basket, and for what it may get free.
func offersOf(in Input) offers {
	wanted := make(map[string]bool, len(in.Basket.Lines))
	for _, l := range in.Basket.Lines {
		wanted[l.Product] = true
	}
	for i := range in.Promotions {
		wanted[in.Promotions[i].Rule.GetProduct] = true
	}
	all := offers{}
	for i := range in.Lists {
		list := &in.Lists[i]
		if !list.isFor(in.Basket) {
			continue
		}
		for _, item := range list.Items {
			if wanted[item.Product] {
				all[item.Product] = append(all[item.Product], offer{list: list, item: item})
			}
		}
	}
	for _, items := range all {
		slices.SortFunc(items, func(a, b offer) int {
			return cmp.Or(cmp.Compare(rank[a.list.Scope], rank[b.list.Scope]), cmp.Compare(a.list.ID, b.list.ID), cmp.Compare(a.item.ID, b.item.ID))
		})
	}
	return all
}

// isFor reports whether a list is in force for a basket.
func (l List) isFor(of Basket) bool {
	return inForce(l.From, l.To, of.Day) && (l.Scope == ScopeDefault || l.Scope == ScopeTier && l.Tier == of.Tier && of.Tier != "" ||
		l.Scope == ScopeAccount && l.Account == of.Account || l.Scope == ScopeContract && slices.Contains(of.Contracts, l.Contract))
}

func inForce(from, to, day string) bool {
	return (from == "" || from <= day) && (to == "" || day <= to)
}

// find returns the item of the first list that has one: for the line's unit, else
// for the product's own; of its steps the greatest that the quantity reaches.
func (o offers) find(l *line, own string) (best offer, ok bool) {
	for _, next := range o[l.Product] {
		if ok && next.list != best.list {
			break
		}
		next.own = next.item.Unit == "" || next.item.Unit == own
		qty := l.BaseMilli
		if same := next.item.Unit == l.Unit || next.own && l.Unit == ""; same {
			qty = l.QtyMilli
		} else if !next.own {
			continue
		}
		if next.item.MinQtyMilli <= qty && (!ok || better(next, best, l.Unit == "")) {
			best, ok = next, true
		}
	}
	return best, ok
}

// better reports whether an item of the same list comes before another: one for
// the line's unit, then the greater step; of equals the first by id stays.
func better(a, b offer, inOwn bool) bool {
	if a.own != b.own && !inOwn {
		return b.own
	}
	return a.item.MinQtyMilli > b.item.MinQtyMilli
}
