package analysis

import (
	"slices"
	"testing"

	"satchel/domain"
)

// policy: R4.14 sales_figures
//
// TestWhoKnowsWhat by his role: no sales figure for who does not sell, no profit for
// who is not over those who do.
func TestWhoKnowsWhat(t *testing.T) {
	amount, profit := Figure{Source: FromSales}, Figure{Source: FromSales, Profit: true}
	own, event := Figure{Source: FromEvents, Profit: true, Own: true}, Figure{Source: FromEvents}
	for role, want := range map[string]string{
		"rep": "amount own event", "ka_manager": "amount profit own event", "dept_manager": "amount profit own event", "finance": "amount profit own event",
		"executive": "amount profit own event", "admin": "amount profit own event", "auditor": "amount profit own event",
		"market": "event", "product": "event", "service": "event", "ops": "event", "reviewer": "event", "somebody": "event",
	} {
		got := ""
		for _, f := range []struct {
			name string
			Figure
		}{{"amount", amount}, {"profit", profit}, {"own", own}, {"event", event}} {
			if RightsOf(role).Knows(f.Figure) {
				got += " " + f.name
			}
		}
		if got != " "+want {
			t.Errorf("%s knows%s", role, got)
		}
	}
}

// TestNothingFinerThanAYear: without the right to profit, one's own attainment of a
// whole year, in whole percent.
func TestNothingFinerThanAYear(t *testing.T) {
	f := Figure{Key: "attain_profit", Kind: Ratio, Source: FromEvents, Profit: true, Own: true}
	whole := Query{Figure: f, Period: domain.Period{From: "2026-01-01", To: "2026-12-31"}}
	rep := RightsOf("rep")
	q, err := rep.Narrow(whole, "me")
	if err != nil || !slices.Equal(q.Filters[Person], []string{"me"}) {
		t.Errorf("%v %v", q.Filters, err)
	}
	for name, change := range map[string]func(q *Query){
		"a month":           func(q *Query) { q.Period.To = "2026-01-31" },
		"two years":         func(q *Query) { q.Period.From = "2025-01-01" },
		"by account":        func(q *Query) { q.By = []Dimension{Account} },
		"by month":          func(q *Query) { q.By = []Dimension{Person, Month} },
		"compared":          func(q *Query) { q.Compare = Prior },
		"another's":         func(q *Query) { q.Filters = map[Dimension][]string{Person: {"you"}} },
		"his and another's": func(q *Query) { q.Filters = map[Dimension][]string{Person: {"me", "you"}} },
		"of an account":     func(q *Query) { q.Filters = map[Dimension][]string{Person: {"me"}, Account: {"a"}} },
		"profit itself":     func(q *Query) { q.Figure.Own = false },
	} {
		q := whole
		change(&q)
		if _, err := rep.Narrow(q, "me"); domain.CodeOf(err) != "analysis.not_allowed" {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := RightsOf("ka_manager").Narrow(q, "me"); err != nil {
			t.Errorf("%s by a manager: %v", name, err)
		}
	}
	a, err := q.Answer(Cells{Total: &Part{867_123, 1_000_000}, Uncosted: 3, Corrections: map[string]Part{"2026-01": {5, 1}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rep.Blur(f, &a)
	if *a.Total.Value != 8600 || a.Total.Num != nil || a.Total.Den != nil || a.Uncosted != 0 || len(a.Corrections) != 0 {
		t.Errorf("%+v", a)
	}
}
