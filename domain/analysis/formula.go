package analysis

// formula is how a figure of sales is added up: over facts of some kinds, sums of
// their numbers.
type formula struct {
	kinds    []FactKind
	num, den []term
	accounts bool // different accounts are counted instead
	again    bool // those that were there in the period before
}

// term is a number of each fact, added or taken away.
type term struct {
	of   number
	sign int64
}

func plus(of number) term  { return term{of, 1} }
func minus(of number) term { return term{of, -1} }

var (
	moved  = []FactKind{Delivered, Returned}
	earned = []FactKind{Delivered, Returned, Costed, Rebated} // receipts are no earnings
)

// formulas by figure.
var formulas = map[string]formula{
	"amount":          {kinds: moved, num: []term{plus(amount)}},
	"delivered":       {kinds: []FactKind{Delivered}, num: []term{plus(amount)}},
	"returned":        {kinds: []FactKind{Returned}, num: []term{minus(amount)}},
	"volume":          {kinds: moved, num: []term{plus(base)}},
	"profit":          {kinds: earned, num: []term{plus(amount), minus(tax), minus(cost), minus(settled)}},
	"margin":          {kinds: earned, num: []term{plus(amount), minus(tax), minus(cost), minus(settled)}, den: []term{plus(amount), minus(tax)}},
	"rebates":         {kinds: []FactKind{Rebated}, num: []term{plus(settled)}},
	"accounts":        {kinds: []FactKind{Delivered}, accounts: true},
	"retention":       {kinds: []FactKind{Delivered}, accounts: true, again: true},
	"collected":       {kinds: []FactKind{Received}, num: []term{plus(settled)}},
	"collected_ratio": {kinds: []FactKind{Delivered, Returned, Received}, num: []term{plus(settled)}, den: []term{plus(amount)}},
}
