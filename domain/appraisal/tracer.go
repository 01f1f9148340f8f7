package appraisal

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"satchel/domain"
)

// value is a number, or why there is none.
type value struct {
	decimal.Decimal
	known bool
	why   string
}

func is(d decimal.Decimal) value { return value{Decimal: d, known: true} }
func none(why string) value      { return value{why: why} }

func (v value) text() string {
	if !v.known {
		return ""
	}
	return v.String()
}

func (v value) pointer() *decimal.Decimal {
	if !v.known {
		return nil
	}
	return &v.Decimal
}

// tracer keeps steps as they are made, the parts before the whole.
type tracer struct {
	scheme Scheme
	steps  []Step
	have   map[string]value
}

// note keeps a step with its value.
func (t *tracer) note(step Step, v value) value {
	step.Version = t.scheme.Version
	if step.Op == OpFact && step.Rule == "" {
		step.Version = 0 // facts follow no rule
	} else {
		step.Rule = t.scheme.Name + "/" + step.Rule
	}
	step.Value, step.NA = v.text(), v.why
	t.steps = append(t.steps, step)
	t.have[step.Key] = v
	return v
}

// noteText keeps a step whose value is no number.
func (t *tracer) noteText(step Step, text string) {
	step.Version, step.Rule, step.Value = t.scheme.Version, t.scheme.Name+"/"+step.Rule, text
	t.steps = append(t.steps, step)
}

// trace is all steps, the last first: from the whole down.
func (t *tracer) trace() Trace {
	out := slices.Clone(t.steps)
	slices.Reverse(out)
	return out
}

// from is an input that is another step's value.
func (t *tracer) from(name, key string) Input {
	return Input{Name: name, From: key, Value: t.have[key].text()}
}

// plain is an input that stands in the scheme or the facts.
func plain(name string, d decimal.Decimal) Input { return Input{Name: name, Value: d.String()} }

// share makes an input a part of a sum.
func (i Input) share(weight, over decimal.Decimal) Input {
	i.Weight, i.Over = weight.String(), over.String()
	return i
}

func whole(n int) decimal.Decimal { return decimal.NewFromInt(int64(n)) }

func numbered(key string, i int) string { return key + "." + strconv.Itoa(i+1) }

func words(zh, en string) domain.Texts { return domain.Texts{ZH: zh, EN: en} }
