package pricing

import (
	"cmp"
	"slices"

	"satchel/domain"
)

// Price says what a basket costs, or for each line that has no price why not;
// faults come by line.
func Price(in Input) (Result, []Fault) {
	b, faults := lookUp(in)
	if len(faults) > 0 {
		return Result{}, faults
	}
	uses, free := b.promote(in)
	b.value(free)
	b.tax(in.TaxPerOrder)
	return b.result(uses, free)
}

// line is one of the basket on its way to a price.
type line struct {
	Priced
	left   int64 // of its amount
	groups []string
	closed bool // nothing more may be taken off
}

// basket is what is being priced, by line id.
type basket struct {
	of        Basket
	lines     []*line
	byProduct [][]*line      // by product id
	product   map[string]int // where in them a product's lines are
	goods     map[string]Product
	units     map[[2]string]int64
	prices    offers
}

// result adds up.
func (b basket) result(uses []Use, free []Priced) (Result, []Fault) {
	r := Result{Lines: make([]Priced, 0, len(b.lines)+len(free)), Uses: uses}
	for _, l := range b.lines {
		r.Totals.GrossFen += l.GrossFen
		r.Totals.DiscFen += l.DiscFen + l.PromoFen
		r.Totals.LinesFen += l.LineFen
		r.Totals.TaxFen += l.TaxFen
		r.Totals.TotalFen += l.LineFen + l.TaxFen
		if l.TaxFen > MaxFen || r.Totals.TotalFen > MaxFen {
			return Result{}, []Fault{fault(l, "order.amount_too_large")}
		}
		r.Lines = append(r.Lines, l.Priced)
	}
	slices.SortFunc(free, func(a, b Priced) int {
		return cmp.Or(cmp.Compare(a.Promotion, b.Promotion), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Unit, b.Unit))
	})
	r.Lines = append(r.Lines, free...)
	return r, nil
}

// fault names the line and its product.
func fault(l *line, code string, params ...any) Fault {
	all := map[string]any{"line": l.ID, "product": l.Product}
	for i := 0; i+1 < len(params); i += 2 {
		all[params[i].(string)] = params[i+1]
	}
	return Fault{Line: l.ID, Problem: domain.Problem{Code: code, Params: all}}
}
