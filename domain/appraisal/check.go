package appraisal

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/formula"
)

// Fault is what is wrong with a scheme, and where: At is a path of its JSON, such as
// items/S1/formula. A formula's fault has line and column in the problem's params.
type Fault struct {
	At      string
	Problem domain.Problem
}

// Codes of faults.
const (
	FaultJSON        = "appraisal_scheme.json"         // fault
	FaultYearOnly    = "appraisal_scheme.year_only"    // role
	FaultNoItems     = "appraisal_scheme.no_items"     //
	FaultTooMany     = "appraisal_scheme.too_many"     // most
	FaultCode        = "appraisal_scheme.code"         // code
	FaultTwice       = "appraisal_scheme.twice"        // code
	FaultName        = "appraisal_scheme.name"         //
	FaultWeights     = "appraisal_scheme.weights"      // sum
	FaultNumber      = "appraisal_scheme.number"       // least, most
	FaultWord        = "appraisal_scheme.word"         // word, words
	FaultUnwanted    = "appraisal_scheme.unwanted"     // of a rated item
	FaultBandShort   = "appraisal_scheme.band_short"   //
	FaultBandOverlap = "appraisal_scheme.band_overlap" // x
	FaultBandFalls   = "appraisal_scheme.band_falls"   // x
	FaultMetric      = "appraisal_scheme.metric"       // metric
	FaultRaters      = "appraisal_scheme.raters"       // sum
	FaultScale       = "appraisal_scheme.scale"        // low, high
	FaultGate        = "appraisal_scheme.gate"         //
	FaultComposite   = "appraisal_scheme.composite"    // value
	FaultGrades      = "appraisal_scheme.grades"       // grade
	FaultLowest      = "appraisal_scheme.lowest"       // grade
	FaultGrade       = "appraisal_scheme.grade"        // grade
	FaultBonus       = "appraisal_scheme.bonus"        // grade
	FaultAnnual      = "appraisal_scheme.annual"       // sum
)

// Most of what a scheme may list.
const (
	mostItems  = 60
	mostRules  = 40
	mostPoints = 20
	mostName   = 100
)

