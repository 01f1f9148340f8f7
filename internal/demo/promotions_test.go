package demo_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// TestPromotionsOfTheDemo: there are some of each kind, as their rules allow; what
// orders hold of them adds up, and one is nearly at its cap.
func TestPromotionsOfTheDemo(t *testing.T) {
	app := testapp.New(t, testapp.Company(demo.Full(testapp.Start)))
	all, err := app.FindAllRecords("promotions")
	if err != nil {
		t.Fatal(err)
	}
	kinds, used, near := map[string]bool{}, 0, 0
	for _, p := range all {
		capped, held := p.GetInt("cap_milli"), p.GetInt("used_milli")
		var rule pricing.Rule
		if err := p.UnmarshalJSONField("rule", &rule); err != nil || rule.Check() != nil {
			t.Fatal(p.GetString("code"), err, rule.Check())
		}
		kinds[rule.Kind] = true
		var sum struct {
			Fen   int `db:"fen"`
			Milli int `db:"milli"`
		}
		err = app.DB().NewQuery("SELECT COALESCE(SUM(amount_fen), 0) fen, COALESCE(SUM(qty_milli), 0) milli FROM promotion_uses WHERE promotion = {:p} AND state = 'held'").
			Bind(dbx.Params{"p": p.Id}).One(&sum)
		want := sum
		if capped+p.GetInt("cap_fen") == 0 {
			want.Fen, want.Milli = 0, 0 // of which nobody asks
		}
		if err != nil || want.Fen != p.GetInt("used_fen") || want.Milli != held {
			t.Errorf("%s: %d and %d used, its uses hold %v: %v", p.GetString("code"), p.GetInt("used_fen"), held, sum, err)
		}
		if used += sum.Fen + sum.Milli; capped > 0 && capped-held < 10_000 && held > 50_000 {
			near++
		}
		if err := app.SaveWithContext(gate.AsServer(t.Context()), p); err != nil {
			t.Errorf("%s cannot be saved: %v", p.GetString("code"), err)
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
