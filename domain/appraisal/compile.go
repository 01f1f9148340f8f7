package appraisal

import (
	"sync"

	"github.com/shopspring/decimal"

	"satchel/domain/formula"
)

// Names that formulas may use beside metrics.
const (
	nameCycleFrom  = "cycle.from"
	nameCycleTo    = "cycle.to"
	namePersonFrom = "person.from"
	namePersonTo   = "person.to"
	nameCycleDays  = "cycle.days"
	namePersonDays = "person.days"
)

// metricPrefix stands before a metric's key in a formula.
const metricPrefix = "metric."

// compositeNames are the names of the composite's formula.
var compositeNames = []string{"raters.self", "raters.superior", "raters.customer", "self", "superior", "customer", "deductions"}

// languages are the two in which a scheme is written: of facts, and of the composite.
type languages struct{ facts, composite *formula.Language }

var speak = sync.OnceValues(func() (both languages, err error) {
	numbers := []string{nameCycleDays, namePersonDays}
	for _, m := range Metrics {
		numbers = append(numbers, metricPrefix+m.Key)
	}
	if both.facts, err = formula.NewLanguage(numbers, []string{nameCycleFrom, nameCycleTo, namePersonFrom, namePersonTo}); err != nil {
		return both, err
	}
	both.composite, err = formula.NewLanguage(compositeNames, nil)
	return both, err
})

// Reckoner is a scheme whose formulas are compiled: to be used for many people, by
// several goroutines.
type Reckoner struct {
	scheme     Scheme
	items      []*formula.Formula // nil of a rated one
	deductions []condition
	gates      []condition
	composite  *formula.Formula
}

// condition is when something holds, and to what it comes.
type condition struct{ when, points *formula.Formula }

// Compile compiles a scheme's formulas. An error is the first problem of a formula; Check
// finds all, and what else may be wrong with a scheme.
func Compile(scheme Scheme) (*Reckoner, error) {
	speaks, err := speak()
	if err != nil {
		return nil, err
	}
	r := &Reckoner{scheme: scheme}
	compile := func(f Formula, kind formula.Kind) *formula.Formula {
		if err != nil {
			return nil
		}
		var compiled *formula.Formula
		compiled, err = speaks.facts.Compile(string(f), kind)
		return compiled
	}
	for _, item := range scheme.Items {
		if item.Kind == IndicatorRated {
			r.items = append(r.items, nil)
			continue
		}
		r.items = append(r.items, compile(item.Formula, formula.Number))
	}
	for _, d := range scheme.Deductions {
		r.deductions = append(r.deductions, condition{compile(d.When, formula.Truth), compile(d.Points, formula.Number)})
	}
	for _, g := range scheme.Gates {
		r.gates = append(r.gates, condition{when: compile(g.When, formula.Truth)})
	}
	if err != nil {
		return nil, err
	}
	r.composite, err = speaks.composite.Compile(string(scheme.Composite), formula.Number)
	return r, err
}

// Evaluate reckons somebody's facts by a scheme that Check has passed. It is a function of
// its arguments alone: the same in any process, at any time. An error is a problem of a
// formula or of the facts, such as a rating that is none.
func Evaluate(scheme Scheme, facts Facts) (Result, error) {
	r, err := Compile(scheme)
	if err != nil {
		return Result{}, err
	}
	return r.Evaluate(facts)
}

// bounded holds a number between two.
func bounded(d, least, most decimal.Decimal) decimal.Decimal {
	return decimal.Min(decimal.Max(d, least), most)
}
