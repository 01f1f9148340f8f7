package service

import (
	"encoding/json/v2"
	"math/big"
	"slices"
	"testing"

	"satchel/domain"
)

var usual = map[string]int{PartFirst: 30, PartSolution: 40, PartSatisfaction: 30}

// TestAMissingPartIsNoZero: its weight goes to the parts that are there, and it is
// said to be missing.
//
// policy: R5.9 service_evaluations
func TestAMissingPartIsNoZero(t *testing.T) {
	for _, c := range []struct {
		what    string
		counted map[string]Count
		bp      int
		known   bool
		missing []string
	}{
		{"all", map[string]Count{PartFirst: {1, 1}, PartSolution: {1, 2}, PartSatisfaction: {3, 4}}, 7250, true, []string{}},
		{"no answers yet", map[string]Count{PartFirst: {9, 10}, PartSolution: {4, 5}}, 8429, true, []string{PartSatisfaction}}, // (2700+3200)/70
		{"nothing was raised", nil, 0, false, Parts},
		{"all was late", map[string]Count{PartFirst: {0, 3}}, 0, true, []string{PartSolution, PartSatisfaction}},
		{"a third", map[string]Count{PartSolution: {2, 3}}, 6667, true, []string{PartFirst, PartSatisfaction}},
	} {
		parts := NewParts(c.counted)
		bp, known := Score(parts, usual)
		if bp != c.bp || known != c.known || !slices.Equal(Missing(parts), c.missing) {
			t.Errorf("%s: %d %v, missing %v", c.what, bp, known, Missing(parts))
		}
	}
	if _, known := Score(NewParts(map[string]Count{PartFirst: {1, 1}}), map[string]int{PartSolution: 100}); known {
		t.Error("a part without weight makes a score")
	}
	out, err := json.Marshal(NewParts(map[string]Count{PartFirst: {0, 2}})[:2], json.Deterministic(true))
	if want := `[{"key":"first_response","num":0,"den":2,"score_bp":0,"missing":false},{"key":"solution","num":0,"den":0,"score_bp":null,"missing":true}]`; err != nil || string(out) != want {
		t.Errorf("%s %v", out, err)
	}
}

// TestTheScoreIsExact against fractions, and never beyond its bounds.
func TestTheScoreIsExact(t *testing.T) {
	half := big.NewRat(1, 2)
	for den := range 40 {
		for num := range den + 1 {
			parts := NewParts(map[string]Count{PartFirst: {num, den}})
			got, known := Score(parts, usual)
			if known != (den > 0) {
				t.Fatalf("%d/%d known: %v", num, den, known)
			}
			if !known {
				continue
			}
			exact := new(big.Rat).Add(big.NewRat(int64(num)*10_000, int64(den)), half)
			want := new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
			if int64(got) != want || got < 0 || got > 10_000 {
				t.Errorf("%d/%d: %d, want %d", num, den, got, want)
			}
		}
	}
}

func TestQuarters(t *testing.T) {
	for day, want := range map[string]string{
		"2026-01-01": "2026-Q1", "2026-03-31": "2026-Q1", "2026-04-01": "2026-Q2", "2026-09-30": "2026-Q3", "2026-12-31": "2026-Q4", "no day": "",
	} {
		if got := QuarterOf(day); got != want {
			t.Errorf("%s is of %q", day, got)
		}
	}
	for name, want := range map[string]domain.Period{
		"2026-Q1": {From: "2026-01-01", To: "2026-03-31"}, "2024-Q1": {From: "2024-01-01", To: "2024-03-31"}, "2026-Q4": {From: "2026-10-01", To: "2026-12-31"},
		"2026-Q5": {}, "2026-Q0": {}, "2026Q1": {}, "abcd-Q1": {}, "": {},
	} {
		if got := QuarterDays(name); got != want {
			t.Errorf("%s has %v", name, got)
		}
	}
}

func TestWhoStepsWithAnEvaluation(t *testing.T) {
	const stranger, state = "service_evaluation.not_service", "service_evaluation.state"
	service, line := []domain.Party{domain.PartyOffice}, []domain.Party{domain.PartyTeam}
	for _, c := range []struct {
		from, step string
		by         []domain.Party
		settled    bool
		want       string
	}{
		{EvaluationOpen, EvaluationEvaluate, service, false, EvaluationEvaluated},
		{EvaluationEvaluated, EvaluationEvaluate, service, false, EvaluationEvaluated},
		{EvaluationClosed, EvaluationEvaluate, service, true, state},
		{EvaluationOpen, EvaluationEvaluate, line, true, stranger},
		{EvaluationOpen, EvaluationClose, service, true, state},
		{EvaluationEvaluated, EvaluationClose, service, true, EvaluationClosed},
		{EvaluationEvaluated, EvaluationClose, service, false, EvaluationImproving},
		{EvaluationEvaluated, EvaluationClose, line, true, stranger},
	} {
		step, err := EvaluationMachine.Take(c.from, c.step, c.by, func(string) bool { return c.settled })
		got := domain.CodeOf(err)
		if err == nil {
			got = step.Next(c.from)
		}
		if got != c.want {
			t.Errorf("%s from %s by %v: %s, want %s", c.step, c.from, c.by, got, c.want)
		}
	}
}
