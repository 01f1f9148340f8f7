package appraisal_test

import (
	"bytes"
	"encoding/json/v2"
	"go/ast"
	"go/parser"
	"go/token"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"satchel/domain/appraisal"
	"satchel/internal/effort"
)

// random makes facts: some figures and ratings are missing, some superiors are two.
func random(dice *rand.Rand, scheme appraisal.Scheme) appraisal.Facts {
	part := func(most int64, places int32) *decimal.Decimal {
		d := decimal.New(dice.Int64N(most), -places)
		return &d
	}
	f := appraisal.Facts{Cycle: appraisal.Span{From: "2026-07-01", To: "2026-09-30"}, Present: []appraisal.Span{{From: "2026-07-01", To: "2026-09-30"}}}
	if dice.IntN(3) == 0 {
		f.Present = []appraisal.Span{{From: "2026-07-17", To: "2026-08-03"}, {From: "2026-08-20", To: "2026-12-31"}}
	}
	for _, m := range appraisal.Metrics {
		fact := appraisal.MetricFact{Key: m.Key}
		most, places := int64(2000), int32(1)
		switch m.Key {
		case "coverage", "late_reports", "overdue_approvals", "repeat_accounts":
			most, places = 1001, 3
		case "csat":
			most, places = 501, 2
		case "confirmed_fraud", "major_complaints", "letter_unsigned", "months_hit":
			most, places = 3, 0
		}
		switch dice.IntN(6) {
		case 0:
		case 1:
			fact.Parts = []appraisal.Part{
				{Span: appraisal.Span{From: "2026-07-01", To: "2026-08-04"}, Value: *part(most, places)},
				{Span: appraisal.Span{From: "2026-08-05", To: "2026-09-30"}, Value: *part(most, places)},
			}
		default:
			fact.Value = part(most, places)
		}
		f.Metrics = append(f.Metrics, fact)
	}
	rated := func(rater string) appraisal.Form {
		out := appraisal.Form{Rater: rater, Days: 1 + dice.IntN(60)}
		for _, item := range scheme.Items {
			if item.Kind == appraisal.IndicatorRated && dice.IntN(5) > 0 {
				out.Scores = append(out.Scores, appraisal.Rating{Item: item.Code, Score: part(1001, 1)})
			}
		}
		return out
	}
	if dice.IntN(5) > 0 {
		self := rated("self")
		f.Self = &self
	}
	boss := rated("boss")
	boss.At = true
	f.Superiors = []appraisal.Form{boss}
	if dice.IntN(2) == 0 {
		f.Superiors = append(f.Superiors, rated("earlier"), rated("first"))
	}
	for range dice.IntN(9) {
		a := appraisal.Answer{Account: string(rune('a' + dice.IntN(4))), Tier: "A"}
		a.Tier = map[string]string{"a": "A", "b": "B", "c": "C", "d": "C"}[a.Account]
		for range dice.IntN(6) {
			a.Marks = append(a.Marks, decimal.NewFromInt(1+dice.Int64N(5)))
		}
		f.Answers = append(f.Answers, a)
	}
	if dice.IntN(3) == 0 {
		f.Calibration = &appraisal.Move{Points: decimal.New(dice.Int64N(1001)-500, -2), Reason: "x"}
	}
	return f
}

func schemeOf(dice *rand.Rand) appraisal.Scheme {
	s := appraisal.Default(appraisal.Roles[dice.IntN(3)], appraisal.CycleAnnual)
	s.Managers = []string{appraisal.ManagersShown, appraisal.ManagersByDays}[dice.IntN(2)]
	s.Raters.MissingCustomer = []string{appraisal.MissingRedistribute, appraisal.MissingPrevious, appraisal.MissingBlock}[dice.IntN(3)]
	return s
}

