package activities_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// drift lives a history of activities against a small budget, and says how the budget
// first differs from what the activities alone say that they hold; "" if it does not.
func drift(d *desk, seed uint64, steps int) string {
	r := rand.New(rand.NewPCG(seed, 25))
	leaves := d.budget(map[string]int{"甲": 1000, "乙": 600})
	var made []*core.Record
	claimed := map[string]int{} // by line
	one := func() *core.Record { return made[r.IntN(len(made))] }
	for n := range steps {
		switch what := r.IntN(9); {
		case what < 2 || len(made) == 0:
			activity := d.activity()
			for range 1 + r.IntN(3) {
				more := map[string]any{}
				if r.IntN(2) == 0 {
					more["node"] = leaves[[]string{"甲", "乙"}[r.IntN(2)]].Id
				}
				d.Make("market.lu", "activity_costs", map[string]any{"activity": activity.Id, "kind": "venue", "planned_fen": r.IntN(300), "note": "x"}, more)
			}
			d.Must(d.Act("market.lu", activity, "submit", ""))
			d.Must(d.Decide("market.tang", activity, "approve", ""))
			made = append(made, activity)
		case what < 4:
			if activity := one(); d.Asked("director.lin", activity) != nil {
				d.Decide("director.lin", activity, "approve", "") // or there is too little
			}
		case what >= 7:
			claimSome(d, r, one(), claimed)
		case what == 4:
			d.Act("market.lu", one(), "cancel", `{"reason":"改期"}`)
		default:
			activity := one()
			if got := d.state(activity); got != "approved" {
				continue
			}
			lines, err := d.FindAllRecords("activity_costs", dbx.HashExp{"activity": activity.Id})
			if err != nil {
				d.t.Fatal(err)
			}
			for _, line := range lines {
				d.Must(d.Set("market.lu", line, "actual_fen", r.IntN(400)))
			}
			d.Force(activity, "reported")
			d.Must(d.Act("market.lu", activity, "close", ""))
		}
		if differs := recount(d, leaves, claimed); differs != "" {
			return fmt.Sprintf("after %d steps: %s", n+1, differs)
		}
	}
	return ""
}

// claimSome pays claims of some of what an activity holds of its lines.
func claimSome(d *desk, r *rand.Rand, activity *core.Record, claimed map[string]int) {
	d.t.Helper()
	held, err := d.Bound.Budgets.Holds(d, docOf(activity))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, h := range held {
		if fen := r.IntN(h.Reserved + 1); fen > 0 {
			d.claimed(activity, h.Node, h.Day, fmt.Sprint(h.Line, claimed[h.Line]), fen)
			// A claim names an activity; of which of its lines on the node it draws follows.
			now, err := d.Bound.Budgets.Holds(d, docOf(activity))
			if err != nil {
				d.t.Fatal(err)
			}
			for _, was := range held {
				left := 0
				for _, is := range now {
					if is.Line == was.Line {
						left = is.Reserved
					}
				}
				claimed[was.Line] += was.Reserved - left
			}
			return
		}
	}
}

// held is what lines hold, by what they say themselves and what was claimed of them.
func held(d *desk, node *core.Record, claimed map[string]int) (held, spent int) {
	d.t.Helper()
	var lines []struct {
		ID      string `db:"id"`
		State   string `db:"state"`
		Planned int    `db:"planned_fen"`
		Actual  int    `db:"actual_fen"`
	}
	err := d.DB().NewQuery("SELECT c.id, a.state, c.planned_fen, c.actual_fen FROM activity_costs c JOIN activities a ON a.id = c.activity WHERE c.node = {:n}").
		Bind(dbx.Params{"n": node.Id}).All(&lines)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, l := range lines {
		spent += claimed[l.ID]
		switch l.State {
		case "approved", "running", "ended", "reported":
			held += l.Planned - claimed[l.ID]
		case "closed":
			held += max(0, min(l.Planned, l.Actual)-claimed[l.ID])
		}
	}
	return held, spent
}

// recount adds up what the lines of activities hold, and compares it with entries and
// balances.
func recount(d *desk, leaves map[string]*core.Record, claimed map[string]int) string {
	d.t.Helper()
	whole := 0
	for _, name := range []string{"甲", "乙"} {
		held, spent := held(d, leaves[name], claimed)
		var entered int
		err := d.DB().NewQuery(`SELECT COALESCE(SUM(CASE kind WHEN 'reserve' THEN amount_fen WHEN 'release' THEN -amount_fen ELSE 0 END), 0)
			FROM budget_entries WHERE node = {:n}`).Bind(dbx.Params{"n": leaves[name].Id}).Row(&entered)
		if err != nil {
			d.t.Fatal(err)
		}
		row := d.Fresh(leaves[name])
		if kept := row.GetInt("reserved_fen"); kept != held || entered != held {
			return fmt.Sprintf("%s: documents hold %d, entries say %d, the node %d", name, held, entered, kept)
		}
		if row.GetInt("free_fen") != row.GetInt("allocated_fen")-held-spent || row.GetInt("free_fen") < 0 {
			return fmt.Sprintf("%s: %d free of %d with %d held", name, row.GetInt("free_fen"), row.GetInt("allocated_fen"), held)
		}
		whole += held
	}
	if kept := d.Fresh(leaves["top"]).GetInt("reserved_fen"); kept != whole {
		return fmt.Sprintf("the root: leaves hold %d, it %d", whole, kept)
	}
	return ""
}

// TestReservedIsWhatOpenActivitiesHold, after each step of random histories.
func TestReservedIsWhatOpenActivitiesHold(t *testing.T) {
	for seed := range uint64(effort.Times(1, 20)) {
		if differs := drift(open(t), seed, 40); differs != "" {
			t.Errorf("seed %d: %s", seed, differs)
		}
	}
}

// TestALostReleaseIsSeen by the recount.
func TestALostReleaseIsSeen(t *testing.T) {
	for seed := range uint64(3) {
		if drift(open(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantReleaseLost })), seed, 40) != "" {
			return
		}
	}
	t.Error("nobody noticed")
}
