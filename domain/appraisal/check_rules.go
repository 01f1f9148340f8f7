package appraisal

import (
	"errors"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/formula"
)

func (c *checker) raters() {
	r, sum, whole := c.s.Raters, decimal.Zero, true
	for _, w := range []struct {
		at string
		d  decimal.Decimal
	}{{"raters/self", r.Self}, {"raters/superior", r.Superior}, {"raters/customer", r.Customer}} {
		whole = c.between(w.at, w.d, 0, 100) && whole
		sum = sum.Add(w.d)
	}
	if whole && !sum.Equal(hundred) {
		c.fault("raters", FaultRaters, "sum", sum.String())
	}
	c.word("raters/on_missing_self", r.MissingSelf, MissingRedistribute, MissingBlock)
	c.word("raters/on_missing_customer", r.MissingCustomer, MissingRedistribute, MissingPrevious, MissingBlock)
	c.count("raters/min_responses", r.MinResponses, 1, 10_000)
	c.count("raters/min_accounts", r.MinAccounts, 1, 10_000)
	q := c.s.Customer
	if c.between("customer/low", q.Low, 0, 100) && c.between("customer/high", q.High, 0, 100) && !q.Low.LessThan(q.High) {
		c.fault("customer", FaultScale, "low", q.Low.String(), "high", q.High.String())
	}
	seen := map[string]bool{}
	for _, t := range q.Tiers {
		c.code("customer/tiers/"+t.Tier, t.Tier, seen)
		if c.between("customer/tiers/"+t.Tier, t.Weight, 0, 1000) && t.Weight.IsZero() {
			c.fault("customer/tiers/"+t.Tier, FaultNumber, "least", 1, "most", 1000)
		}
	}
	if len(q.Tiers) == 0 || len(q.Tiers) > mostPoints {
		c.fault("customer/tiers", FaultTooMany, "most", mostPoints)
	}
}

func (c *checker) count(at string, n, least, most int) {
	c.between(at, decimal.NewFromInt(int64(n)), int64(least), int64(most))
}

func (c *checker) rules() {
	if len(c.s.Deductions) > mostRules || len(c.s.Gates) > mostRules {
		c.fault("deductions", FaultTooMany, "most", mostRules)
		return
	}
	seen := map[string]bool{}
	for _, d := range c.s.Deductions {
		at := "deductions/" + d.Code
		c.code(at, d.Code, seen)
		c.named(at+"/name", d.Name)
		c.formula(at+"/when", d.When, formula.Truth, c.speaks.facts)
		c.formula(at+"/points", d.Points, formula.Number, c.speaks.facts)
		c.between(at+"/most", d.Most, 0, 1000)
	}
	clear(seen)
	for _, g := range c.s.Gates {
		at := "gates/" + g.Code
		c.code(at, g.Code, seen)
		c.named(at+"/name", g.Name)
		c.formula(at+"/when", g.When, formula.Truth, c.speaks.facts)
		switch {
		case g.MaxGrade == "" && !g.HoldBonus:
			c.fault(at, FaultGate)
		case g.MaxGrade != "":
			c.grade(at+"/max_grade", g.MaxGrade)
		}
	}
}

func (c *checker) grade(at, grade string) {
	if c.s.place(grade) == len(c.s.Grades) {
		c.fault(at, FaultGrade, "grade", grade)
	}
}