func evaluated(t *testing.T, s appraisal.Scheme, f appraisal.Facts) appraisal.Result {
	t.Helper()
	r, err := appraisal.Evaluate(s, f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func bytesOf(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// policy: R6.6 H-APR-3
//
// TestWhateverTheFacts: another reader of the trace comes to the same; the order of figures,
// ratings, answers and superiors changes no byte; weights of a form make its whole, and those
// of a group what the group has.
func TestWhateverTheFacts(t *testing.T) {
	dice := rand.New(rand.NewPCG(27, 1))
	scored := 0
	for range effort.Times(150, 3000) {
		s := schemeOf(dice)
		f := random(dice, s)
		r := evaluated(t, s, f)
		if r.Status == appraisal.StatusScored {
			scored++
		}
		readAgain(t, r)
		before := bytesOf(t, r)
		for _, list := range []func(){
			func() { slices.Reverse(f.Metrics) }, func() { slices.Reverse(f.Answers) }, func() { slices.Reverse(f.Superiors) }, func() { slices.Reverse(f.Present) },
			func() {
				for _, m := range f.Metrics {
					slices.Reverse(m.Parts)
				}
			},
			func() {
				for _, form := range f.Superiors {
					slices.Reverse(form.Scores)
				}
			},
		} {
			list()
		}
		if after := bytesOf(t, evaluated(t, s, f)); !bytes.Equal(before, after) {
			t.Fatalf("another order, another result:\n%s\n%s", before, after)
		}
		for _, step := range r.Trace {
			if strings.HasSuffix(step.Rule, "/items") {
				weighed(t, s, step)
			}
		}
		if t.Failed() {
			t.Fatalf("%s", bytesOf(t, f))
		}
	}
	if scored < 50 {
		t.Errorf("only %d had a score", scored)
	}
}

// weighed compares the weights of a form's step with those of the scheme.
func weighed(t *testing.T, s appraisal.Scheme, step appraisal.Step) {
	t.Helper()
	groups, left, all := map[string]*big.Rat{}, map[string]*big.Rat{}, new(big.Rat)
	group := map[string]string{}
	for _, item := range s.Items {
		group[item.Code] = item.Group
		if groups[item.Group] == nil {
			groups[item.Group] = new(big.Rat)
		}
		groups[item.Group].Add(groups[item.Group], item.Weight.Rat())
	}
	for _, in := range step.Inputs {
		if in.Value == "" {
			continue
		}
		w := new(big.Rat).Quo(rat(in.Weight), rat(in.Over))
		all.Add(all, w)
		if left[group[in.Name]] == nil {
			left[group[in.Name]] = new(big.Rat)
		}
		left[group[in.Name]].Add(left[group[in.Name]], w)
	}
	if step.Value == "" {
		if all.Sign() != 0 {
			t.Errorf("%s has weights and no value", step.Key)
		}
		return
	}
	if all.Cmp(big.NewRat(1, 1)) != 0 {
		t.Errorf("the weights of %s make %s", step.Key, all)
	}
	rest := new(big.Rat)
	for g := range left {
		rest.Add(rest, groups[g])
	}
	for g, w := range left {
		if want := new(big.Rat).Quo(groups[g], rest); w.Cmp(want) != 0 {
			t.Errorf("%s: %s weighs %s, not %s", step.Key, g, w, want)
		}
	}
}

// TestMoreIsNeverWorse: the score does not fall if one of the figures that count for
// somebody grows, or a rating of his.
func TestMoreIsNeverWorse(t *testing.T) {
	dice := rand.New(rand.NewPCG(27, 2))
	up := []string{"amount", "volume", "profit", "months_hit", "csat", "repeat_accounts", "new_accounts", "coverage"}
	for range effort.Times(100, 2000) {
		s := schemeOf(dice)
		f := random(dice, s)
		f.Calibration = nil
		before := evaluated(t, s, f)
		if before.Score == nil {
			continue
		}
		key, more := up[dice.IntN(len(up))], decimal.New(dice.Int64N(500), -2)
		for i, m := range f.Metrics {
			if m.Key == key && m.Value != nil {
				v := m.Value.Add(more)
				f.Metrics[i].Value = &v
			}
		}
		if dice.IntN(2) == 0 {
			for i, r := range f.Superiors[0].Scores {
				v := decimal.Min(r.Score.Add(more), decimal.NewFromInt(100))
				f.Superiors[0].Scores[i].Score = &v
			}
		}
		after := evaluated(t, s, f)
		if after.Score.LessThan(*before.Score) {
			t.Fatalf("%s or ratings by %s more: from %s to %s", key, more, before.Score, after.Score)
		}
	}
}

// TestAnotherReaderCatchesWhatIsNotSo: each value of a trace, moved by the least, is noticed;
// and so is a rule that was edited where it stands.
func TestAnotherReaderCatchesWhatIsNotSo(t *testing.T) {
	c := readCases(t)[0]
	s, f := c.setUp(t)
	r := evaluated(t, s, f)
	for i, step := range r.Trace {
		if step.Op == appraisal.OpFact || step.Value == "" {
			continue
		}
		spoilt := slices.Clone(r.Trace)
		spoilt[i].Value += "1"
		if reread(bytesOf(t, spoilt), r) == "" {
			t.Errorf("another value of %s goes unnoticed", step.Key)
		}
		if step.Formula != "" && step.Value != "true" && step.Value != "false" {
			spoilt[i] = step
			spoilt[i].Formula = "1 + " + step.Formula
			if reread(bytesOf(t, spoilt), r) == "" {
				t.Errorf("another formula of %s goes unnoticed", step.Key)
			}
		}
	}
	backwards := slices.Clone(r.Trace)
	slices.Reverse(backwards)
	if reread(bytesOf(t, backwards), r) == "" {
		t.Error("steps in another order go unnoticed")
	}
	edited := s
	edited.Items = slices.Clone(s.Items)
	edited.Items[0].Band = slices.Clone(s.Items[0].Band)
	edited.Items[0].Band[3].Y = decimal.NewFromInt(119)
	if bytes.Equal(bytesOf(t, r), bytesOf(t, evaluated(t, edited, f))) {
		t.Error("a rule edited in place leaves no trace")
	}
}

// TestAReckonerIsForMany: one compiled scheme gives the same for each as one of his own, and
// does not keep anything of the one before.
func TestAReckonerIsForMany(t *testing.T) {
	dice := rand.New(rand.NewPCG(27, 3))
	s := schemeOf(dice)
	compiled, err := appraisal.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		f := random(dice, s)
		one, err := compiled.Evaluate(f)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytesOf(t, one), bytesOf(t, evaluated(t, s, f))) {
			t.Fatal("what was reckoned before shows")
		}
	}
}

// TestNoFloatAndNoClock: the rules and their language hold no binary float, no clock and no
// dice, and range over maps where the order cannot show.
func TestNoFloatAndNoClock(t *testing.T) {
	for _, pattern := range []string{"*.go", "../formula/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range impure(t, path, string(raw)) {
				t.Errorf("%s: %s", path, fault)
			}
		}
	}
	for name, planted := range map[string]string{
		"float": "func f() float64 { return 1 }", "literal": "var x = 0.5", "clock": "func f() { _ = time.Now() }", "decimal to float": "func f() { d.InexactFloat64() }",
	} {
		if len(impure(t, "planted.go", "package p\n"+planted)) == 0 {
			t.Errorf("a planted %s goes unnoticed", name)
		}
	}
}

// impure are the names of what a rule must not use.
func impure(t *testing.T, path, source string) (found []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if n.Name == "float64" || n.Name == "float32" || n.Name == "NewFromFloat" || strings.HasSuffix(n.Name, "Float64") || n.Name == "Now" || n.Name == "rand" {
				found = append(found, n.Name)
			}
		case *ast.BasicLit:
			if n.Kind == token.FLOAT {
				found = append(found, n.Value)
			}
		}
		return true
	})
	return found
}

// BenchmarkEvaluate is one person by a compiled scheme.
func BenchmarkEvaluate(b *testing.B) {
	s, f := readCases(b)[0].setUp(b)
	compiled, err := appraisal.Compile(s)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := compiled.Evaluate(f); err != nil {
			b.Fatal(err)
		}
	}
}
