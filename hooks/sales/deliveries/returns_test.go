package deliveries_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// back makes the draft of a return of rep.chen's; quantities are below zero, 0 leaves a line out.
func (d *desk) back(order *core.Record, lines []*core.Record, fields map[string]any, qty ...int) *core.Record {
	r := d.Make("rep.chen", "returns", map[string]any{"account": order.GetString("account"), "order": order.Id, "kind": "return", "cause": "unsold"}, fields)
	for i, q := range qty {
		if q != 0 {
			d.Make("rep.chen", "return_lines", map[string]any{"return_doc": r.Id, "line": lines[i].Id, "qty_milli": q})
		}
	}
	return r
}

// came takes a return all its way.
func (d *desk) came(r *core.Record) *core.Record {
	d.Must(d.Act("rep.chen", r, "request", ""))
	d.Must(d.Act("manager.wu", r, "approve", ""))
	d.Must(d.Act("ops.bai", r, "receive", ""))
	return d.Fresh(r)
}

// got is an order of which all was delivered.
func (d *desk) got(goods ...good) (order *core.Record, lines []*core.Record) {
	order, lines = d.order("2026-03-20", goods...)
	qty := make([]int, len(goods))
	for i, g := range goods {
		qty[i] = g.qty - g.cut
	}
	delivery, _ := d.planned(order, lines, qty...)
	d.delivered(delivery, "")
	return order, lines
}

// policy: R4.12 returns
//
// TestACreditNoteSubtracts: every figure of a return is below zero, and what the
// order is worth falls by it, the promotion in proportion.
func TestACreditNoteSubtracts(t *testing.T) {
	d := open(t)
	order, lines := d.got(good{qty: 3000, line: 900, tax: 117, promo: 100}, good{qty: 1000, line: 500, tax: 65})
	r := d.back(order, lines, nil, -1000, -1000)
	row := d.came(r)
	if row.GetInt("amount_fen") != -339-565 || row.GetString("no") != "T1-R1" || !row.GetBool("released") || row.GetDateTime("returned_at").IsZero() {
		t.Errorf("%v", row.PublicExport())
	}
	part, err := d.FindFirstRecordByData("return_lines", "line", lines[0].Id)
	if err != nil || part.GetInt("line_fen") != -300 || part.GetInt("tax_fen") != -39 || part.GetInt("promo_fen") != -33 || part.GetInt("amount_fen") != -339 || !part.GetBool("released") {
		t.Errorf("%v, %v", part.PublicExport(), err)
	}
	if o := d.Fresh(order); o.GetInt("returned_fen") != 904 || o.GetInt("delivered_fen") != 1582 || d.Fresh(lines[0]).GetInt("returned_milli") != 1000 {
		t.Errorf("%v", o.PublicExport())
	}
	d.Expect("received twice", d.Act("ops.bai", r, "receive", ""), "return.state")
}

func TestQuantitiesOfAReturn(t *testing.T) {
	d := open(t)
	order, lines := d.got(good{qty: 3000, line: 900}, good{qty: 2000, line: 500, unit: "箱"})
	other, others := d.got(good{qty: 3000, line: 900})
	r := d.back(order, lines, nil)
	for _, c := range []struct {
		what string
		line *core.Record
		qty  any
		want string
	}{
		{"one that would add", lines[0], 1000, "return.quantity_invalid"},
		{"none", lines[0], 0, "return.quantity_invalid"},
		{"more than came", lines[0], -3001, "return.too_much"},
		{"beyond all counting", lines[0], -1 << 40, "return.quantity_invalid"},
		{"a part of a pack", lines[1], -1500, "return.quantity_invalid"},
		{"no whole thousandth", lines[0], -500.5, "validation"},
		{"a line of another order", others[0], -1000, "record.not_found line"},
	} {
		row := d.Blank("return_lines", map[string]any{"return_doc": r.Id, "line": c.line.Id, "qty_milli": c.qty})
		d.Expect(c.what, d.SaveBy("rep.chen", row), c.want)
	}
	d.Expect("with no line", d.Act("rep.chen", r, "request", ""), "return.empty")
	d.Make("rep.chen", "return_lines", map[string]any{"return_doc": r.Id, "line": lines[0].Id, "qty_milli": -2000})
	second := d.back(order, lines, nil, -2000)
	d.Must(d.Act("rep.chen", r, "request", ""))
	d.Expect("what another asks for", d.Act("rep.chen", second, "request", ""), "return.too_much")
	if d.state(second) != "draft" {
		t.Errorf("what was refused is %s", d.state(second))
	}
	d.Must(d.Act("manager.wu", r, "reject", `{"reason":"促销品不退"}`))
	d.Must(d.Act("rep.chen", second, "request", ""))
	d.Expect("a line of what was handed in", d.Set("rep.chen", d.Row("return_lines", d.first("return_lines", second)), "qty_milli", -1000), "return.locked")
	lot := d.back(other, others, nil, -2000)
	d.Make("rep.chen", "return_lines", map[string]any{"return_doc": lot.Id, "line": others[0].Id, "qty_milli": -2000, "lot": "B"})
	d.Expect("two lots that are too much together", d.Act("rep.chen", lot, "request", ""), "return.too_much")
}

