package appraisal

import (
	"github.com/shopspring/decimal"

	"satchel/domain"
)

// evaluation is one person's reckoning at work.
type evaluation struct {
	tracer
	r               *Reckoner
	facts           Facts
	present         []Span
	days, cycleDays int
	out             Result
}

// Evaluate reckons one person's facts: see the function Evaluate.
func (r *Reckoner) Evaluate(facts Facts) (Result, error) {
	if err := CheckFacts(facts); err != nil {
		return Result{}, err
	}
	e := &evaluation{tracer: tracer{scheme: r.scheme, have: map[string]value{}}, r: r, facts: facts, cycleDays: facts.Cycle.Days()}
	e.present = Presence(facts.Present, facts.Cycle)
	e.days = DaysOf(e.present)
	e.out.Days, e.out.CycleDays = e.days, e.cycleDays
	if err := e.run(); err != nil {
		return Result{}, err
	}
	e.out.Trace = e.trace()
	return e.out, nil
}

func (e *evaluation) run() error {
	if err := e.items(); err != nil {
		return err
	}
	for _, step := range []func() error{e.forms, e.customers, e.distance, e.deduct, e.composite, e.judgeGates} {
		if err := step(); err != nil {
			return err
		}
	}
	if e.out.Status != "" {
		return nil
	}
	if err := e.final(); err != nil {
		return err
	}
	e.grade()
	return nil
}

// stop ends the reckoning without a score.
func (e *evaluation) stop(status, why string) {
	if e.out.Status == "" {
		e.out.Status, e.out.Why = status, why
		e.note(Step{Key: "score", Name: words("无考核得分", "No score"), Op: OpFact, Rule: "status"}, none(why))
	}
}

// deduct notes each deduction whose condition holds, and their sum.
func (e *evaluation) deduct() error {
	sum := Step{Key: "deductions", Name: words("扣分合计", "Deductions"), Op: OpSum, Rule: "deductions"}
	var total exact
	one := decimal.NewFromInt(1)
	for i, d := range e.scheme.Deductions {
		rule, key := "deductions/"+d.Code, "deduction."+d.Code
		holds, err := e.holds(Step{Key: key + ".when", Name: words(d.Name.ZH+"（条件）", d.Name.EN+" (condition)"), Rule: rule + "/when", Formula: d.When}, e.r.deductions[i].when)
		if err != nil {
			return err
		}
		if !holds {
			continue
		}
		if _, err := e.reckon(Step{Key: key + ".points", Name: words(d.Name.ZH+"（计算）", d.Name.EN+" (reckoned)"), Rule: rule + "/points", Formula: d.Points}, e.r.deductions[i].points); err != nil {
			return err
		}
		points := e.have[key+".points"]
		if !points.known {
			continue
		}
		most := d.Most
		if most.IsZero() {
			most = decimal.New(1, 12)
		}
		clamp := Step{Key: key, Name: d.Name, Op: OpClamp, Rule: rule, Inputs: []Input{e.from("value", key+".points"), plain("least", decimal.Zero), plain("most", most)}}
		taken := e.note(clamp, is(bounded(points.Decimal, decimal.Zero, most)))
		e.out.Deducted = append(e.out.Deducted, Taken{d.Code, taken.Decimal})
		sum.Inputs = append(sum.Inputs, e.from(d.Code, key).share(one, one))
		total.add(taken.Decimal, one, one)
	}
	e.out.Deductions = e.note(sum, is(total.value())).Decimal
	return nil
}

// composite weighs the raters, and takes the deductions off.
func (e *evaluation) composite() error {
	if e.out.Status != "" {
		return nil
	}
	weights := e.raters()
	if e.out.Status != "" {
		return nil
	}
	compute := func(key string, name domain.Texts, deductions Input) (value, error) {
		step := Step{Key: key, Name: name, Op: OpFormula, Rule: "composite", Formula: e.scheme.Composite}
		given := map[string]decimal.Decimal{}
		for _, rater := range []string{raterSelf, raterSuperior, raterCustomer} {
			score := e.have[rater]
			counts := score.known && weights[rater].Sign() > 0
			given["raters."+rater], given[rater] = decimal.Zero, decimal.Zero
			input := Input{Name: rater, From: rater, Value: "0"}
			if counts {
				given["raters."+rater], given[rater] = weights[rater], score.Decimal
				input = e.from(rater, rater)
			} else {
				input.From = ""
			}
			step.Inputs = append(step.Inputs, plain("raters."+rater, given["raters."+rater]), input)
		}
		step.Inputs = append(step.Inputs, deductions)
		given["deductions"] = num(deductions.Value)
		v, err := e.r.composite.Eval(func(name string) any { return given[name] })
		if err != nil {
			return value{}, err
		}
		if !v.Known {
			return e.note(step, none(WhyNoWeight)), nil
		}
		return e.note(step, is(v.Number)), nil
	}
	whole, err := compute("composite", words("综合得分（扣分前）", "Composite before deductions"), plain("deductions", decimal.Zero))
	if err != nil {
		return err
	}
	if !whole.known {
		e.stop(StatusNone, WhyNoWeight)
		return nil
	}
	e.out.Composite = whole.pointer()
	_, err = compute("net", words("综合得分（扣分后）", "Composite after deductions"), e.from("deductions", "deductions"))
	return err
}

