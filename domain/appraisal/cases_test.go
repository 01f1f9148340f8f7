package appraisal_test

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/appraisal"
)

// handCase is a case that was worked out by hand; see testdata/cases.json.
type handCase struct {
	ID     string `json:"id"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	Worked string `json:"worked"`
	Given  struct {
		Base     string                 `json:"base"`
		Role     string                 `json:"role"`
		Cycle    string                 `json:"cycle"`
		Metrics  map[string]*string     `json:"metrics"`
		Whole    []string               `json:"whole"`
		Parts    map[string][][3]string `json:"parts"`
		Present  [][2]string            `json:"present"`
		Self     jsontext.Value         `json:"self"`
		Superior jsontext.Value         `json:"superior"`
		Earlier  []any                  `json:"earlier"` // scores, days of the earlier superior, days of the one at cut-off
		Answers  [][3]string            `json:"answers"`
		Previous string                 `json:"previous"`
		Quarters []*string              `json:"quarters"`
		Scheme   map[string]any         `json:"scheme"`
		Move     string                 `json:"calibration"`
		Decision *appraisal.Decision    `json:"decision"`
		Held     [][3]string            `json:"held"`
	} `json:"given"`
	Want map[string]any `json:"want"`
}

func readCases(t testing.TB) []handCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		About string     `json:"about"`
		Cases []handCase `json:"cases"`
	}
	if err := json.Unmarshal(raw, &file, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// onTarget are the figures of somebody who is exactly on target.
func onTarget() map[string]string {
	return map[string]string{
		"amount": "100", "amount_target": "100", "volume": "100", "volume_target": "100", "profit": "100", "profit_target": "100", "months_hit": "3", "months": "3",
		"csat": "4.5", "repeat_accounts": "20", "active_accounts": "20", "new_accounts": "2", "new_accounts_target": "2",
		"coverage": "1", "late_reports": "0", "confirmed_fraud": "0", "major_complaints": "0", "overdue_approvals": "0", "letter_unsigned": "0",
	}
}

// example are those of the worked example.
func example() map[string]string {
	m := onTarget()
	for key, v := range map[string]string{
		"amount": "3240000", "amount_target": "3000000", "volume": "970", "volume_target": "1000", "profit": "510000", "profit_target": "500000", "months_hit": "2",
		"csat": "4.3", "repeat_accounts": "23", "active_accounts": "25", "coverage": "0.88", "late_reports": "0.05",
	} {
		m[key] = v
	}
	return m
}

// form are ratings in the order of the scheme's rated items; "-" is not rated.
func form(scheme appraisal.Scheme, rater, scores string) *appraisal.Form {
	f := &appraisal.Form{Rater: rater}
	all := strings.Fields(scores)
	for _, item := range scheme.Items {
		if item.Kind != appraisal.IndicatorRated {
			continue
		}
		if len(all) == 0 {
			break
		}
		r := appraisal.Rating{Item: item.Code}
		if all[0] != "-" {
			d := dec(all[0])
			r.Score = &d
		}
		f.Scores, all = append(f.Scores, r), all[1:]
	}
	return f
}

// setUp makes scheme and facts of a case.
func (c handCase) setUp(t testing.TB) (appraisal.Scheme, appraisal.Facts) {
	t.Helper()
	role, cycle := "rep", appraisal.CycleQuarter
	if c.Given.Role != "" {
		role = c.Given.Role
	}
	facts := appraisal.Facts{Cycle: appraisal.Span{From: "2026-07-01", To: "2026-09-30"}}
	if c.Given.Cycle != "" {
		cycle, facts.Cycle = c.Given.Cycle, appraisal.Span{From: "2026-01-01", To: "2026-12-31"}
	}
	scheme := c.scheme(t, appraisal.Default(role, cycle))
	facts.Present = []appraisal.Span{{From: "2020-01-01", To: "2030-12-31"}}
	if c.Given.Present != nil {
		facts.Present = nil
		for _, s := range c.Given.Present {
			facts.Present = append(facts.Present, appraisal.Span{From: s[0], To: s[1]})
		}
	}
	c.metrics(&facts)
	self, superior := "90 90 90 90 90", "80 80 80 80 80"
	answers := [][3]string{{"a", "A", "4 4 4 4 5"}, {"b", "A", "4 4 4 4 5"}, {"c", "B", "4 4 4 4 5"}}
	if c.Given.Base == "example" {
		self, superior = "92 90 88 92 92", "85 80 78 88 90"
		answers = [][3]string{{"a", "A", "5 4 4 4 5"}, {"b", "B", "5 5 5 5 4"}, {"b", "B", "5 5 5 4 4"}}
	}
	c.raters(t, scheme, &facts, self, superior)
	if c.Given.Answers != nil {
		answers = c.Given.Answers
	}
	for _, a := range answers {
		answer := appraisal.Answer{Account: a[0], Tier: a[1]}
		for mark := range strings.FieldsSeq(a[2]) {
			answer.Marks = append(answer.Marks, dec(mark))
		}
		facts.Answers = append(facts.Answers, answer)
	}
	for i, q := range c.Given.Quarters {
		quarter := appraisal.Quarter{Period: fmt.Sprintf("2026Q%d", i+1)}
		if q != nil {
			d := dec(*q)
			quarter.Score = &d
		}
		facts.Quarters = append(facts.Quarters, quarter)
	}
	if c.Given.Previous != "" {
		d := dec(c.Given.Previous)
		facts.PreviousCustomer = &d
	}
	if c.Given.Move != "" {
		facts.Calibration = &appraisal.Move{Points: dec(c.Given.Move), Reason: "试"}
	}
	facts.Decision = c.Given.Decision
	return scheme, facts
}

// scheme is one with what the case has otherwise, member by member.
func (c handCase) scheme(t testing.TB, s appraisal.Scheme) appraisal.Scheme {
	t.Helper()
	if c.Given.Scheme == nil {
		return s
	}
	raw, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for key, v := range c.Given.Scheme {
		members, is := v.(map[string]any)
		was, object := all[key].(map[string]any)
		if !is || !object {
			all[key] = v
			continue
		}
		for name, member := range members {
			was[name] = member
		}
	}
	if raw, err = json.Marshal(all); err != nil {
		t.Fatal(err)
	}
	s, faults := appraisal.Parse(raw)
	if len(faults) > 0 {
		t.Fatalf("%s: %v", c.ID, faults)
	}
	return s
}

func (c handCase) metrics(facts *appraisal.Facts) {
	figures := onTarget()
	if c.Given.Base == "example" {
		figures = example()
	}
	for key, v := range c.Given.Metrics {
		delete(figures, key)
		if v != nil {
			figures[key] = *v
		}
	}
	for key, v := range figures {
		d := dec(v)
		fact := appraisal.MetricFact{Key: key, Value: &d, Whole: slices.Contains(c.Given.Whole, key)}
		if parts := c.Given.Parts[key]; parts != nil {
			fact.Value = nil
			for _, p := range parts {
				fact.Parts = append(fact.Parts, appraisal.Part{Span: appraisal.Span{From: p[0], To: p[1]}, Value: dec(p[2])})
			}
		}
		facts.Metrics = append(facts.Metrics, fact)
	}
}

func (c handCase) raters(t testing.TB, scheme appraisal.Scheme, facts *appraisal.Facts, self, superior string) {
	t.Helper()
	read := func(raw jsontext.Value, usual string) (scores string, there bool) {
		switch {
		case raw == nil:
			return usual, true
		case string(raw) == "null":
			return "", false
		case raw[0] == '{':
			return "- - - - -", true
		}
		if err := json.Unmarshal(raw, &scores); err != nil {
			t.Fatal(err)
		}
		return scores, true
	}
	if scores, there := read(c.Given.Self, self); there {
		facts.Self = form(scheme, "self", scores)
	}
	days := 92
	if c.Given.Earlier != nil {
		earlier := form(scheme, "earlier", c.Given.Earlier[0].(string))
		earlier.Days, days = int(c.Given.Earlier[1].(float64)), int(c.Given.Earlier[2].(float64))
		facts.Superiors = append(facts.Superiors, *earlier)
	}
	if scores, there := read(c.Given.Superior, superior); there {
		f := form(scheme, "boss", scores)
		f.At, f.Days = true, days
		facts.Superiors = append(facts.Superiors, *f)
	}
}

// policy: R6.6 H-APR-3
//
// TestCasesWorkedByHand: each case's scheme, facts and result, and what another reader makes of
// its trace.
func TestCasesWorkedByHand(t *testing.T) {
	cases := readCases(t)
	if len(cases) < 40 {
		t.Fatalf("%d cases", len(cases))
	}
	seen := map[string]bool{}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			if seen[c.ID] || c.ZH == "" || c.EN == "" {
				t.Errorf("%s is not told, or there twice", c.ID)
			}
			seen[c.ID] = true
			if c.Given.Held != nil {
				c.mostDays(t)
				return
			}
			scheme, facts := c.setUp(t)
			for _, f := range appraisal.Check(scheme) {
				t.Errorf("the scheme: %s %v", f.At, f.Problem)
			}
			r, err := appraisal.Evaluate(scheme, facts)
			if want, refused := c.Want["error"]; refused {
				if domain.CodeOf(err) != want {
					t.Errorf("%v, not %s", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for key, want := range c.Want {
				if got := resultAs(r, key, want); got != fmt.Sprint(want) {
					t.Errorf("%s: %s is %s, not %v", c.EN, key, got, want)
				}
			}
			if _, none := c.Want["status"]; !none && r.Status != appraisal.StatusScored {
				t.Errorf("%s: %s", r.Status, r.Why)
			}
			readAgain(t, r)
		})
	}
}

func (c handCase) mostDays(t *testing.T) {
	t.Helper()
	var held []appraisal.Held
	for _, h := range c.Given.Held {
		held = append(held, appraisal.Held{What: h[0], Span: appraisal.Span{From: h[1], To: h[2]}})
	}
	for range 2 {
		what, days := appraisal.MostDays(held, appraisal.Span{From: "2026-07-01", To: "2026-09-30"})
		if what != c.Want["held"] || fmt.Sprint(days) != fmt.Sprint(c.Want["held_days"]) {
			t.Errorf("%s for %d days", what, days)
		}
		slices.Reverse(held)
	}
}

// resultAs is a member of a result in the form of what is wanted.
func resultAs(r appraisal.Result, key string, want any) string {
	number := func(d *decimal.Decimal) string {
		if d == nil {
			return "none"
		}
		_, places, _ := strings.Cut(fmt.Sprint(want), ".")
		if key == "self" || key == "superior" || key == "customer" || key == "composite" {
			return d.Round(int32(max(len(places), 2))).String()
		}
		return d.String()
	}
	switch key {
	case "self":
		return number(r.Self)
	case "superior":
		return number(r.Superior)
	case "customer":
		return number(r.Customer)
	case "composite":
		return number(r.Composite)
	case "deductions":
		return r.Deductions.String()
	case "computed":
		return number(r.Computed)
	case "score":
		return number(r.Score)
	case "coefficient":
		return number(r.Coefficient)
	case "status":
		return r.Status
	case "why":
		return r.Why
	case "grade":
		return r.Grade
	case "ungated":
		return r.Ungated
	case "days":
		return fmt.Sprint(r.Days)
	case "hold_bonus":
		return fmt.Sprint(r.HoldBonus)
	case "note_needed":
		return fmt.Sprint(r.NoteNeeded)
	case "gates":
		return fmt.Sprint(r.Gates)
	case "items":
		out := map[string]any{}
		for code := range want.(map[string]any) {
			out[code] = "none"
			for _, s := range r.Trace {
				if s.Key == "item."+code && s.Value != "" {
					out[code] = dec(s.Value).Round(2).String()
				}
			}
		}
		return fmt.Sprint(out)
	}
	return "no such member"
}
