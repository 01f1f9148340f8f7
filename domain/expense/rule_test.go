package expense

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satchel/domain"
)

// ruleRow is a rule as vectors, and phones, have it.
type ruleRow struct {
	Code       string         `json:"code"`
	Version    int            `json:"version"`
	Kind       string         `json:"kind"`
	Severity   string         `json:"severity"`
	Params     jsontext.Value `json:"params"`
	Categories []string       `json:"categories"`
	Roles      []string       `json:"roles"`
	From       string         `json:"from_day"`
	To         string         `json:"to_day"`
	Active     bool           `json:"active"`
}

func (r ruleRow) rule(t *testing.T) Rule {
	t.Helper()
	kind, found := RuleKindOf(r.Kind)
	if !found {
		t.Fatalf("no kind %s", r.Kind)
	}
	params, err := kind.Read(r.Params)
	if err != nil {
		t.Fatal(err)
	}
	return Rule{
		ID: r.Code, Code: r.Code, Version: r.Version, Kind: r.Kind, Severity: r.Severity, Params: params, Categories: r.Categories, Roles: r.Roles,
		From: r.From, To: r.To, Active: r.Active,
	}
}

type ruleVector struct {
	Name, Result string
	Claim        ClaimFacts
	Hits         []struct {
		Line, Code, Pass string
		Params           map[string]any
	}
}

type ruleVectors struct {
	Kind, Severity string
	Params         jsontext.Value
	Categories     []string
	Also           []ruleRow
	Cases          []ruleVector
}

// policy: R7.3 H-EXP-1
// policy: R7.3 H-EXP-2
// policy: R7.3 H-EXP-4
//
// TestRuleVectors: testdata/rules has, for each kind, claims that keep it, that just do
// and that do not, with what is said of them.
func TestRuleVectors(t *testing.T) {
	for _, kind := range RuleKinds {
		if kind.judge == nil {
			continue
		}
		t.Run(kind.Kind, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join("testdata", "rules", kind.Kind+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var all ruleVectors
			if err := json.Unmarshal(raw, &all, json.MatchCaseInsensitiveNames(true), json.RejectUnknownMembers(true)); err != nil {
				t.Fatal(err)
			}
			rules := []Rule{ruleRow{
				Code: all.Kind, Version: 1, Kind: all.Kind, Severity: all.Severity, Params: all.Params, Categories: all.Categories, From: "2020-01-01", Active: true,
			}.rule(t)}
			for _, r := range all.Also {
				rules = append(rules, r.rule(t))
			}
			seen := map[string]int{}
			for _, c := range all.Cases {
				seen[c.Result]++
				checkVector(t, rules, all.Severity, c)
			}
			for _, result := range []string{"passes", "edge", "fails"} {
				if seen[result] == 0 {
					t.Errorf("no case that %s", result)
				}
			}
		})
	}
}

func checkVector(t *testing.T, rules []Rule, severity string, c ruleVector) {
	t.Helper()
	hits := JudgeClaim(rules, c.Claim)
	if len(hits) != len(c.Hits) || (len(hits) > 0) != (c.Result == "fails") {
		t.Errorf("%s: %+v", c.Name, hits)
		return
	}
	for i, hit := range hits {
		want := c.Hits[i]
		got, err := json.Marshal(hit.Params)
		if err != nil {
			t.Fatal(err)
		}
		var params map[string]any
		if err := json.Unmarshal(got, &params); err != nil {
			t.Fatal(err)
		}
		if hit.Line != want.Line || hit.Code != want.Code || hit.Pass != want.Pass || hit.Severity != severity || len(params)+len(want.Params) > 0 && !reflect.DeepEqual(params, want.Params) {
			t.Errorf("%s: %+v, not %+v", c.Name, hit, want)
		}
	}
}

func mileageOf(t *testing.T, code string, version int, from, fen string, more func(*ruleRow)) Rule {
	t.Helper()
	r := ruleRow{
		Code: code, Version: version, Kind: RuleMileage, Severity: HitWarns, Params: jsontext.Value(`{"km_fen":` + fen + `,"track_bp":11500}`),
		Categories: []string{"mileage"}, From: from, Active: true,
	}
	if more != nil {
		more(&r)
	}
	return r.rule(t)
}

