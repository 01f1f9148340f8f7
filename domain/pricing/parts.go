package pricing

// Share is what a part of a whole quantity has of a total, when done of it went
// before: parts of any number that make the whole make the total.
func Share(total, part, whole, done int64) int64 {
	return reached(total, done+part, whole) - reached(total, done, whole)
}

// reached is how much of a total a quantity of the whole has.
func reached(total, qty, whole int64) int64 {
	switch {
	case qty >= whole:
		return total
	case qty <= 0:
		return 0
	case total < 0:
		return -mulDiv(-total, qty, whole)
	}
	return mulDiv(total, qty, whole)
}

// Amounts are what a line, or a part of it, comes to.
type Amounts struct {
	PromoFen int64 `json:"promo_fen"`
	LineFen  int64 `json:"line_fen"`
	TaxFen   int64 `json:"tax_fen"`
	TotalFen int64 `json:"total_fen"` // line and tax
}

// Return is what goes back with a part of a line of whole, when done of it went
// back before: negative amounts, the promotion's in proportion. Parts sum to what
// went out with [Share] of the line's total; the last takes the rest.
func Return(line Amounts, part, whole, done int64) Amounts {
	total, tax := Share(line.LineFen+line.TaxFen, part, whole, done), Share(line.TaxFen, part, whole, done)
	return Amounts{
		PromoFen: -Share(line.PromoFen, part, whole, done),
		LineFen:  tax - total,
		TaxFen:   -tax,
		TotalFen: -total,
	}
}
