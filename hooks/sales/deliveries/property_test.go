package deliveries_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
)

// TestPartsSumExactly: any number of deliveries that make the whole come to what the
// order costs, and any number of returns of all of it to that below zero; after
// each step the ledger's figures are those of the documents.
func TestPartsSumExactly(t *testing.T) {
	d := open(t)
	for seed := range uint64(effort.Times(1, 40)) {
		dice := rand.New(rand.NewPCG(seed, 4))
		goods := make([]good, 1+dice.IntN(3))
		for i := range goods {
			goods[i] = good{qty: 1000 * (1 + dice.IntN(12)), line: dice.IntN(100_000), tax: dice.IntN(13_000), promo: dice.IntN(5_000)}
			if dice.IntN(3) == 0 {
				goods[i].qty += 1 + dice.IntN(999)
			}
			if dice.IntN(4) == 0 {
				goods[i].cut = dice.IntN(goods[i].qty)
			}
		}
		order, lines := d.order("2026-03-20", goods...)
		total := 0
		for _, g := range goods {
			total += g.line + g.tax
		}
		d.move(dice, order, lines, "delivered_milli", func(qty []int) {
			delivery, _ := d.planned(order, lines, qty...)
			d.delivered(delivery, "")
		}, func(line *core.Record) int { return line.GetInt("qty_milli") - line.GetInt("cut_milli") })
		if o := d.Fresh(order); o.GetInt("delivered_fen") != total || o.GetString("state") != "delivered" || d.sum("deliveries", order) != total {
			t.Fatalf("seed %d: delivered for %d of %d, %s, documents for %d", seed, o.GetInt("delivered_fen"), total, o.GetString("state"), d.sum("deliveries", order))
		}
		d.move(dice, order, lines, "returned_milli", func(qty []int) {
			for i := range qty {
				qty[i] = -qty[i]
			}
			if row := d.came(d.back(order, lines, nil, qty...)); row.GetInt("amount_fen") > 0 {
				t.Fatalf("seed %d: a return adds %d", seed, row.GetInt("amount_fen"))
			}
		}, func(line *core.Record) int { return line.GetInt("delivered_milli") })
		if o := d.Fresh(order); o.GetInt("returned_fen") != total || d.sum("returns", order) != -total {
			t.Fatalf("seed %d: returned for %d of %d, documents for %d", seed, o.GetInt("returned_fen"), total, d.sum("returns", order))
		}
	}
}

// move takes parts of what is left of an order's lines until nothing is.
func (d *desk) move(dice *rand.Rand, order *core.Record, lines []*core.Record, done string, take func(qty []int), whole func(line *core.Record) int) {
	for {
		qty, any := make([]int, len(lines)), false
		for i, line := range lines {
			fresh := d.Fresh(line)
			if left := whole(fresh) - fresh.GetInt(done); left > 0 && dice.IntN(3) > 0 {
				qty[i], any = 1+dice.IntN(left), true
				if dice.IntN(3) == 0 {
					qty[i] = left
				}
			}
		}
		if any {
			take(qty)
		}
		var left int
		for _, line := range lines {
			fresh := d.Fresh(line)
			left += whole(fresh) - fresh.GetInt(done)
		}
		if left == 0 {
			return
		}
	}
}

// sum adds up the documents of an order that count.
func (d *desk) sum(collection string, order *core.Record) (fen int) {
	err := d.DB().NewQuery(fmt.Sprintf(`SELECT COALESCE(SUM(amount_fen), 0) FROM %s WHERE "order" = {:o} AND state IN ('delivered', 'returned')`, collection)).
		Bind(map[string]any{"o": order.Id}).Row(&fen)
	if err != nil {
		panic(err)
	}
	return fen
}
