package control_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// policy: R7.2 budgets
//
// TestWhatIsLeftIsCarriedOver: once, from the closed budget into the next year's that is
// in force, to the leaf of the same name; not what is in use, and nothing unless the
// budget is to do so.
func TestWhatIsLeftIsCarriedOver(t *testing.T) {
	d := open(t)
	if _, err := d.DB().NewQuery("UPDATE budgets SET carry = 'free'").Execute(); err != nil {
		t.Fatal(err)
	}
	d.spend(d.chen, "2026-03-10", 250_00)
	old := []*core.Record{d.budget, d.chen, d.he, d.x}
	d.on("2026-12-20")
	next := d.draft("2027")
	d.Must(d.Update("director.lin", d.x, map[string]any{"name": "新项目"}))
	d.on("2027-01-05")
	d.Job("budgetYear")
	d.Job("budgetCarry")
	if got := d.Fresh(old[0]).GetString("state"); got != "frozen" {
		t.Fatalf("it is %s", got)
	}
	d.on("2027-02-05")
	d.Job("budgetYear")
	d.Job("budgetCarry")
	if got := d.Fresh(old[0]); got.GetString("state") != "closed" || got.GetString("carried_at") != "" {
		t.Fatalf("with nothing to carry it into: %v", got.PublicExport())
	}
	d.approve(next)
	d.Job("budgetCarry")
	d.Job("budgetCarry")
	d.allocated("carried", 2250, 1750, 950, 800, 500)
	for i, want := range []int{250_00, 0, 500_00} {
		if got := d.Fresh(old[i+1]).GetInt("allocated_fen"); got != want {
			t.Errorf("%s keeps %d, want %d", old[i+1].GetString("name"), got, want)
		}
	}
	if got := d.Fresh(next); got.GetString("carried_from") != d.budget.Id || d.Fresh(old[0]).GetString("carried_at") == "" {
		t.Errorf("%v", got.PublicExport())
	}
	if n := d.Told("director.lin", "budget.carried"); n != 1 {
		t.Errorf("told %d times", n)
	}
}