// first is the id of the first line of a return.
func (d *desk) first(collection string, of *core.Record) string {
	row, err := d.FindFirstRecordByData(collection, "return_doc", of.Id)
	if err != nil {
		panic(err)
	}
	return row.Id
}

func TestWhoReturns(t *testing.T) {
	d := open(t)
	order, lines := d.got(good{qty: 3000, line: 900})
	fresh, _ := d.order("2026-03-20", good{qty: 1000, line: 10})
	early := d.back(fresh, nil, nil)
	d.Expect("of what has not come", d.Act("rep.chen", early, "request", ""), "return.order_state")
	r := d.back(order, lines, map[string]any{"cause": "damaged"}, -1000)
	d.Expect("damage that is not seen", d.Act("rep.chen", r, "request", ""), "return.photo_required photos")
	d.Must(d.Update("rep.chen", r, map[string]any{"photos": []string{d.paper("rep.he")}}))
	d.Expect("with another's photo", d.Act("rep.chen", r, "request", ""), "record.not_found photos")
	photo := d.paper("rep.chen")
	d.Must(d.Update("rep.chen", r, map[string]any{"photos": []string{photo}}))
	d.Must(d.Act("rep.chen", r, "request", ""))
	if d.Told("manager.wu", "return.requested") != 1 {
		t.Error("his manager is not told")
	}
	d.Expect("approved by himself", d.Act("rep.chen", r, "approve", ""), "return.not_superior")
	d.Expect("by another manager", d.Run("manager.xu", r, "approve", ""), "return.not_superior")
	d.Expect("seen by logistics before", d.Act("ops.bai", r, "receive", ""), "record.not_found")
	d.Expect("received before", d.Run("ops.bai", r, "receive", ""), "return.state")
	d.Expect("rejected without a reason", d.Act("manager.wu", r, "reject", ""), "return.reason_required")
	if d.Row("blobs", photo).GetBool("logistics") {
		t.Error("logistics sees the photo of what is not decided")
	}
	d.Must(d.Act("manager.wu", r, "approve", ""))
	if !d.Row("blobs", photo).GetBool("logistics") || d.Told("ops.luo", "return.released") != 1 || d.Told("rep.chen", "return.approved") != 1 {
		t.Error("logistics does not know")
	}
	d.Expect("taken back by its owner", d.Act("rep.chen", r, "cancel", `{"reason":"x"}`), "return.not_superior")
	d.Must(d.Act("manager.wu", r, "cancel", `{"reason":"客户已自行处理"}`))
	if o := d.Fresh(order); o.GetInt("returned_fen") != 0 {
		t.Errorf("%v", o.PublicExport())
	}
	_, got := d.Create("rep.he", "returns", map[string]any{"account": order.GetString("account"), "order": order.Id, "kind": "return", "cause": "other"})
	d.Expect("of another's account", got, "400")
	his := d.AccountOf("rep.he")
	d.Expect("of another account's order", d.SaveBy("rep.he", d.Blank("returns", map[string]any{"account": his.Id, "order": order.Id, "kind": "return", "cause": "other"})), "record.not_found order")
}

// TestAnExchangeIsAnOrder: what comes back is taken off, and a draft of the same
// goods waits for its owner.
func TestAnExchangeIsAnOrder(t *testing.T) {
	d := open(t)
	order, lines := d.got(good{qty: 3000, line: 900})
	r := d.came(d.back(order, lines, map[string]any{"kind": "exchange", "cause": "wrong", "photos": []string{d.paper("rep.chen")}}, -2000))
	again := d.Row("orders", r.GetString("exchange"))
	if again.GetString("state") != "draft" || again.GetString("copied_from") != order.Id || again.GetString("owner") != d.As("rep.chen").Id || r.GetInt("amount_fen") != -600 {
		t.Errorf("%v", again.PublicExport())
	}
	line, err := d.FindFirstRecordByData("order_lines", "order", again.Id)
	if err != nil || line.GetInt("qty_milli") != 2000 || line.GetString("product") != lines[0].GetString("product") {
		t.Errorf("%v", fmt.Sprint(line.PublicExport(), err))
	}
}
