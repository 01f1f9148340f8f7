package deliveries_test

import (
	"fmt"
	"testing"
)

// TestALineNamedForItsLotWasTakenWhole: only a quantity that is said says otherwise.
func TestALineNamedForItsLotWasTakenWhole(t *testing.T) {
	d := open(t)
	order, lines := d.order("2026-03-16", good{qty: 3000, line: 900}, good{qty: 1000, line: 100})
	delivery, parts := d.planned(order, lines, 3000, 1000)
	d.delivered(delivery, fmt.Sprintf(`,"lines":[{"line":%q,"lot":"L8"},{"line":%q,"accepted_milli":0}]`, parts[0].Id, parts[1].Id))
	if got := d.Fresh(parts[0]); got.GetString("lot") != "L8" || got.GetInt("accepted_milli") != 3000 || got.GetInt("amount_fen") != 900 {
		t.Errorf("%v", got.PublicExport())
	}
	if got := d.Fresh(parts[1]); got.GetInt("accepted_milli") != 0 {
		t.Errorf("%v", got.PublicExport())
	}
}
