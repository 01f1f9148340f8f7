package pricing

// value says of free goods what they would have cost.
func (b basket) value(free []Priced) {
	for i := range free {
		f, gift := free[i], free[i].Why.Gift
		l := &line{Priced: Priced{Product: f.Product, Unit: f.Unit, QtyMilli: f.QtyMilli, BaseMilli: f.BaseMilli}}
		if b.cost(l) != "" {
			continue
		}
		gift.List, gift.Item, gift.TotalFen = l.List, l.Why.Item, l.GrossFen
		if !l.TaxIncluded {
			gift.TotalFen += mulDiv(l.GrossFen, l.TaxBP, 10_000)
		}
	}
}

// Sold is a line of an order: what it has, what of it went out and what came back,
// in its unit.
type Sold struct {
	Line      string
	Product   string
	QtyMilli  int64
	BaseMilli int64 // all of it, in the product's own unit
	OutMilli  int64
	BackMilli int64
	AmountFen int64 // what promotions looked at: gross less the rep's discount
	Free      bool
	Promotion string // that gives what is free
	Why       Why
}

// Kept are free goods that the customer has and does not earn with what he keeps of
// those that he paid.
type Kept struct {
	Line     string `json:"line"`
	Product  string `json:"product"`
	QtyMilli int64  `json:"qty_milli"` // in the line's unit
	Fen      int64  `json:"fen"`       // what they would have cost, with tax
}

// GiftsKept are the gifts of an order that are due after goods came back, in the
// order of its lines. They follow from what is back and not from the way there: a
// return takes off what is due after it, less what was taken off before. Paid goods
// that are still to be delivered count as kept.
func GiftsKept(lines []Sold) (due []Kept) {
	for _, gift := range lines {
		if !gift.Free || gift.Why.Gift == nil {
			continue
		}
		if over := gift.OutMilli - gift.BackMilli - gift.earned(lines); over > 0 {
			due = append(due, Kept{gift.Line, gift.Product, over, reached(gift.Why.Gift.TotalFen, over, gift.QtyMilli)})
		}
	}
	return due
}

// kept is what a customer keeps of goods that a promotion looks at together.
type kept struct{ milli, fen int64 }

// earned is how much of a gift what is kept of the goods it was for still earns, by
// the rule that gave it; never more than was given.
func (s Sold) earned(lines []Sold) int64 {
	rule := &s.Why.Gift.Rule
	sets, back := map[string]kept{}, false
	for _, l := range lines {
		if l.Free || !l.counted(s.Promotion) || rule.GetProduct == "" && l.Product != s.Product {
			continue
		}
		back = back || l.BackMilli > 0
		set := l.Product
		if rule.Mix {
			set = ""
		}
		left := l.QtyMilli - l.BackMilli
		sets[set] = kept{
			milli: sets[set].milli + reached(l.BaseMilli, left, l.QtyMilli),
			fen:   sets[set].fen + reached(l.AmountFen, left, l.QtyMilli),
		}
	}
	if !back {
		return s.QtyMilli
	}
	var earned int64
	for _, k := range sets {
		if k.milli >= rule.MinMilli && k.fen >= rule.MinFen {
			earned += rule.bounded(k.milli/rule.BuyMilli) * rule.GetMilli
		}
	}
	return min(earned, s.QtyMilli)
}

// counted reports whether a promotion gave something for the line.
func (s Sold) counted(promotion string) bool {
	for _, g := range s.Why.Promotions {
		if g.Promotion == promotion {
			return true
		}
	}
	return false
}