// raters are the weights of those whose score there is; who is missing and may not be
// stops the reckoning.
func (e *evaluation) raters() map[string]decimal.Decimal {
	r := e.scheme.Raters
	weights := map[string]decimal.Decimal{raterSelf: r.Self, raterSuperior: r.Superior, raterCustomer: r.Customer}
	switch {
	case e.days < e.scheme.MinDays:
		e.stop(StatusNone, WhyFewDays)
	case !e.have[raterSuperior].known && e.have[raterSuperior].why == WhyNothingLeft:
		e.stop(StatusNone, WhyNothingLeft)
	case r.Superior.Sign() > 0 && !e.have[raterSuperior].known:
		e.stop(StatusBlocked, e.have[raterSuperior].why)
	case r.Self.Sign() > 0 && !e.have[raterSelf].known && r.MissingSelf == MissingBlock:
		e.stop(StatusBlocked, e.have[raterSelf].why)
	case r.Customer.Sign() > 0 && !e.have[raterCustomer].known && r.MissingCustomer == MissingBlock:
		e.stop(StatusBlocked, e.have[raterCustomer].why)
	}
	return weights
}

// final bounds, mixes the year, rounds, calibrates and puts a decision in its place.
func (e *evaluation) final() error {
	key := e.clamp("bounded", "net", words("限定范围后", "Within the limits"))
	if e.scheme.Cycle == CycleAnnual {
		e.year()
		key = "year"
	}
	e.round("rounded", key, words("考核得分（校准前）", "Score before calibration"))
	e.out.Computed = e.have["rounded"].pointer()
	last := "rounded"
	if m := e.facts.Calibration; m != nil && !m.Points.IsZero() {
		if err := CheckMove(e.scheme, *m); err != nil {
			return err
		}
		one := decimal.NewFromInt(1)
		step := Step{Key: "moved", Name: words("校准", "Calibration"), Op: OpSum, Rule: "calibration", Inputs: []Input{e.from("rounded", last).share(one, one), plain("calibration", m.Points).share(one, one)}}
		e.note(step, is(e.have[last].Add(m.Points)))
		last = e.clamp("moved.bounded", "moved", words("校准后限定范围", "Calibrated, within the limits"))
	}
	if d := e.facts.Decision; d != nil && d.Score != nil {
		step := Step{Key: "decided", Name: words("申诉或复核决定的得分", "Score by decision"), Op: OpReplace, Rule: "decision", Inputs: []Input{e.from("score", last), plain("decision", *d.Score)}}
		e.note(step, is(*d.Score))
		last = e.clamp("decided.bounded", "decided", words("决定后限定范围", "Decided, within the limits"))
	}
	e.round("score", last, words("最终得分", "Final score"))
	e.out.Score, e.out.Status = e.have["score"].pointer(), StatusScored
	return nil
}

func (e *evaluation) clamp(key, of string, name domain.Texts) string {
	l := e.scheme.Limits
	step := Step{Key: key, Name: name, Op: OpClamp, Rule: "limits", Inputs: []Input{e.from("value", of), plain("least", l.Least), plain("most", l.Most)}}
	e.note(step, is(bounded(e.have[of].Decimal, l.Least, l.Most)))
	return key
}

func (e *evaluation) round(key, of string, name domain.Texts) {
	step := Step{Key: key, Name: name, Op: OpRound, Rule: "rounding", Inputs: []Input{e.from("value", of), plain("places", decimal.NewFromInt32(e.scheme.Rounding.Score))}}
	e.note(step, is(e.have[of].Round(e.scheme.Rounding.Score)))
}

// year mixes the mean of the quarters that have a score with the year's own.
func (e *evaluation) year() {
	var mean exact
	step := Step{Key: "quarters", Name: words("季度得分平均", "Mean of the quarters"), Op: OpSum, Rule: "annual/quarters"}
	scored := e.scored()
	for _, q := range scored {
		one, over := decimal.NewFromInt(1), whole(len(scored))
		step.Inputs = append(step.Inputs, plain(q.Period, *q.Score).share(one, over))
		mean.add(*q.Score, one, over)
	}
	quarters := none(WhyNoQuarters)
	if len(scored) > 0 {
		quarters = is(mean.value())
	}
	e.note(step, quarters)
	a := e.scheme.Annual
	mix := Step{Key: "year", Name: words("年度得分", "Score of the year"), Op: OpSum, Rule: "annual"}
	over, sum := a.Form, exact{}
	if quarters.known {
		over = over.Add(a.Quarters)
		mix.Inputs = append(mix.Inputs, e.from("quarters", "quarters").share(a.Quarters, over))
		sum.add(quarters.Decimal, a.Quarters, over)
	}
	if over.IsZero() { // the scheme leaves the year to its quarters, and there are none
		a.Form, over = decimal.NewFromInt(1), decimal.NewFromInt(1)
	}
	mix.Inputs = append(mix.Inputs, e.from("form", "bounded").share(a.Form, over))
	sum.add(e.have["bounded"].Decimal, a.Form, over)
	e.note(mix, is(sum.value()))
}
