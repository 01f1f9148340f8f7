package expense_test

import (
	"testing"

	"satchel/domain"
	"satchel/domain/expense"
)

func TestCheckAdjustment(t *testing.T) {
	for what, c := range map[string]struct {
		kind, from, to string
		fen            int
		want           string
	}{
		"a transfer":              {"transfer", "a", "b", 1, ""},
		"a raise":                 {"raise", "", "b", 1, ""},
		"a lowering":              {"lower", "a", "", 1, ""},
		"to itself":               {"transfer", "a", "a", 1, "adjustment.same_node"},
		"a transfer from nowhere": {"transfer", "", "b", 1, "adjustment.nodes_invalid"},
		"a raise that takes":      {"raise", "a", "b", 1, "adjustment.nodes_invalid"},
		"a lowering that gives":   {"lower", "a", "b", 1, "adjustment.nodes_invalid"},
		"of nothing":              {"transfer", "a", "b", 0, "budget.amount_invalid"},
		"below nothing":           {"transfer", "a", "b", -5, "budget.amount_invalid"},
		"more than there is":      {"transfer", "a", "b", expense.BudgetMost + 1, "budget.amount_invalid"},
	} {
		if got := domain.CodeOf(expense.CheckAdjustment(c.kind, c.from, c.to, c.fen)); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

func TestSmallTransfer(t *testing.T) {
	for what, c := range map[string]struct {
		kind     string
		fen      int
		from, to string
		want     bool
	}{
		"below one manager, up to the amount": {"transfer", 500, "wu", "wu", true},
		"more":                                {"transfer", 501, "wu", "wu", false},
		"between two":                         {"transfer", 1, "wu", "xu", false},
		"below nobody":                        {"transfer", 1, "", "", false},
		"a raise":                             {"raise", 1, "wu", "wu", false},
	} {
		if got := expense.SmallTransfer(c.kind, c.fen, 500, c.from, c.to); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}

func TestTransferCircle(t *testing.T) {
	waiting := [][2]string{{"a", "b"}, {"b", "c"}, {"x", "y"}}
	for _, c := range []struct {
		from, to string
		want     bool
	}{{"c", "a", true}, {"b", "a", true}, {"a", "c", false}, {"y", "z", false}, {"c", "d", false}, {"y", "x", true}} {
		if got := expense.TransferCircle(waiting, c.from, c.to); got != c.want {
			t.Errorf("%s to %s: %v", c.from, c.to, got)
		}
	}
	if expense.TransferCircle([][2]string{{"b", "c"}, {"c", "b"}}, "a", "b") {
		t.Error("a circle of others is theirs")
	}
}

// TestCheckTaken: what is reserved or spent is not taken, also where it only warns.
func TestCheckTaken(t *testing.T) {
	var m expense.BudgetMonths
	m[0] = expense.BudgetSums{Allocated: 100, Reserved: 20}
	m[5] = expense.BudgetSums{Allocated: 100, Spent: 150}
	for _, c := range []struct {
		window, day string
		most        int
	}{
		{"year", "2026-01-01", 30},       // 200 less 170
		{"month", "2026-01-01", 30},      // 80 in January, and no more than the year has
		{"month", "2026-06-01", -50},     // June is overdrawn
		{"cumulative", "2026-01-01", 30}, // what January gives is missing in June
	} {
		if c.most > 0 {
			if err := expense.CheckTaken(c.window, m, c.day, c.most); err != nil {
				t.Errorf("%v: %v", c, err)
			}
		}
		if got := domain.CodeOf(expense.CheckTaken(c.window, m, c.day, max(c.most, 0)+1)); got != "adjustment.not_free" {
			t.Errorf("%v and one fen more: %q", c, got)
		}
	}
}

func TestCarryTo(t *testing.T) {
	node := func(id, name, rep string, leaf bool) expense.PlacedNode {
		return expense.PlacedNode{BudgetNode: expense.BudgetNode{ID: id, Name: name, Dims: expense.BudgetDims{Rep: rep}}, Leaf: leaf}
	}
	next := []expense.PlacedNode{node("top", "礼品", "chen", false), node("other", "礼品", "he", true), node("same", "礼品", "chen", true)}
	if got, found := expense.CarryTo(node("old", "礼品", "chen", true), next); !found || got.ID != "same" {
		t.Errorf("%v %v", got, found)
	}
	if _, found := expense.CarryTo(node("old", "差旅", "chen", true), next); found {
		t.Error("what is gone is found")
	}
}
