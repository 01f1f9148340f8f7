package demo_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
	"satchel/internal/testapp"
	"satchel/records"
)

// TestPromotionsOfTheDemo: there are some of each kind, as their rules allow; what
// orders hold of them adds up, and one is nearly at its cap.
func TestPromotionsOfTheDemo(t *testing.T) {
	app := testapp.New(t, testapp.Company(demo.Full(testapp.Start)))
	all, err := records.Promotions.All(app, "", nil, "code")
	if err != nil {
		t.Fatal(err)
	}
	kinds, used, near := map[string]bool{}, 0, 0
	for _, p := range all {
		rule, err := p.Rule()
		if err != nil || rule.Check() != nil {
			t.Fatal(p.Code(), err, rule.Check())
		}
		kinds[rule.Kind] = true
		var sum struct {
			Fen   int `db:"fen"`
			Milli int `db:"milli"`
		}
		err = app.DB().NewQuery("SELECT COALESCE(SUM(amount_fen), 0) fen, COALESCE(SUM(qty_milli), 0) milli FROM promotion_uses WHERE promotion = {:p} AND state = 'held'").
			Bind(dbx.Params{"p": p.ID()}).One(&sum)
		if err != nil || sum.Fen != p.UsedFen() || sum.Milli != p.UsedMilli() {
			t.Errorf("%s: %d and %d used, its uses hold %v: %v", p.Code(), p.UsedFen(), p.UsedMilli(), sum, err)
		}
		if used += sum.Fen + sum.Milli; p.CapMilli() > 0 && p.CapMilli()-p.UsedMilli() < 10_000 && p.UsedMilli() > 50_000 {
			near++
		}
		if err := app.SaveWithContext(gate.AsServer(t.Context()), p.Raw()); err != nil {
			t.Errorf("%s cannot be saved: %v", p.Code(), err)
		}
	}
	for _, kind := range []string{pricing.KindPercent, pricing.KindLineOff, pricing.KindOrderOff, pricing.KindBuyGet, pricing.KindTiers, pricing.KindBundle} {
		if !kinds[kind] {
			t.Errorf("no promotion is a %s", kind)
		}
	}
	if used == 0 || near != 1 {
		t.Errorf("%d used, %d nearly at their caps", used, near)
	}
}