// TestARateIsThatOfTheExpensesDay: a new rate re-prices nothing before its day; with
// another day it is picked anew, and what stood before is said; a general one holds where a
// special one is missing, and what was ended holds no longer.
func TestARateIsThatOfTheExpensesDay(t *testing.T) {
	rules := []Rule{
		mileageOf(t, "km", 1, "2026-01-01", "100", nil),
		mileageOf(t, "km", 2, "2026-07-01", "120", nil),
		mileageOf(t, "km", 3, "2026-09-01", "120", func(r *ruleRow) { r.Active = false }),
		mileageOf(t, "km-managers", 1, "2026-08-01", "150", func(r *ruleRow) { r.Roles = []string{"ka_manager"} }),
	}
	line := LineFacts{ID: "l", Category: "mileage", DistanceM: 10_000, TrackedM: 10_000}
	for _, c := range []struct {
		role, day string
		fen       int
	}{
		{"rep", "2025-12-31", -1},
		{"rep", "2026-06-30", 1_000},
		{"rep", "2026-07-01", 1_200},
		{"rep", "2026-09-01", -1},
		{"ka_manager", "2026-07-31", 1_200},
		{"ka_manager", "2026-08-01", 1_500},
		{"ka_manager", "2026-09-02", 1_500},
	} {
		line.Day = c.day
		got := ComputeLine(rules, c.role, line)
		if got == nil && c.fen >= 0 || got != nil && got.Fen != c.fen {
			t.Errorf("%s on %s: %+v, not %d", c.role, c.day, got, c.fen)
		}
	}
	line.Day = "2026-06-30"
	before := ComputeLine(rules, "rep", line)
	line.Day = "2026-07-01"
	after := ComputeLine(rules, "rep", line).After(before)
	if after.Before == nil || *after.Before != (ComputedBefore{"km", 1, 1_000, 100}) || after.Version != 2 {
		t.Errorf("another day: %+v", after)
	}
}

// TestEachDayHasItsOwnRate: a line over a change says what each rate comes to; a rule that
// begins within it reckons from its day on.
func TestEachDayHasItsOwnRate(t *testing.T) {
	days := func(code string, version int, from, severity, tiers string) Rule {
		return ruleRow{
			Code: code, Version: version, Kind: RulePerDiem, Severity: severity, Params: jsontext.Value(`{"tiers_fen":` + tiers + `,"meals":[]}`), Categories: []string{"days"}, From: from, Active: true,
		}.rule(t)
	}
	line := LineFacts{ID: "l", Category: "days", Day: "2026-06-30", ToDay: "2026-07-02", Fen: 45_000}
	c := ComputeLine([]Rule{days("a", 1, "2026-01-01", HitWarns, "[1,1,10000]"), days("a", 2, "2026-07-01", HitWarns, "[1,1,17500]")}, "rep", line)
	want := []ComputedPart{
		{From: "2026-06-30", To: "2026-06-30", Code: "a", Version: 1, RateFen: 10_000, Tier: 3, Fen: 10_000},
		{From: "2026-07-01", To: "2026-07-02", Code: "a", Version: 2, RateFen: 17_500, Tier: 3, Fen: 35_000},
	}
	if c.Fen != 45_000 || c.Days != 3 || !slices.Equal(c.Parts, want) {
		t.Errorf("%+v", c)
	}
	late := []Rule{days("b", 1, "2026-07-02", HitBlocks, "[1,1,10000]")}
	c = ComputeLine(late, "rep", line)
	if c.Fen != 10_000 || len(c.Parts) != 2 || c.Parts[0].Version != 0 || c.Parts[0].Fen != 0 {
		t.Errorf("it begins on the last day: %+v", c)
	}
	if hits := JudgeClaim(late, ClaimFacts{Role: "rep", Lines: []LineFacts{line}}); len(hits) != 1 || hits[0].Pass != "≤ 100.00" {
		t.Errorf("a line that begins before the rule: %+v", hits)
	}
	alike := []Rule{days("a", 1, "2026-01-01", HitWarns, "[1,1,10000]"), days("b", 1, "2026-07-01", HitWarns, "[1,1,17500]")}
	if hits := JudgeClaim(alike, ClaimFacts{Role: "rep", Lines: []LineFacts{line}}); len(hits) != 0 {
		t.Errorf("what one of two rules reckoned the other hits: %+v", hits)
	}
}

