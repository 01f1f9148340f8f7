package deliveries_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
)

// given is an order of so many pieces at 3.50 and 13 % of tax, delivered, with one
// free for each ten, which costs as much as gift says.
func (d *desk) given(qty, line, tax, gift int) (order *core.Record, lines []*core.Record) {
	d.n++
	promotion := d.force("promotions", map[string]any{"code": fmt.Sprint("买十送一", d.n), "name": "买十送一"})
	order, lines = d.order("2026-03-20", good{qty: qty, line: line, tax: tax})
	part := map[string]any{"promotion": promotion.Id, "milli": qty}
	lines[0].Load(map[string]any{"base_milli": qty, "why": map[string]any{"promotions": []any{part}}})
	lines[0] = d.saved(lines[0])
	whose := map[string]any{}
	for _, column := range []string{"order", "account", "owner", "dept", "released", "product"} {
		whose[column] = lines[0].Get(column)
	}
	free := qty / 10_000 * 1000
	lines = append(lines, d.force("order_lines", merged(whose, map[string]any{
		"free": true, "promotion": promotion.Id, "qty_milli": free, "base_milli": free,
		"why": map[string]any{"promotions": []any{part}, "gift": map[string]any{
			"rule":      map[string]any{"kind": "buy_get", "buy_milli": 10_000, "get_milli": 1000, "repeat": true},
			"total_fen": gift,
		}},
	})))
	delivery, _ := d.planned(order, lines, qty, free)
	d.delivered(delivery, "")
	return order, lines
}

// policy: R4.12 gifts-back
//
// TestAGiftBelongsToItsGoods: who returns the goods is told of the gift that is not
// along, it is taken off the credit, and given back when it comes after all.
func TestAGiftBelongsToItsGoods(t *testing.T) {
	d := open(t)
	order, lines := d.given(10_000, 3500, 455, 396)
	r := d.back(order, lines, nil, -1000)
	d.Must(d.Act("rep.chen", r, "request", ""))
	row := d.Fresh(r)
	want := fmt.Sprintf(`[{"line":%q,"product":%q,"qty_milli":1000,"fen":396}]`, lines[1].Id, lines[1].GetString("product"))
	if row.GetInt("amount_fen") != -396+396 || row.GetInt("gift_fen") != 396 || row.GetString("gift_due") != want {
		t.Errorf("%v", row.PublicExport())
	}
	if n := d.Told("rep.chen", "return.gift_due"); n != 1 {
		t.Errorf("told %d times of the gift", n)
	}
	d.Must(d.Act("manager.wu", r, "approve", ""))
	d.Must(d.Act("ops.bai", r, "receive", ""))
	rest := d.came(d.back(order, lines, nil, -9000))
	if rest.GetInt("amount_fen") != -3559 || rest.GetInt("gift_fen") != 0 || d.Fresh(order).GetInt("returned_fen") != 3559 {
		t.Errorf("the rest: %v", rest.PublicExport())
	}
	gift := d.came(d.back(order, lines, nil, 0, -1000))
	if gift.GetInt("amount_fen") != -396 || gift.GetInt("gift_fen") != -396 || d.Fresh(order).GetInt("returned_fen") != 3955 || d.balance(order) != 0 {
		t.Errorf("the gift: %v, %d are owed", gift.PublicExport(), d.balance(order))
	}
	if n := d.Told("rep.chen", "return.gift_due"); n != 1 {
		t.Errorf("told %d times of the gift", n)
	}
	order, lines = d.given(10_000, 3500, 455, 396)
	whole := d.came(d.back(order, lines, nil, -10_000, -1000))
	if whole.GetInt("amount_fen") != -3955 || whole.GetInt("gift_fen") != 0 || whole.GetString("gift_due") != "[]" {
		t.Errorf("all of it: %v", whole.PublicExport())
	}
}

// TestADearGiftIsOwed: what stays costs more than what came back, and the account
// owes the difference.
func TestADearGiftIsOwed(t *testing.T) {
	d := open(t)
	order, lines := d.given(10_000, 3500, 455, 9000)
	before := d.balance(order)
	r := d.came(d.back(order, lines, nil, -1000))
	if r.GetInt("amount_fen") != 9000-396 || d.balance(order) != before+8604 || d.Fresh(order).GetInt("returned_fen") != -8604 {
		t.Errorf("%v, %d are owed", r.PublicExport(), d.balance(order))
	}
	d.came(d.back(order, lines, nil, -9000, -1000))
	if got := d.balance(order); got != before-3955 {
		t.Errorf("%d are owed after all came back, %d before", got, before)
	}
}

// TestGiftsComeBackInParts, in any order: in sum all is worth what went out, and
// without the gifts that less what they cost.
func TestGiftsComeBackInParts(t *testing.T) {
	d := open(t)
	for seed := range uint64(effort.Times(1, 40)) {
		dice := rand.New(rand.NewPCG(seed, 23))
		line, tax, gift := dice.IntN(100_000), dice.IntN(13_000), dice.IntN(20_000)
		order, lines := d.given(10_000*(1+dice.IntN(3)), line, tax, gift)
		back := func(which []*core.Record, at func(i int) int) {
			d.move(dice, order, which, "returned_milli", func(qty []int) {
				all := make([]int, len(lines))
				for i := range qty {
					all[at(i)] = -qty[i]
				}
				d.came(d.back(order, lines, nil, all...))
			}, func(line *core.Record) int { return line.GetInt("delivered_milli") })
		}
		if dice.IntN(2) == 0 {
			back(lines[:1], func(int) int { return 0 })
			if got := d.sum("returns", order); got != gift-line-tax {
				t.Fatalf("seed %d: without the gift %d came back of %d, it costs %d", seed, got, line+tax, gift)
			}
			back(lines[1:], func(int) int { return 1 })
		} else {
			back(lines, func(i int) int { return i })
		}
		if got := d.sum("returns", order); got != -line-tax || d.Fresh(order).GetInt("returned_fen") != line+tax {
			t.Fatalf("seed %d: %d came back of %d", seed, got, line+tax)
		}
	}
}

// balance is what the ledger says of an order.
func (d *desk) balance(order *core.Record) (fen int) {
	err := d.DB().NewQuery(`SELECT COALESCE(SUM(amount_fen), 0) FROM account_entries WHERE "order" = {:o}`).Bind(map[string]any{"o": order.Id}).Row(&fen)
	if err != nil {
		panic(err)
	}
	return fen
}

// saved stores a changed row as our own code does.
func (d *desk) saved(row *core.Record) *core.Record {
	if err := d.SaveWithContext(gate.AsServer(d.By("")), row); err != nil {
		panic(err)
	}
	return d.Fresh(row)
}

func merged(all ...map[string]any) map[string]any {
	out := map[string]any{}
	for _, values := range all {
		maps.Copy(out, values)
	}
	return out
}
