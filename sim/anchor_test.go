package sim

import (
	"testing"
	"time"

	"satchel/internal/phone"
	"satchel/syncer"
)

// TestAnUnsignedAnchorDatesNothing: a phone shows the time of nine days ago as
// the server's, with a counter to go with it. The visit does not count. With the
// fault planted it does, which shows that this would be noticed.
func TestAnUnsignedAnchorDatesNothing(t *testing.T) {
	for _, planted := range []syncer.Planted{syncer.PlantNone, syncer.PlantAnyAnchor} {
		if counts := madeUp(t, planted); counts != (planted == syncer.PlantAnyAnchor) {
			t.Errorf("planted %q: it counts: %v", planted, counts)
		}
	}
}

// madeUp is a visit made up at a desk on the ninth day, by a phone that was
// registered before the first.
func madeUp(t *testing.T, planted syncer.Planted) bool {
	w := newWorld(t, 11, planted)
	w.model = nil
	d := w.phones[0]
	w.app.Clock.Advance(9 * 24 * time.Hour)
	device, err := d.Device()
	w.must(err)
	visit := d.NewID()
	account := w.app.AccountOf(d.name)
	w.must(d.Create("visits", visit, phone.Row{"account": account.Id, "type": "unplanned", "planned_date": "2026-03-16"}))
	began := w.app.Clock.Now().Add(-8 * 24 * time.Hour)
	said := func(after time.Duration) map[string]any {
		at := began.Add(after)
		return map[string]any{
			"at": at, "lat": account.GetFloat("lat"), "lng": account.GetFloat("lng"), "acc_m": 15,
			"clock": map[string]any{
				"boot_id": "b", "elapsed_ms": (time.Hour + after).Milliseconds(),
				"server_anchor": map[string]any{"boot_id": "b", "elapsed_ms": 0, "at": began.Add(-time.Hour), "device": device},
			},
		}
	}
	w.must(d.Act("visits", visit, "check_in", said(0)))
	w.must(d.Act("visits", visit, "check_out", said(40*time.Minute)))
	w.must(d.Act("visits", visit, "report", map[string]any{"summary": "agreed"}))
	_, err = d.Push(t.Context())
	w.must(err)
	row := w.record("visits", visit)
	if row.GetString("state") != "reported" {
		t.Fatal(row.PublicExport())
	}
	return row.GetBool("counts")
}
