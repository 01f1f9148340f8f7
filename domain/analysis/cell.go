package analysis

// MaxBy is how many dimensions one answer is broken down by.
const MaxBy = 3

// Keys are the values of a query's dimensions, in their order; the rest is empty.
type Keys [MaxBy]string

// Cell is what a source counted for some keys. A figure that is a sum, or counts
// different things, has no denominator.
type Cell struct {
	Keys Keys
	Part
}

// Part is a numerator and what it is over.
type Part struct{ Num, Den int64 }

// Cells are what a source counted over one period, of rows that the viewer may see
// and no others: what is not there left no trace. A key of which nothing is known has
// no cell.
type Cells struct {
	Cells []Cell
	Total *Part // of all; nil if nothing is known
	// Corrections are the part of Total that corrects a month which was frozen, by that month.
	Corrections map[string]Part
	Uncosted    int // lines of which nobody knows what they cost; only of figures with Profit
}

// Value is what a figure of a kind comes to; nil if that is not known. What is over
// nothing, or over less than nothing, has no share.
func (k Kind) Value(p *Part) *int64 {
	if p == nil || k == None || (k == Ratio || k == Mean) && p.Den <= 0 {
		return nil
	}
	v := p.Num
	switch k {
	case Ratio:
		v = divide(p.Num, p.Den, 10_000)
	case Mean:
		v = divide(p.Num, p.Den, 1)
	default:
	}
	return &v
}
