package activities_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/internal/testapp"
)

// TestWhatWasApprovedIsNotTakenAway: a line that was signed, and for which money is
// reserved, stays as long as the activity is in force.
func TestWhatWasApprovedIsNotTakenAway(t *testing.T) {
	d := open(t)
	nodes := d.budget(map[string]int{"活动": 1000})
	activity, line := d.waiting(900)
	d.Must(d.Decide("director.lin", activity, "approve", ""))
	d.Expect("a line that was signed", d.DeleteBy("market.lu", line), "record.kept")
	d.reserved("still", nodes["活动"], 900)
}

// TestCloseKeepsWhatIsOwedBesideWhatClaimsDrew: a claim has drawn a part of a line, and
// what the line did cost beyond that stays reserved for those who claim the rest.
func TestCloseKeepsWhatIsOwedBesideWhatClaimsDrew(t *testing.T) {
	d := open(t)
	nodes := d.budget(map[string]int{"活动": 10_000})
	activity, line := d.waiting(1000)
	d.Must(d.Decide("director.lin", activity, "approve", ""))
	d.claimed(activity, nodes["活动"].Id, "2026-03-16", "c", 300)
	d.reserved("drawn", nodes["活动"], 700)
	d.Must(d.Set("market.lu", line, "actual_fen", 800))
	d.Force(activity, "reported")
	d.Must(d.Act("market.lu", activity, "close", ""))
	d.reserved("800 less the 300 that were claimed", nodes["活动"], 500)
}

// docOf names an activity as budgets do.
func docOf(activity *core.Record) expense.BudgetDoc {
	return expense.BudgetDoc{Collection: "activities", ID: activity.Id}
}

// claimed pays a claim that names an activity.
func (d *desk) claimed(activity *core.Record, node, day, id string, fen int) {
	d.t.Helper()
	costs := []expense.BudgetCost{{Line: "1", Node: node, Day: day, Net: fen, From: docOf(activity)}}
	d.Must(testapp.Code(d.RunInTransaction(func(tx core.App) error {
		_, err := d.Bound.Budgets.Spend(d.t.Context(), tx, expense.BudgetDoc{Collection: "claims", ID: id}, costs, d.Clock.Now())
		return err
	})))
}
