package pricing

import (
	"cmp"
	"crypto/sha256"
	"slices"
)

// percent takes basis points off lines.
func (t *turn) percent(lines []*line, bp int64) {
	for _, l := range lines {
		part, covered := t.covered(l)
		t.take(l, mulDiv(part, bp, 10_000), covered)
	}
}

// atMost lets no own unit of lines cost more than a price.
func (t *turn) atMost(lines []*line, price int64) {
	for _, l := range lines {
		part, covered := t.covered(l)
		t.take(l, part-min(part, mulDiv(price, covered, 1000)), covered)
	}
}

// covered is how much of a line the cap has room for, and what that comes to.
func (t *turn) covered(l *line) (part, milli int64) {
	milli = min(l.BaseMilli, t.milli)
	return mulDiv(l.left, milli, l.BaseMilli), milli
}

// off takes an amount off lines, in proportion to what is left of them.
func (t *turn) off(lines []*line, fen int64) {
	left := make([]int64, len(lines))
	for i, l := range lines {
		left[i] = l.left
	}
	_, amount := sums(lines)
	for i, part := range spread(min(fen, amount, t.fen), left) {
		t.take(lines[i], part, 0)
	}
}

// tiers gives what the greatest step that lines reach gives.
func (t *turn) tiers(lines []*line, qty, amount int64) {
	reached := qty
	if t.Rule.By == ByAmount {
		reached = amount
	}
	var best *TierStep
	for i, s := range t.Rule.Steps {
		if s.From <= reached && (best == nil || s.From > best.From) {
			best = &t.Rule.Steps[i]
		}
	}
	switch {
	case best == nil:
	case best.PriceFen > 0:
		t.atMost(lines, best.PriceFen)
	case best.OffFen > 0:
		t.off(lines, best.OffFen)
	default:
		t.percent(lines, best.BP)
	}
}

// bundle sells goods together at a price, as often as lines have all of them; of a
// product's lines the first by id go into it.
func (t *turn) bundle() {
	times, size := t.milli, int64(0)
	for _, g := range t.Rule.Goods {
		var qty int64
		for _, l := range t.ofProduct(g.Product) {
			if t.may(l) {
				qty += l.BaseMilli
			}
		}
		times = min(times, qty/g.Milli)
		size += g.Milli
	}
	if times = min(times, t.milli/size); t.Rule.MaxTimes > 0 {
		times = min(times, t.Rule.MaxTimes)
	}
	if times == 0 {
		return
	}
	parts, worth := t.parts(times)
	left := make([]int64, len(parts))
	for i, p := range parts {
		left[i] = p.fen
	}
	off := min(worth-min(worth, mulDiv(t.Rule.PriceFen, times, 1)), t.fen)
	for i, fen := range spread(off, left) {
		t.take(parts[i].line, fen, parts[i].milli)
	}
}

// ofProduct are a product's lines.
func (b basket) ofProduct(product string) []*line {
	if i, in := b.product[product]; in {
		return b.byProduct[i]
	}
	return nil
}

// part is what of a line goes into bundles.
type part struct {
	line       *line
	fen, milli int64
}

// parts are what goes into a number of bundles, by line, and what that comes to.
func (t *turn) parts(times int64) (parts []part, worth int64) {
	for _, g := range t.Rule.Goods {
		need := times * g.Milli
		for _, l := range t.ofProduct(g.Product) {
			if need == 0 || !t.may(l) {
				continue
			}
			in := min(need, l.BaseMilli)
			p := part{line: l, fen: mulDiv(l.left, in, l.BaseMilli), milli: in}
			parts, need, worth = append(parts, p), need-in, worth+p.fen
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.line.ID, b.line.ID) })
	return parts, worth
}

// take takes fen off a line, as far as the cap goes.
func (t *turn) take(l *line, fen, milli int64) {
	if fen = min(fen, t.fen); fen <= 0 {
		return
	}
	l.left, l.PromoFen = l.left-fen, l.PromoFen+fen
	t.fen, t.milli = t.fen-fen, t.milli-milli
	t.use.AmountFen, t.use.QtyMilli = t.use.AmountFen+fen, t.use.QtyMilli+milli
	t.touch(l, Given{Fen: fen, Milli: milli})
}

// touch notes on a line that the promotion counted it.
func (t *turn) touch(l *line, given Given) {
	given.Promotion, given.Code = t.ID, t.Code
	if l.Why.Promotions == nil {
		l.Why.Promotions = make([]Given, 0, 4)
	}
	l.Why.Promotions = append(l.Why.Promotions, given)
	l.closed = !t.Stackable
	if t.ExclusiveGroup != "" {
		l.groups = append(l.groups, t.ExclusiveGroup)
	}
}

// give adds free goods for what lines have; each time in whole or not at all.
func (t *turn) give(lines []*line, qty int64) {
	r := t.Rule
	product := r.GetProduct
	if product == "" {
		product = lines[0].Product
	}
	unit := r.GetUnit
	if unit == t.goods[product].Unit {
		unit = ""
	}
	if code := t.barred(product); code != "" {
		if qty >= r.BuyMilli {
			t.withhold(lines, product, code)
		}
		return
	}
	factor, known := t.factor(product, unit)
	if !known {
		return
	}
	each := mulDiv(r.GetMilli, factor, 1000)
	if each == 0 || each > maxBaseMilli {
		return
	}
	f := t.gift(product, unit)
	n := min(r.bounded(qty/r.BuyMilli), t.milli/each, (MaxQtyMilli-f.QtyMilli)/r.GetMilli)
	if n <= 0 {
		return
	}
	for _, l := range lines {
		t.touch(l, Given{Milli: l.BaseMilli})
	}
	t.milli -= n * each
	t.use.QtyMilli += n * each
	f.QtyMilli += n * r.GetMilli
	f.BaseMilli += n * each
	f.Why.Promotions = []Given{{Promotion: t.ID, Code: t.Code, Milli: f.BaseMilli}}
	r.Products = nil // lines say that they were counted
	f.Why.Gift = &Gift{Rule: r}
}

// withhold notes on lines that they earned goods which the account may not have: the
// promotion has not counted them.
func (t *turn) withhold(lines []*line, product, code string) {
	for _, l := range lines {
		l.Why.Withheld = append(l.Why.Withheld, Withheld{Promotion: t.ID, Code: t.Code, Product: product, Reason: code})
	}
}

// gift is the line of what the promotion gives of a product.
func (t *turn) gift(product, unit string) *Priced {
	i := slices.IndexFunc(t.free, func(f *Priced) bool { return f.Product == product })
	if i < 0 {
		i = len(t.free)
		t.free = append(t.free, &Priced{
			ID: FreeID(t.id, t.ID, product), Product: product, Unit: unit, TaxBP: t.goods[product].TaxBP, Free: true, Promotion: t.ID,
		})
	}
	return t.free[i]
}

// FreeID is the id of the line of what a promotion gives free in a basket.
func FreeID(basket, promotion, product string) string {
	const letters, length = "abcdefghijklmnopqrstuvwxyz0123456789", 15
	id := sha256.Sum256([]byte(basket + "\x00" + promotion + "\x00" + product))
	for i, b := range id[:length] {
		id[i] = letters[int(b)%len(letters)]
	}
	return string(id[:length])
}
