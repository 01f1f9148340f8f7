package rules_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
)

// TestADayAndATrackArePaidOnce, whatever lines and claims they are divided among.
func TestADayAndATrackArePaidOnce(t *testing.T) {
	d := open(t)
	d.rule(map[string]any{"code": "days", "kind": "per_diem", "severity": "warn", "from_day": "2026-01-01", "active": true, "categories": []string{"visit"}, "params": map[string]any{"tiers_fen": []int{300, 200, 100}}})
	d.rule(map[string]any{"code": "km", "kind": "mileage", "severity": "warn", "from_day": "2026-01-01", "active": true, "categories": []string{"mileage"}, "params": map[string]any{"km_fen": 100}})
	if _, err := d.DB().NewQuery("UPDATE work_sessions SET distance_m = 10000 WHERE owner = {:o} AND date = '2026-03-09'").Bind(dbx.Params{"o": d.As(rep).Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	days := expense.LineFacts{Category: "visit", Day: "2026-03-08", ToDay: "2026-03-10", Fen: 300}
	drive := expense.LineFacts{Category: "mileage", Day: "2026-03-09", DistanceM: 10_000, Fen: 1_000}
	if got := d.hits(days) + d.hits(drive); got != "" {
		t.Errorf("the first: %s", got)
	}
	for _, line := range []map[string]any{
		{"category": d.of["visit"], "day": "2026-03-09", "to_day": "2026-03-11"}, {"category": d.of["mileage"], "day": "2026-03-09", "distance_m": 9_000},
	} {
		claim, _ := d.claim(line)
		d.Must(d.Act(rep, claim, "submit", ""))
	}
	if got := d.hits(days); got != "expense.per_diem " {
		t.Errorf("two days of it once more: %q", got)
	}
	if got := d.hits(drive); got != "expense.mileage " {
		t.Errorf("the track once more: %q", got)
	}
	claim, _ := d.claim(map[string]any{"category": d.of["visit"], "day": "2026-01-01", "to_day": "2026-03-08", "amount_fen": 6700, "no_invoice_reason": "无票"})
	d.Must(d.Act(rep, claim, "submit", ""))
	if got := d.hits(expense.LineFacts{Category: "visit", Day: "2026-03-08", Fen: 100}); got != "expense.per_diem " {
		t.Errorf("a day of a long journey: %q", got)
	}
	days.Day, days.ToDay, days.Fen, drive.Fen = "2026-03-12", "", 100, 100
	if got := d.hits(days) + d.hits(drive); got != "" {
		t.Errorf("the rest: %s", got)
	}
}
