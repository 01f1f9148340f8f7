package expense_test

import (
	"testing"

	"satchel/domain"
	"satchel/domain/expense"
)

func TestCheckPreapproval(t *testing.T) {
	for _, c := range []struct {
		day, to string
		fen     int
		want    string
	}{
		{"2026-03-16", "2026-03-16", 1, ""},
		{"2026-03-16", "2026-03-15", 1, "preapproval.days_invalid"},
		{"2026-02-30", "2026-03-15", 1, "preapproval.days_invalid"},
		{"2026-03-16", "2028-03-16", 1, "preapproval.days_invalid"},
		{"2026-03-16", "2026-03-16", 0, "preapproval.amount_invalid"},
		{"2026-03-16", "2026-03-16", expense.BudgetMost + 1, "preapproval.amount_invalid"},
	} {
		if got := domain.CodeOf(expense.CheckPreapproval(c.day, c.to, c.fen)); got != c.want {
			t.Errorf("%v: %q", c, got)
		}
	}
}

func TestApplied(t *testing.T) {
	for _, c := range []struct {
		day, applied string
		emergency    bool
		want         string
	}{
		{"2026-03-16", "2026-03-15", false, ""},
		{"2026-03-16", "2026-03-16", false, ""},
		{"2026-03-16", "2026-03-17", false, "preapproval.too_late"},
		{"2026-03-16", "2026-03-17", true, ""},
	} {
		if got := domain.CodeOf(expense.CheckApplied(c.day, c.applied, c.emergency)); got != c.want {
			t.Errorf("%v: %q", c, got)
		}
	}
}

func TestPreapprovalUsable(t *testing.T) {
	for _, c := range []struct {
		state, expires string
		emergency      bool
		due, want      string
	}{
		{"approved", "2026-03-16", false, "", ""},
		{"used", "2026-03-16", false, "", ""},
		{"approved", "2026-03-15", false, "", "preapproval.not_usable"},
		{"draft", "", false, "", "preapproval.not_usable"},
		{"submitted", "", false, "", "preapproval.not_usable"},
		{"draft", "", true, "2026-03-16", ""},
		{"returned", "", true, "2026-03-15", "preapproval.paper_overdue"},
		{"submitted", "", true, "2026-03-01", ""},
		{"rejected", "", true, "2026-03-20", "preapproval.not_usable"},
		{"closed", "2026-04-01", true, "2026-03-20", "preapproval.not_usable"},
	} {
		if got := domain.CodeOf(expense.PreapprovalUsable(c.state, c.expires, c.emergency, c.due, "2026-03-16")); got != c.want {
			t.Errorf("%v: %q", c, got)
		}
	}
}

func TestPreapprovalDraws(t *testing.T) {
	var none expense.PreapprovalDraws
	two := none.With("a", 5).With("b", 7)
	for what, c := range map[string][2]int{
		"two": {two.Sum(), 12}, "again": {two.With("a", 5).Sum(), 12}, "cut": {two.With("a", 2).Sum(), 9}, "given back": {two.With("a", 0).Sum(), 7},
		"of nobody": {none.Sum(), 0},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %d", what, c[0])
		}
	}
}
