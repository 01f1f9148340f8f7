package appraisal

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"regexp"
	"slices"
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
