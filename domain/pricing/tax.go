package pricing

// rate is a tax as it is in amounts or comes on top.
type rate struct {
	bp       int64
	included bool
}

// base is what a rate's basis points are of.
func (r rate) base() int64 {
	if r.included {
		return 10_000 + r.bp
	}
	return 10_000
}

// tax gives every line its tax: rounded per line, or once per rate and spread by
// the largest remainders.
func (b basket) tax(perOrder bool) {
	rates := map[rate][]*line{}
	for _, l := range b.lines {
		r := rate{l.TaxBP, l.TaxIncluded}
		rates[r] = append(rates[r], l)
	}
	for r, lines := range rates {
		if perOrder {
			r.spread(lines)
		}
		for _, l := range lines {
			if !perOrder {
				l.TaxFen = mulDiv(l.left, r.bp, r.base())
			}
			l.note("tax", l.left, r.bp, r.base(), l.TaxFen)
			l.LineFen = l.left
			if r.included {
				l.LineFen -= l.TaxFen
			}
		}
	}
}

// spread rounds the tax of lines of one rate once.
func (r rate) spread(lines []*line) {
	var amount int64
	parts, rests := make([]int64, len(lines)), make([]int64, len(lines))
	for i, l := range lines {
		amount += l.left
		parts[i], rests[i] = floorDiv(l.left, r.bp, r.base())
	}
	fill(parts, rests, mulDiv(amount, r.bp, r.base()))
	for i, l := range lines {
		l.TaxFen = parts[i]
	}
}
