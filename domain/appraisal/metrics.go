package appraisal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/formula"
)

// Reasons why something has no value; the catalogue has their words.
const (
	WhyNoFact      = "appraisal.na_no_fact"        // nothing is known of it
	WhyNoDenom     = "appraisal.na_no_denominator" // a part of it is n/a, or its target is 0 or below
	WhyFewDays     = "appraisal.na_few_days"
	WhyNotRated    = "appraisal.na_not_rated"
	WhyNothingLeft = "appraisal.na_nothing_left"
	WhyNoSelf      = "appraisal.na_no_self"
	WhyNoSuperior  = "appraisal.na_no_superior"
	WhyFewAnswers  = "appraisal.na_few_answers"
	WhyNoWeight    = "appraisal.na_no_weight"
	WhyNoQuarters  = "appraisal.na_no_quarters"
)

// metric is a metric's value for the person, noted when it is first asked for.
func (e *evaluation) metric(key string) value {
	at := "metric." + key
	if v, noted := e.have[at]; noted {
		return v
	}
	m, _ := FindMetric(key)
	i := slices.IndexFunc(e.facts.Metrics, func(f MetricFact) bool { return f.Key == key })
	if i < 0 {
		return e.note(Step{Key: at, Name: m.Name, Op: OpFact}, none(WhyNoFact))
	}
	fact := e.facts.Metrics[i]
	prorate := m.Target && !fact.Whole && e.days < e.cycleDays
	first := at
	if prorate {
		first = at + ".whole"
	}
	v := e.counted(first, m, fact)
	if !prorate {
		return v
	}
	step := Step{Key: at, Name: words(m.Name.ZH+"（按在岗天数折算）", m.Name.EN+" (by days of presence)"), Op: OpSum, Rule: "prorate"}
	if !v.known {
		return e.note(step, v)
	}
	days, over := whole(e.days), whole(e.cycleDays)
	step.Inputs = []Input{e.from("whole", first).share(days, over)}
	return e.note(step, is(formula.Divide(v.Mul(days), over)))
}

// counted is a metric as it was counted, its parts joined.
func (e *evaluation) counted(key string, m Metric, fact MetricFact) value {
	step := Step{Key: key, Name: m.Name, Op: OpFact, Records: fact.Records}
	switch {
	case len(fact.Parts) == 0 && fact.Value == nil:
		return e.note(step, none(cmp.Or(fact.NA, WhyNoFact)))
	case len(fact.Parts) == 0:
		return e.note(step, is(*fact.Value))
	}
	parts := slices.SortedFunc(slices.Values(fact.Parts), func(a, b Part) int {
		return cmp.Or(compareSpans(a.Span, b.Span), a.Value.Cmp(b.Value))
	})
	step.Op, step.Rule = OpSum, "join/"+m.Join
	days := 0
	for _, p := range parts {
		days += p.Days()
	}
	var sum exact
	for i, p := range parts {
		weight, over := decimal.NewFromInt(1), decimal.NewFromInt(1)
		switch {
		case m.Join == JoinDays:
			weight, over = whole(p.Days()), whole(max(days, 1))
		case m.Join == JoinLast && i < len(parts)-1:
			weight = decimal.Zero
		}
		step.Inputs = append(step.Inputs, plain(p.From+"/"+p.To, p.Value).share(weight, over))
		sum.add(p.Value, weight, over)
	}
	return e.note(step, is(sum.value()))
}

// reckon carries out a formula of facts and notes it.
func (e *evaluation) reckon(step Step, f *formula.Formula) (formula.Value, error) {
	v, inputs, err := e.eval(f)
	if err != nil {
		return v, err
	}
	step.Op, step.Inputs = OpFormula, inputs
	if v.Known {
		e.note(step, is(v.Number))
	} else {
		e.note(step, none(WhyNoDenom))
	}
	return v, nil
}

// holds judges a condition and notes it. What is not known does not hold.
func (e *evaluation) holds(step Step, f *formula.Formula) (bool, error) {
	v, inputs, err := e.eval(f)
	if err != nil {
		return false, err
	}
	step.Op, step.Inputs = OpFormula, inputs
	switch {
	case !v.Known:
		e.note(step, none(WhyNoFact))
	case v.Truth:
		e.noteText(step, "true")
	default:
		e.noteText(step, "false")
	}
	return v.Truth, nil
}

// eval carries out a formula of facts; inputs are the names that it uses, sorted.
func (e *evaluation) eval(f *formula.Formula) (v formula.Value, inputs []Input, err error) {
	for _, name := range f.Names() {
		if key, is := cutMetric(name); is {
			e.metric(key)
			inputs = append(inputs, e.from(name, name))
			continue
		}
		switch v := e.name(name).(type) {
		case decimal.Decimal:
			inputs = append(inputs, plain(name, v))
		case string:
			inputs = append(inputs, Input{Name: name, Value: v})
		}
	}
	v, err = f.Eval(e.name)
	return v, inputs, err
}

// name gives formulas of facts their values.
func (e *evaluation) name(name string) any {
	if key, is := cutMetric(name); is {
		if v := e.metric(key); v.known {
			return v.Decimal
		}
		return nil
	}
	switch name {
	case nameCycleDays:
		return whole(e.cycleDays)
	case namePersonDays:
		return whole(e.days)
	case nameCycleFrom:
		return e.facts.Cycle.From
	case nameCycleTo:
		return e.facts.Cycle.To
	}
	if len(e.present) == 0 {
		return nil
	}
	if name == namePersonFrom {
		return e.present[0].From
	}
	return e.present[len(e.present)-1].To
}

func cutMetric(name string) (key string, is bool) {
	return strings.CutPrefix(name, metricPrefix)
}

// CheckFacts wants metrics that there are, once each, and numbers within the bounds.
// Problems appraisal.metric_unknown and appraisal.metric_invalid.
func CheckFacts(facts Facts) error {
	seen := map[string]bool{}
	for _, f := range facts.Metrics {
		if _, known := FindMetric(f.Key); !known || seen[f.Key] {
			return domain.Problem{Code: "appraisal.metric_unknown", Params: map[string]any{"metric": f.Key}}
		}
		seen[f.Key] = true
		fits := f.Value == nil || formula.Within(*f.Value)
		for _, p := range f.Parts {
			fits = fits && formula.Within(p.Value)
		}
		if !fits {
			return domain.Problem{Code: "appraisal.metric_invalid", Params: map[string]any{"metric": f.Key}}
		}
	}
	return nil
}
