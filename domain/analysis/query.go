package analysis

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"satchel/domain"
)

// Compare is what a figure is set against.
type Compare string

// Comparisons.
const (
	NoCompare Compare = ""
	Prior     Compare = "prior" // the period before, of the same length
	YearAgo   Compare = "year"  // the same days of the year before
)

const (
	// MaxRows bounds the rows of an answer.
	MaxRows = 10_000
	// maxValues bounds the values of a filter.
	maxValues = 1000
)

// Query is what is asked of a figure.
type Query struct {
	Figure  Figure
	Period  domain.Period // days, both included
	By      []Dimension
	Filters map[Dimension][]string // one of several values of each
	Compare Compare
	Limit   int // of rows, the first by rank; 0 for all
}

// Read reads a query as it is asked: from and to are days or months, this month and
// today if empty; by and the values of filters are parted by commas. Problems
// analysis.figure_unknown, analysis.period_invalid, analysis.dimension_invalid and
// analysis.argument_invalid.
func Read(key string, asked map[string][]string, today string) (q Query, err error) {
	if q.Figure, err = Find(key); err != nil {
		return q, err
	}
	q.Filters = map[Dimension][]string{}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		value := strings.Join(asked[name], ",")
		switch name {
		case "from", "to":
		case "by":
			q.By, err = q.Figure.breakDown(value)
		case "compare":
			q.Compare = Compare(value)
			if !slices.Contains([]Compare{NoCompare, Prior, YearAgo}, q.Compare) {
				err = invalid("analysis.argument_invalid", name)
			}
		case "limit":
			if q.Limit, err = strconv.Atoi(value); err != nil || q.Limit < 1 || q.Limit > MaxRows {
				err = invalid("analysis.argument_invalid", name)
			}
		default:
			values := strings.Split(value, ",")
			if !q.Figure.By(Dimension(name)) || len(values) > maxValues {
				err = invalid("analysis.dimension_invalid", name)
			}
			q.Filters[Dimension(name)] = values
		}
		if err != nil {
			return q, err
		}
	}
	q.Period, err = readPeriod(strings.Join(asked["from"], ","), strings.Join(asked["to"], ","), today)
	return q, err
}

func invalid(code, name string) error {
	return domain.Problem{Code: code, Params: map[string]any{"name": name}}
}

// breakDown reads dimensions, each once.
func (f Figure) breakDown(text string) (by []Dimension, err error) {
	if text == "" {
		return nil, nil
	}
	for name := range strings.SplitSeq(text, ",") {
		d := Dimension(name)
		if !f.By(d) || slices.Contains(by, d) || len(by) == MaxBy {
			return nil, invalid("analysis.dimension_invalid", name)
		}
		by = append(by, d)
	}
	return by, nil
}

// mostYears bounds a period.
const mostYears = 10

func readPeriod(from, to, today string) (p domain.Period, err error) {
	p = domain.Period{From: from, To: to}
	if p.From == "" {
		p.From = domain.Month(today)
	}
	if p.To == "" {
		p.To = max(today, p.From)
	}
	if len(p.From) == len("2006-01") {
		p.From += "-01"
	}
	if len(p.To) == len("2006-01") {
		p.To = domain.AddDays(domain.NextMonth(p.To)+"-01", -1)
	}
	if !domain.IsPlausibleDay(p.From) || !domain.IsPlausibleDay(p.To) || p.To < p.From || monthNumber(p.To)-monthNumber(p.From) >= 12*mostYears {
		return p, domain.Problem{Code: "analysis.period_invalid", Params: map[string]any{"years": mostYears}}
	}
	return p, nil
}

// Compared is the query over the period that it is compared with.
func (q Query) Compared() Query {
	q.Period = q.shift().back(q.Period)
	return q
}

func (q Query) shift() shift {
	if q.Compare == YearAgo {
		return shift{months: 12}
	}
	return before(q.Period)
}