var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,31}$`)

// Parse reads a scheme and checks it. Of what is no scheme's JSON it finds one fault.
func Parse(raw []byte) (Scheme, []Fault) {
	var s Scheme
	if err := json.Unmarshal(raw, &s, json.RejectUnknownMembers(true)); err != nil {
		at, fault := "", err.Error()
		if semantic, is := errors.AsType[*json.SemanticError](err); is {
			at = strings.TrimPrefix(string(semantic.JSONPointer), "/")
			if semantic.Err != nil {
				fault = semantic.Err.Error()
			}
		}
		if syntactic, is := errors.AsType[*jsontext.SyntacticError](err); is {
			at, fault = strings.TrimPrefix(string(syntactic.JSONPointer), "/"), syntactic.Err.Error()
		}
		return s, []Fault{{at, domain.Problem{Code: FaultJSON, Params: map[string]any{"fault": fault}}}}
	}
	return s, Check(s)
}

// JSON writes a scheme: the same bytes for the same scheme.
func (s Scheme) JSON() ([]byte, error) { return json.Marshal(s) }

// checker collects faults.
type checker struct {
	s      Scheme
	speaks languages
	faults []Fault
}

// Check finds all that is wrong with a scheme, in the order of its JSON; nothing is as good
// as fit to be published.
func Check(s Scheme) []Fault {
	speaks, err := speak()
	if err != nil {
		return []Fault{{"", domain.Problem{Code: formula.Failed, Params: map[string]any{"fault": err.Error()}}}}
	}
	c := &checker{s: s, speaks: speaks}
	c.head()
	c.items()
	c.raters()
	c.rules()
	c.grades()
	c.rest()
	c.composite()
	return c.faults
}

func (c *checker) fault(at, code string, params ...any) {
	p := domain.Problem{Code: code}
	if len(params) > 0 {
		p.Params = map[string]any{}
	}
	for i := 0; i < len(params); i += 2 {
		p.Params[params[i].(string)] = params[i+1]
	}
	c.faults = append(c.faults, Fault{at, p})
}

// between wants a number from least to most, with 6 places at most.
func (c *checker) between(at string, d decimal.Decimal, least, most int64) bool {
	fits := formula.Within(d) && d.Exponent() >= -6 && d.GreaterThanOrEqual(decimal.NewFromInt(least)) && d.LessThanOrEqual(decimal.NewFromInt(most))
	if !fits {
		c.fault(at, FaultNumber, "least", least, "most", most)
	}
	return fits
}

func (c *checker) word(at, word string, words ...string) {
	if !slices.Contains(words, word) {
		c.fault(at, FaultWord, "word", word, "words", strings.Join(words, ", "))
	}
}

func (c *checker) named(at string, name domain.Texts) {
	for _, text := range []string{name.ZH, name.EN} {
		if strings.TrimSpace(text) == "" || len([]rune(text)) > mostName {
			c.fault(at, FaultName)
			return
		}
	}
}

func (c *checker) formula(at string, source Formula, kind formula.Kind, speaks *formula.Language) {
	if _, err := speaks.Compile(string(source), kind); err != nil {
		p, _ := errors.AsType[domain.Problem](err)
		c.faults = append(c.faults, Fault{at, p})
	}
}

func (c *checker) head() {
	c.word("role", c.s.Role, Roles...)
	c.word("cycle", c.s.Cycle, CycleQuarter, CycleAnnual)
	if c.s.Role == "dept_manager" && c.s.Cycle == CycleQuarter {
		c.fault("cycle", FaultYearOnly, "role", c.s.Role)
	}
}

func (c *checker) items() {
	if len(c.s.Items) == 0 {
		c.fault("items", FaultNoItems)
		return
	}
	if len(c.s.Items) > mostItems {
		c.fault("items", FaultTooMany, "most", mostItems)
		return
	}
	seen, sum, whole := map[string]bool{}, decimal.Zero, true
	for _, item := range c.s.Items {
		at := "items/" + item.Code
		c.code(at, item.Code, seen)
		if c.between(at+"/w", item.Weight, 0, 100) {
			sum = sum.Add(item.Weight)
		} else {
			whole = false
		}
		c.word(at+"/group", item.Group, GroupSales, GroupCustomer, GroupTeam, GroupCompetence)
		c.named(at+"/name", item.Name)
		c.word(at+"/kind", item.Kind, IndicatorComputed, IndicatorRated)
		c.indicator(at, item)
	}
	if whole && !sum.Equal(hundred) {
		c.fault("items", FaultWeights, "sum", sum.String())
	}
}

// CheckIndicator judges an item without its weight: a row of the library.
func CheckIndicator(item Item) []Fault {
	speaks, err := speak()
	if err != nil {
		return []Fault{{"", domain.Problem{Code: formula.Failed, Params: map[string]any{"fault": err.Error()}}}}
	}
	c := &checker{speaks: speaks}
	c.code("code", item.Code, map[string]bool{})
	c.word("group", item.Group, GroupSales, GroupCustomer, GroupTeam, GroupCompetence)
	c.named("name", item.Name)
	c.word("kind", item.Kind, IndicatorComputed, IndicatorRated)
	c.indicator("", item)
	return c.faults
}

func (c *checker) indicator(at string, item Item) {
	at = strings.TrimPrefix(at+"/", "/")
	if item.Kind == IndicatorRated {
		if item.Formula != "" {
			c.fault(at+"formula", FaultUnwanted)
		}
	} else {
		c.formula(at+"formula", item.Formula, formula.Number, c.speaks.facts)
		if len(item.Band) < 2 {
			c.fault(at+"band", FaultBandShort)
		}
	}
	c.band(at+"band", item.Band)
	if len(item.Hints) > mostPoints {
		c.fault(at+"hints", FaultTooMany, "most", mostPoints)
	}
	for _, hint := range item.Hints {
		if _, known := FindMetric(hint); !known {
			c.fault(at+"hints", FaultMetric, "metric", hint)
		}
	}
}

func (c *checker) band(at string, band []Point) {
	if len(band) == 1 {
		c.fault(at, FaultBandShort)
	}
	if len(band) > mostPoints {
		c.fault(at, FaultTooMany, "most", mostPoints)
		return
	}
	for i, p := range band {
		here := at + "/" + strconv.Itoa(i+1)
		fits := c.between(here, p.X, -1_000_000_000, 1_000_000_000)
		if !c.between(here, p.Y, 0, 120) || !fits || i == 0 {
			continue
		}
		before := band[i-1]
		switch {
		case p.X.LessThanOrEqual(before.X):
			c.fault(here, FaultBandOverlap, "x", p.X.String())
		case p.Y.LessThan(before.Y):
			c.fault(here, FaultBandFalls, "x", p.X.String())
		}
	}
}

func (c *checker) code(at, code string, seen map[string]bool) {
	switch {
	case !codeForm.MatchString(code):
		c.fault(at, FaultCode, "code", code)
	case seen[code]:
		c.fault(at, FaultTwice, "code", code)
	}
	seen[code] = true
}

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
