package pricing

import (
	"cmp"
	"math"
	"slices"
)

// promote applies promotions in their order.
func (b basket) promote(in Input) (uses []Use, free []Priced) {
	uses = []Use{}
	t := turn{opened: make([]*line, 0, len(b.lines))} // never grown: sets are parts of it
	for _, p := range inOrder(in.Promotions) {
		if !p.isFor(in.Basket) {
			continue
		}
		t = turn{
			basket: b, Promotion: p, id: in.Basket.ID, fen: rest(p.CapFen, p.UsedFen), milli: rest(p.CapMilli, p.UsedMilli),
			opened: t.opened[:0], sets: t.sets[:0],
		}
		if t.fen <= 0 || t.milli <= 0 {
			continue
		}
		t.apply()
		if t.use != (Use{}) {
			t.use.Promotion, t.use.Code = p.ID, p.Code
			uses = append(uses, t.use)
		}
		for _, f := range t.free {
			if f.QtyMilli > 0 {
				free = append(free, *f)
			}
		}
	}
	slices.SortFunc(uses, func(a, b Use) int { return cmp.Compare(a.Promotion, b.Promotion) })
	return uses, free
}

// inOrder are promotions in the order of their turns.
func inOrder(promotions []Promotion) []*Promotion {
	all := make([]*Promotion, len(promotions))
	for i := range promotions {
		all[i] = &promotions[i]
	}
	last := func(p *Promotion) int {
		if p.Rule.Kind == KindOrderOff {
			return 1
		}
		return 0
	}
	slices.SortFunc(all, func(a, b *Promotion) int {
		return cmp.Or(last(a)-last(b), cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// isFor reports whether a promotion is in force for a basket.
func (p *Promotion) isFor(of Basket) bool {
	return inForce(p.From, p.To, of.Day) && (len(p.Accounts)+len(p.Tiers) == 0 || of.Tier != "" && slices.Contains(p.Tiers, of.Tier) || slices.Contains(p.Accounts, of.Account))
}

// rest is what is left of a cap.
func rest(limit, used int64) int64 {
	if limit == 0 {
		return math.MaxInt64
	}
	return limit - used
}

// turn is a promotion at work: what it may still give and what it gave.
type turn struct {
	basket
	*Promotion
	id         string // of the basket
	fen, milli int64
	use        Use
	free       []*Priced // a line that stays empty is none
	opened     []*line   // that it may touch
	sets       [][]*line // of them, that it looks at together
}

func (t *turn) apply() {
	if t.Rule.Kind == KindBundle {
		t.bundle()
		return
	}
	for _, lines := range t.scopes() {
		qty, amount := sums(lines)
		if !t.Rule.within(qty, amount) {
			continue
		}
		switch t.Rule.Kind {
		case KindPercent:
			t.percent(lines, t.Rule.BP)
		case KindLineOff, KindOrderOff:
			t.off(lines, mulDiv(t.Rule.OffFen, t.Rule.times(qty, amount), 1))
		case KindBuyGet:
			t.give(lines, qty)
		case KindTiers:
			t.tiers(lines, qty, amount)
		}
	}
}

// scopes are the lines that the rule looks at together: those of each product, or all.
func (t *turn) scopes() [][]*line {
	if len(t.Rule.Products) == 0 {
		for _, lines := range t.byProduct {
			t.open(lines)
		}
	}
	for _, i := range t.named() {
		t.open(t.byProduct[i])
	}
	if len(t.opened) == 0 || !t.Rule.Mix && t.Rule.Kind != KindOrderOff {
		return t.sets
	}
	slices.SortFunc(t.opened, func(a, b *line) int { return cmp.Compare(a.ID, b.ID) })
	return append(t.sets[:0], t.opened)
}

// named is where the lines of the rule's products are, by product.
func (t *turn) named() (at []int) {
	for _, p := range t.Rule.Products {
		if i, in := t.product[p]; in {
			at = append(at, i)
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// open adds those of a product's lines that the promotion may touch to the turn's.
func (t *turn) open(lines []*line) {
	before := len(t.opened)
	for _, l := range lines {
		if t.may(l) {
			t.opened = append(t.opened, l)
		}
	}
	if len(t.opened) > before {
		t.sets = append(t.sets, t.opened[before:])
	}
}

// may reports whether the promotion may touch a line.
func (t *turn) may(l *line) bool {
	return !l.closed && (t.Stackable || len(l.Why.Promotions) == 0) && !slices.Contains(l.groups, t.ExclusiveGroup)
}

// sums are what lines have in own units and what is left of their amounts.
func sums(lines []*line) (qty, amount int64) {
	for _, l := range lines {
		qty += l.BaseMilli
		amount += l.left
	}
	return qty, amount
}

// within holds what lines have to the rule's bounds.
func (r *Rule) within(qty, amount int64) bool {
	return qty >= r.MinMilli && (r.MaxMilli == 0 || qty <= r.MaxMilli) && amount >= r.MinFen && (r.MaxFen == 0 || amount <= r.MaxFen)
}

// times is how often what lines have has the rule's minima.
func (r *Rule) times(qty, amount int64) int64 {
	n := int64(math.MaxInt64)
	if r.MinMilli > 0 {
		n = qty / r.MinMilli
	}
	if r.MinFen > 0 {
		n = min(n, amount/r.MinFen)
	}
	return r.bounded(n)
}

// bounded holds a number of times to what the rule allows.
func (r *Rule) bounded(n int64) int64 {
	if !r.Repeat {
		n = min(n, 1)
	}
	if r.MaxTimes > 0 {
		n = min(n, r.MaxTimes)
	}
	return n
}
