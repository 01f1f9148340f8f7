package activities_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// TestCostsAddUp: planned lines until it is handed in, what they came to until it is
// closed; an unforeseen line has no plan.
func TestCostsAddUp(t *testing.T) {
	d := open(t)
	activity := d.activity()
	venue, gifts := d.cost(activity, 300), d.cost(activity, 700)
	sums := func(what string, planned, actual int) {
		t.Helper()
		if row := d.Fresh(activity); row.GetInt("planned_fen") != planned || row.GetInt("actual_fen") != actual {
			t.Errorf("%s: planned %d, actual %d", what, row.GetInt("planned_fen"), row.GetInt("actual_fen"))
		}
	}
	sums("two lines", 1000, 0)
	d.Must(d.DeleteBy("market.lu", gifts))
	d.Must(d.Set("market.lu", venue, "planned_fen", 400))
	sums("one of them", 400, 0)
	d.Expect("a colleague's", d.Update("market.tang", venue, map[string]any{"planned_fen": 1}), "404")
	d.Expect("below nothing", d.Set("market.lu", venue, "planned_fen", -1), "validation")
	d.Must(d.Act("market.lu", activity, "submit", ""))
	d.Must(d.Decide("market.tang", activity, "approve", ""))
	d.Must(d.Decide("director.lin", activity, "approve", ""))
	line := func(more map[string]any) string {
		return d.SaveBy("market.lu", d.Blank("activity_costs", map[string]any{"activity": activity.Id, "kind": "gift"}, more))
	}
	d.Expect("another plan", d.Set("market.lu", venue, "planned_fen", 500), "activity.planned_locked planned_fen")
	d.Expect("of another kind", d.Set("market.lu", venue, "kind", "gift"), "activity.planned_locked planned_fen")
	d.Expect("a line more that was planned", line(map[string]any{"planned_fen": 5}), "activity.planned_locked planned_fen")
	d.Expect("what was signed is kept", d.DeleteBy("market.lu", venue), "record.kept")
	d.Must(d.Set("market.lu", venue, "actual_fen", 380))
	d.Must(line(map[string]any{"actual_fen": 120}))
	sums("unforeseen", 400, 500)
	d.Force(activity, "closed")
	for what, got := range map[string]string{"a change": d.Set("market.lu", venue, "actual_fen", 1), "a line": line(map[string]any{"actual_fen": 1})} {
		d.Expect(what+" after it was closed", got, "activity.costs_locked")
	}
}

// TestAnActivityThatGoesTakesItsParts with it.
func TestAnActivityThatGoesTakesItsParts(t *testing.T) {
	d := open(t)
	activity := d.activity()
	parts := []*core.Record{d.cost(activity, 300), d.Make("market.lu", "activity_tasks", map[string]any{
		"activity": activity.Id, "title": "搭台", "owner": d.As("product.guo").Id, "due": "2026-03-16",
	})}
	d.Must(d.DeleteBy("market.lu", activity))
	for _, part := range parts {
		if _, err := d.FindRecordById(part.Collection(), part.Id); err == nil {
			t.Errorf("%s is left", part.Collection().Name)
		}
	}
}
