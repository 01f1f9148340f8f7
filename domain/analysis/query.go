package analysis

import "satchel/domain"

// Compare is what a figure is set against.
type Compare string

// Comparisons.
const (
	NoCompare Compare = ""
	Prior     Compare = "prior" // the period before, of the same length
	YearAgo   Compare = "year"  // the same days of the year before
)

// MaxRows bounds the rows of an answer.
const MaxRows = 10_000

// Query is what is asked of a figure.
type Query struct {
	Figure  Figure
	Period  domain.Period // days, both included
	By      []Dimension
	Filters map[Dimension][]string // one of several values of each
	Compare Compare
	Limit   int // of rows, the first by rank; 0 for all
}
