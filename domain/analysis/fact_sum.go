package analysis

import "strings"

// columnOf are the columns of the facts' numbers.
var columnOf = [numbers]string{"base_milli", "amount_fen", "tax_fen", "cost_fen", "rebate_fen + receipt_fen", "uncosted"}

// FactSum says how a figure of sales is added up, as the columns of the facts: their
// kinds, and what each adds to numerator and denominator. found is false of figures that
// count accounts instead.
func FactSum(key string) (kinds []string, num, den string, found bool) {
	f, known := formulas[key]
	if !known || f.accounts {
		return nil, "", "", false
	}
	for _, kind := range f.kinds {
		kinds = append(kinds, FactKinds[kind])
	}
	return kinds, terms(f.num), terms(f.den), true
}

func terms(all []term) string {
	var out strings.Builder
	out.WriteString("0")
	for _, t := range all {
		if t.sign < 0 {
			out.WriteString(" - (")
		} else {
			out.WriteString(" + (")
		}
		out.WriteString(columnOf[t.of] + ")")
	}
	return out.String()
}
