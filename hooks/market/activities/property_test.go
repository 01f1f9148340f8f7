package activities_test

import (
	"math/rand/v2"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
)

// TestSumsAreThoseOfTheLines after whatever is done to them, in whatever state, let
// through or refused: an activity costs what its lines say, and what was signed of
// them stays.
func TestSumsAreThoseOfTheLines(t *testing.T) {
	d := open(t)
	for seed := range uint64(effort.Times(1, 40)) {
		r := rand.New(rand.NewPCG(seed, 82))
		activity := d.activity()
		planned, actual := map[string]int{}, map[string]int{} // by line, as a child keeps them
		var lines []*core.Record
		signed := false
		for range 25 {
			switch {
			case r.IntN(6) == 0 && len(lines) > 0 && !signed:
				d.Force(activity, []string{"approved", "running", "ended"}[r.IntN(3)])
				signed = true
			case r.IntN(5) == 0 && len(lines) > 0:
				line := lines[r.IntN(len(lines))]
				if d.DeleteBy("market.lu", line) == "" {
					if _, there := planned[line.Id]; signed && there {
						t.Fatalf("seed %d: a line that was signed is deleted", seed)
					}
					delete(planned, line.Id)
					delete(actual, line.Id)
				}
			case r.IntN(2) == 0 || len(lines) == 0:
				line := d.Blank("activity_costs", map[string]any{"activity": activity.Id, "kind": "venue", "planned_fen": r.IntN(3) * 100, "actual_fen": r.IntN(3) * 100})
				if d.SaveBy("market.lu", line) == "" {
					lines = append(lines, line)
					planned[line.Id], actual[line.Id] = line.GetInt("planned_fen"), line.GetInt("actual_fen")
				}
			default:
				line, field, fen := lines[r.IntN(len(lines))], "planned_fen", r.IntN(5)*100
				into := planned
				if r.IntN(2) == 0 {
					field, into = "actual_fen", actual
				}
				if _, there := into[line.Id]; !there {
					continue
				}
				if d.Set("market.lu", line, field, fen) == "" {
					if signed && field == "planned_fen" && into[line.Id] != fen {
						t.Fatalf("seed %d: what was signed is changed", seed)
					}
					into[line.Id] = fen
				}
			}
			row := d.Fresh(activity)
			if row.GetInt("planned_fen") != total(planned) || row.GetInt("actual_fen") != total(actual) {
				t.Fatalf("seed %d: %d and %d, the lines say %d and %d", seed, row.GetInt("planned_fen"), row.GetInt("actual_fen"), total(planned), total(actual))
			}
		}
	}
}

func total(fen map[string]int) (sum int) {
	for _, f := range fen {
		sum += f
	}
	return sum
}