// TestTheNearestRuleHolds: a rule of a category goes before that of one above it; those of
// one severity that name a case equally well hold all.
func TestTheNearestRuleHolds(t *testing.T) {
	of := func(code, severity string, categories ...string) Rule {
		return ruleRow{Code: code, Version: 1, Kind: "no_visit", Severity: severity, Params: jsontext.Value(`{}`), Categories: categories, From: "2026-01-01", Active: true}.rule(t)
	}
	rules := []Rule{of("near", HitWarns, "taxi"), of("far", HitWarns, "visit"), of("also", HitWarns, "taxi"), of("hard", HitBlocks, "visit")}
	var got []string
	for _, r := range RulesFor(rules, "no_visit", "rep", LineFacts{Day: "2026-02-02", Category: "taxi", Above: []string{"travel", "visit"}}) {
		got = append(got, r.Code)
	}
	if strings.Join(got, " ") != "hard also near" {
		t.Error(got)
	}
}

// TestARuleIsWhatItsKindTakes: what is not there comes from the kind or the settings, what
// is wrong is refused by code.
func TestARuleIsWhatItsKindTakes(t *testing.T) {
	setting := func(string) (int, error) { return 7, nil }
	for _, kind := range RuleKinds {
		raw, err := kind.Fill(nil, setting)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := kind.Read(raw); err != nil {
			t.Errorf("%s does not take its own defaults %s: %v", kind.Kind, raw, err)
		}
	}
	ok := RuleDraft{Code: "late", Kind: "late", Severity: HitWarns, From: "2026-01-01", Params: []byte(`{"days":30,"issue_days":90}`)}
	known := func(code string) bool { return code == "gift" }
	for _, c := range []struct {
		name, code string
		change     func(d *RuleDraft)
	}{
		{"as it is", "", func(*RuleDraft) {}},
		{"no code", "expense_rule.code_invalid", func(d *RuleDraft) { d.Code = "Zu Spät" }},
		{"no kind", "expense_rule.kind_unknown", func(d *RuleDraft) { d.Kind = "x" }},
		{"a severity", "expense_rule.severity_invalid", func(d *RuleDraft) { d.Severity = "kill" }},
		{"no day", "expense_rule.days_invalid", func(d *RuleDraft) { d.From = "" }},
		{"over before it begins", "expense_rule.days_invalid", func(d *RuleDraft) { d.To = "2025-12-31" }},
		{"a number with a fraction", "expense_rule.param_invalid", func(d *RuleDraft) { d.Params = []byte(`{"days":30.5,"issue_days":90}`) }},
		{"out of bounds", "expense_rule.param_invalid", func(d *RuleDraft) { d.Params = []byte(`{"days":0,"issue_days":90}`) }},
		{"a text", "expense_rule.param_invalid", func(d *RuleDraft) { d.Params = []byte(`"days"`) }},
		{"missing", "expense_rule.param_missing", func(d *RuleDraft) { d.Params = []byte(`{"days":30}`) }},
		{"an expression", "expense_rule.param_unknown", func(d *RuleDraft) { d.Params = []byte(`{"days":30,"issue_days":90,"when":"1=1"}`) }},
		{"of no category", "expense_rule.category_unknown", func(d *RuleDraft) { d.Categories = []string{"gift", "gone"} }},
		{"for none", "expense_rule.categories_required", func(d *RuleDraft) { d.Kind, d.Params = "no_visit", []byte(`{}`) }},
		{"a day of no month's", "expense_rule.param_invalid", func(d *RuleDraft) { d.Kind, d.Params = "last_year", []byte(`{"until":"02-30"}`) }},
		{"a word of blanks", "expense_rule.param_invalid", func(d *RuleDraft) { d.Kind, d.Params = "forbidden", []byte(`{"words":["珠宝"," \u200b"]}`) }},
		{"a day of no month", "expense_rule.param_invalid", func(d *RuleDraft) { d.Kind, d.Params = "last_year", []byte(`{"until":"13-01"}`) }},
		{"two tiers", "expense_rule.param_invalid", func(d *RuleDraft) {
			d.Kind, d.Categories, d.Params = RuleLodging, []string{"gift"}, []byte(`{"tiers_fen":[1,2],"over_bp":10000}`)
		}},
	} {
		draft := ok
		c.change(&draft)
		if _, err := CheckRule(draft, known); domain.CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
