package expense_test

import (
	"math/rand/v2"
	"testing"

	"satchel/domain/expense"
)

// TestPlannedMonths: what is not planned by months is spread over the node's, to the fen.
func TestPlannedMonths(t *testing.T) {
	var m expense.BudgetMonths
	m[3] = expense.BudgetSums{Allocated: 100}
	if got := expense.PlannedMonths("2026-04-01", "2026-06-30", false, m); got != [12]int{3: 33, 4: 33, 5: 34} {
		t.Error(got)
	}
	m[4].Allocated = 7
	if got := expense.PlannedMonths("2026-01-01", "2026-12-31", true, m); got != [12]int{3: 100, 4: 7} {
		t.Error(got)
	}
	r := rand.New(rand.NewPCG(25, 1))
	for range 1000 {
		all := r.IntN(1_000_000)
		sum := 0
		for _, fen := range expense.PlannedMonths("2026-01-01", "2026-12-31", false, expense.BudgetMonths{{Allocated: all}}) {
			sum += fen
		}
		if sum != all {
			t.Fatalf("%d of %d", sum, all)
		}
	}
}

func TestVariance(t *testing.T) {
	for _, c := range []struct{ planned, spent, fen, bp int }{
		{100, 100, 0, 0}, {100, 110, 10, 1000}, {100, 75, -25, -2500}, {0, 0, 0, 0}, {0, 5, 5, 100_000}, {1, expense.BudgetMost, expense.BudgetMost - 1, 100_000},
	} {
		if fen, bp := expense.Variance(c.planned, c.spent); fen != c.fen || bp != c.bp {
			t.Errorf("%d of %d: %d, %d", c.spent, c.planned, fen, bp)
		}
	}
}

// TestForecast: the mean of the months so far for those that are left, no less than
// what is spent and reserved.
func TestForecast(t *testing.T) {
	var m expense.BudgetMonths
	m[0].Spent, m[1].Spent = 100, 200
	for _, c := range []struct {
		from, to string
		month    int
		want     int
	}{
		{"2026-01-01", "2026-12-31", 1, 300 + 150*10},
		{"2026-01-01", "2026-12-31", 11, 300},
		{"2026-01-01", "2026-03-31", 1, 450},
		{"2026-01-01", "2026-03-31", 8, 300},
		{"2026-04-01", "2026-12-31", 1, 300}, // its days have not begun
	} {
		if got := expense.Forecast(c.from, c.to, m, c.month); got != c.want {
			t.Errorf("%v: %d", c, got)
		}
	}
	m[10].Reserved = 5000
	if got := expense.Forecast("2026-01-01", "2026-12-31", m, 1); got != 5300 {
		t.Errorf("with what is reserved: %d", got)
	}
}

func TestAlertDue(t *testing.T) {
	alerts := []int{8000, 9500}
	for _, c := range []struct {
		used, told, bp int
	}{{0, 0, 0}, {79, 0, 0}, {80, 0, 8000}, {80, 8000, 0}, {99, 0, 9500}, {99, 8000, 9500}, {99, 9500, 0}, {40, 9500, 0}} {
		if bp, due := expense.AlertDue(alerts, expense.BudgetSums{Allocated: 100, Reserved: c.used / 2, Spent: c.used - c.used/2}, c.told); bp != c.bp || due != (c.bp > 0) {
			t.Errorf("%d used, told of %d: %d %v", c.used, c.told, bp, due)
		}
	}
	if _, due := expense.AlertDue(alerts, expense.BudgetSums{}, 0); due {
		t.Error("of nothing")
	}
}

func TestReviewState(t *testing.T) {
	for _, c := range [][3]string{{"", "", "open"}, {"late", "", "open"}, {"", "more", "open"}, {"late", "more", "done"}} {
		if got := expense.ReviewState(c[0], c[1]); got != c[2] {
			t.Errorf("%v: %s", c, got)
		}
	}
	if got := expense.ReviewDue("2026-12", 10); got != "2027-01-11" {
		t.Error(got)
	}
	if got := expense.Ratio(50, 1000); got != 500 {
		t.Error(got)
	}
}

// TestOwed: of what is held, what did cost and nobody has claimed yet.
func TestOwed(t *testing.T) {
	doc, claim := expense.BudgetDoc{Collection: "activities", ID: "a"}, expense.BudgetDoc{Collection: "claims", ID: "c"}
	held := expense.BudgetHolds([]expense.BudgetEntry{
		{Node: "n", Kind: expense.EntryReserve, Fen: 100, Day: "2026-03-16", Doc: doc, Line: "venue"},
		{Node: "n", Kind: expense.EntryReserve, Fen: 50, Day: "2026-03-16", Doc: doc, Line: "gift"},
		{Node: "n", Kind: expense.EntryRelease, Fen: 30, Day: "2026-03-16", Doc: doc, Line: "venue", Other: claim, OtherLine: "1"},
		{Node: "n", Kind: expense.EntryRelease, Fen: 50, Day: "2026-03-16", Doc: doc, Line: "gift"},
	})
	if len(held) != 1 || held[0].Reserved != 70 || held[0].Drawn != 30 {
		t.Fatalf("%+v", held)
	}
	for cost, want := range map[int]int{0: 0, 20: 0, 30: 0, 31: 1, 100: 70, 500: 70} {
		if got := held[0].Owed(cost); got != want {
			t.Errorf("of %d: %d, want %d", cost, got, want)
		}
	}
}
