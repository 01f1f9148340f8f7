package analysis

import (
	"slices"

	"satchel/domain"
)

// Unit is what a figure's value is counted in.
type Unit string

// Units.
const (
	Fen       Unit = "fen"
	Milli     Unit = "milli"     // thousandths of a product's base unit
	Count     Unit = "count"     // whole things
	BP        Unit = "bp"        // basis points
	MilliDays Unit = "milli_day" // thousandths of a day
)

// Kind is how a figure's value follows from its cells.
type Kind string

// Kinds.
const (
	Sum      Kind = "sum"      // the numerators, added up
	Ratio    Kind = "ratio"    // numerators over denominators, in basis points
	Mean     Kind = "mean"     // numerators over denominators
	Distinct Kind = "distinct" // different things: parts do not add up to their whole
	None     Kind = "none"     // nothing is known of it yet
)

// Source is who counts a figure's cells.
type Source string

// Sources.
const (
	FromSales  Source = "sales"  // the facts of what was sold
	FromEvents Source = "events" // other records
)

// Figure is one of the company's figures. Its key is for good.
type Figure struct {
	Key        string
	Source     Source
	Unit       Unit
	Kind       Kind
	Dimensions []Dimension // by which it is broken down and filtered
	Profit     bool        // what goods cost follows from it
	Own        bool        // of those with Profit: everybody sees his own, of a whole year and nothing finer
	Name       domain.Texts
	Formula    domain.Texts // in words
}

// State reports whether a figure is what stands at the ends of periods: it is not
// broken down by days, and its months do not add up.
func (f Figure) State() bool { return f.By(Month) && !f.By(Day) }

// By reports whether a figure is broken down by a dimension.
func (f Figure) By(d Dimension) bool { return slices.Contains(f.Dimensions, d) }

// Figures are all there are, in the order of the definition page.
var Figures = slices.Concat(salesFigures, eventFigures, teamFigures, costFigures)

// Find finds a figure: analysis.figure_unknown.
func Find(key string) (Figure, error) {
	i := slices.IndexFunc(Figures, func(f Figure) bool { return f.Key == key })
	if i < 0 {
		return Figure{}, domain.Problem{Code: "analysis.figure_unknown", Params: map[string]any{"key": key}}
	}
	return Figures[i], nil
}