func (c *checker) grades() {
	l := c.s.Limits
	if c.between("limits/least", l.Least, 0, 1000) && c.between("limits/most", l.Most, 0, 1000) && !l.Least.LessThan(l.Most) {
		c.fault("limits", FaultScale, "low", l.Least.String(), "high", l.Most.String())
	}
	seen := map[string]bool{}
	for i, g := range c.s.Grades {
		at := "grades/" + g.Code
		c.code(at, g.Code, seen)
		if c.between(at, g.From, 0, 1000) && i > 0 && !g.From.LessThan(c.s.Grades[i-1].From) {
			c.fault(at, FaultGrades, "grade", g.Code)
		}
	}
	switch n := len(c.s.Grades); {
	case n == 0 || n > mostPoints:
		c.fault("grades", FaultTooMany, "most", mostPoints)
	case c.s.Grades[n-1].From.GreaterThan(l.Least):
		c.fault("grades/"+c.s.Grades[n-1].Code, FaultLowest, "grade", c.s.Grades[n-1].Code)
	}
	paid := map[string]bool{}
	for _, b := range c.s.Bonus.Coefficients {
		at := "bonus/" + b.Grade
		c.code(at, b.Grade, paid)
		c.grade(at, b.Grade)
		c.between(at, b.Value, 0, 100)
	}
	for _, g := range slices.Sorted(maps.Keys(seen)) {
		if !paid[g] {
			c.fault("bonus", FaultBonus, "grade", g)
		}
	}
	c.count("bonus/hold_bp", c.s.Bonus.HoldBP, 0, 10_000)
}

func (c *checker) rest() {
	c.between("calibration/points", c.s.Calibration.Points, 0, 100)
	for _, g := range c.s.Calibration.Guide {
		c.grade("calibration/guide/"+g.Grade, g.Grade)
		c.count("calibration/guide/"+g.Grade, g.MostBP, 0, 10_000)
	}
	c.between("self_inflation", c.s.SelfInflation, 0, 1000)
	if c.between("comments/below", c.s.Comments.Below, 0, 100) && c.between("comments/above", c.s.Comments.Above, 0, 100) && c.s.Comments.Above.LessThan(c.s.Comments.Below) {
		c.fault("comments", FaultScale, "low", c.s.Comments.Below.String(), "high", c.s.Comments.Above.String())
	}
	c.count("min_days", c.s.MinDays, 0, 366)
	if a := c.s.Annual; c.between("annual/quarters", a.Quarters, 0, 100) && c.between("annual/form", a.Form, 0, 100) && !a.Quarters.Add(a.Form).Equal(hundred) {
		c.fault("annual", FaultAnnual, "sum", a.Quarters.Add(a.Form).String())
	}
	c.word("managers", c.s.Managers, ManagersShown, ManagersByDays)
	c.count("rounding/score", int(c.s.Rounding.Score), 0, 4)
	c.word("rounding/mode", c.s.Rounding.Mode, "half_up")
}

// composite wants a formula that makes 100 of hundreds, whoever rates, and takes a deduction
// off as it is: else the limits, grades and bounds of the scheme would mean nothing.
func (c *checker) composite() {
	f, err := c.speaks.composite.Compile(string(c.s.Composite), formula.Number)
	if err != nil {
		p, _ := errors.AsType[domain.Problem](err)
		c.faults = append(c.faults, Fault{"composite", p})
		return
	}
	r := c.s.Raters
	for _, try := range []struct{ self, superior, customer, deductions, want int64 }{
		{1, 1, 1, 0, 100}, {1, 1, 0, 0, 100}, {0, 1, 0, 0, 100}, {0, 1, 1, 0, 100}, {1, 1, 1, 7, 93},
	} {
		given := map[string]decimal.Decimal{"deductions": decimal.NewFromInt(try.deductions)}
		total := decimal.Zero
		for _, rater := range []struct {
			name   string
			weight decimal.Decimal
			there  int64
		}{{raterSelf, r.Self, try.self}, {raterSuperior, r.Superior, try.superior}, {raterCustomer, r.Customer, try.customer}} {
			there := decimal.NewFromInt(rater.there)
			given["raters."+rater.name] = rater.weight.Mul(there)
			given[rater.name] = hundred.Mul(there)
			total = total.Add(rater.weight.Mul(there))
		}
		if total.Sign() <= 0 {
			continue
		}
		v, err := f.Eval(func(name string) any { return given[name] })
		if err != nil || !v.Known || !v.Number.Round(6).Equal(decimal.NewFromInt(try.want)) {
			c.fault("composite", FaultComposite, "want", try.want, "value", v.Number.Round(6).String())
			return
		}
	}
}
