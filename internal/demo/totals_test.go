package demo_test

import (
	"math/big"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/internal/testapp"
)

// Orders cost what their list says. The sums are taken here in fractions,
// independent of the rules of package domain.
func TestTotals(t *testing.T) {
	app := testapp.New(t)
	orders, err := app.FindAllRecords("orders")
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range orders {
		lines, err := app.FindAllRecords("order_lines", dbx.HashExp{"order": order.Id})
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) < 3 {
			t.Errorf("order %s has %d lines", order.Id, len(lines))
		}
		var sum, tax int64
		for _, l := range lines {
			var price int64
			err := app.DB().Select("price_fen").From("price_items").
				Where(dbx.HashExp{"list": order.GetString("price_list"), "product": l.GetString("product")}).
				AndWhere(dbx.NewExp("min_qty_milli <= {:q}", dbx.Params{"q": l.GetInt("qty_milli")})).
				OrderBy("min_qty_milli DESC").Limit(1).Row(&price)
			if err != nil {
				t.Fatalf("line %s has no price: %v", l.Id, err)
			}
			gross := halfUp(int64(l.GetInt("qty_milli"))*price, 1000)
			line := gross - halfUp(gross*int64(l.GetInt("disc_bp")), 10_000)
			lineTax := halfUp(line*int64(l.GetInt("tax_bp")), 10_000)
			if got := [3]int64{int64(l.GetInt("price_fen")), int64(l.GetInt("line_fen")), int64(l.GetInt("tax_fen"))}; got != [3]int64{price, line, lineTax} {
				t.Errorf("line %s: price, sum, tax = %v, want %v", l.Id, got, [3]int64{price, line, lineTax})
			}
			sum, tax = sum+line, tax+lineTax
		}
		if order.GetString("state") == "draft" { // its totals are made at the submit
			sum, tax = 0, 0
		}
		got := [3]int64{int64(order.GetInt("lines_fen")), int64(order.GetInt("tax_fen")), int64(order.GetInt("total_fen"))}
		if want := [3]int64{sum, tax, sum + tax}; got != want {
			t.Errorf("order %s: lines, tax, total = %v, want %v", order.Id, got, want)
		}
		if changed := order.GetInt("shown_total_fen") != order.GetInt("total_fen"); order.GetString("state") != "draft" && changed != order.GetBool("price_changed") {
			t.Errorf("order %s: price_changed = %t", order.Id, !changed)
		}
	}
}

// halfUp divides two positive numbers and rounds half up.
func halfUp(a, b int64) int64 {
	q := new(big.Rat).SetFrac64(a, b)
	q.Add(q, big.NewRat(1, 2))
	return new(big.Int).Quo(q.Num(), q.Denom()).Int64()
}
