package deliveries_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// desk is a company that delivers: rep.chen's account has an order of three lines.
type desk struct {
	testapp.Desk
	n int
}

func open(t *testing.T) *desk { return &desk{Desk: testapp.Open(t)} }

// force saves a row as the server does, and stops the test if that is refused.
func (d *desk) force(collection string, values map[string]any) *core.Record {
	row := d.Blank(collection, values)
	if err := d.SaveWithContext(gate.AsServer(d.By("")), row); err != nil {
		panic(fmt.Sprint(collection, ": ", testapp.Code(err)))
	}
	return d.Fresh(row)
}

// good is a line of an order: what, how much, and what it comes to.
type good struct {
	qty, cut, line, tax, promo int
	unit                       string
	step                       int
}

// order makes an order of rep.chen's that is to be delivered by the day promised.
func (d *desk) order(promised string, goods ...good) (order *core.Record, lines []*core.Record) {
	d.n++
	account, chen := d.AccountOf("rep.chen"), d.As("rep.chen")
	whose := map[string]any{"account": account.Id, "owner": chen.Id, "dept": account.GetString("dept"), "released": true}
	head := map[string]any{"no": fmt.Sprintf("T%d", d.n), "manager": account.GetString("manager"), "state": "processing", "promised_on": promised}
	for k, v := range whose {
		head[k] = v
	}
	order = d.force("orders", head)
	for i, g := range goods {
		product := d.force("products", map[string]any{"sku": fmt.Sprintf("T%d-%d", d.n, i), "name": "货", "status": "active", "step_milli": g.step})
		row := map[string]any{
			"order": order.Id, "product": product.Id, "unit": g.unit, "qty_milli": g.qty, "cut_milli": g.cut, "line_fen": g.line, "tax_fen": g.tax, "promo_fen": g.promo,
		}
		for k, v := range whose {
			row[k] = v
		}
		lines = append(lines, d.force("order_lines", row))
	}
	return order, lines
}

// planned makes a delivery of quantities of an order's lines; 0 leaves a line out.
func (d *desk) planned(order *core.Record, lines []*core.Record, qty ...int) (delivery *core.Record, parts []*core.Record) {
	delivery = d.Make("ops.bai", "deliveries", map[string]any{"order": order.Id})
	for i, q := range qty {
		if q != 0 {
			parts = append(parts, d.Make("ops.bai", "delivery_lines", map[string]any{"delivery": delivery.Id, "line": lines[i].Id, "qty_milli": q}))
		}
	}
	return delivery, parts
}

// paper is a signature, or a photo, that somebody has announced.
func (d *desk) paper(who string) string {
	d.n++
	return d.Make(who, "blobs", map[string]any{
		"owner": d.As(who).Id, "purpose": "goods", "sha256": fmt.Sprintf("%064x", d.n), "size": 10, "mime": "image/jpeg", "state": "pending",
	}).Id
}

// signed are the arguments of a delivery that was signed; more is JSON of others.
func (d *desk) signed(who, more string) string {
	return fmt.Sprintf(`{"signed_by":"王店长","signed_blob":%q%s}`, d.paper(who), more)
}

// delivered sends a delivery and has it signed by ops.
func (d *desk) delivered(delivery *core.Record, more string) {
	d.Must(d.Act("ops.bai", delivery, "dispatch", ""))
	d.Must(d.Act("ops.bai", delivery, "deliver", d.signed("ops.bai", more)))
}

func (d *desk) state(r *core.Record) string { return d.Fresh(r).GetString("state") }

// policy: R4.12 H-ORD-4
//
// TestH_ORD_4: what came after the promised day is late, what was less than was
// sent is short, damage is said; and the order says whether it came on time and whole.
func TestH_ORD_4(t *testing.T) {
	d := open(t)
	order, lines := d.order("2026-03-16", good{qty: 3000, line: 1000, tax: 130}, good{qty: 2000, line: 600, tax: 78})
	first, parts := d.planned(order, lines, 3000, 1000)
	d.Must(d.Act("ops.bai", first, "dispatch", `{"carrier":"顺丰","tracking_no":"SF1"}`))
	d.Must(d.Act("ops.bai", first, "deliver", d.signed("ops.bai", fmt.Sprintf(`,"lines":[{"line":%q,"accepted_milli":2000,"lot":"L7"}],"quality":"damaged","quality_note":"一箱破损"`, parts[0].Id))))
	row := d.Fresh(first)
	if row.GetString("state") != "delivered" || row.GetBool("late") || !row.GetBool("short") || row.GetString("quality") != "damaged" || row.GetString("tracking_no") != "SF1" ||
		row.GetInt("amount_fen") != 753+339 || row.GetString("signed_by") != "王店长" || row.GetString("no") != "T1-D1" {
		t.Errorf("%v", row.PublicExport())
	}
	if got := d.Fresh(parts[0]); got.GetString("lot") != "L7" || got.GetInt("accepted_milli") != 2000 || got.GetInt("amount_fen") != 753 {
		t.Errorf("%v", got.PublicExport())
	}
	if o := d.Fresh(order); o.GetString("state") != "partly_delivered" || o.GetInt("delivered_fen") != 1092 || o.GetString("on_time") != "" {
		t.Errorf("%v", o.PublicExport())
	}
	if d.Told("rep.chen", "delivery.short") != 1 || d.Told("manager.wu", "delivery.short") != 1 || d.Told("rep.chen", "delivery.dispatched") != 1 {
		t.Error("those of the account are not told")
	}
	d.Clock.Advance(24 * time.Hour)
	second, _ := d.planned(order, lines, 1000, 1000)
	d.delivered(second, "")
	if row := d.Fresh(second); !row.GetBool("late") || row.GetBool("short") || d.Told("manager.wu", "delivery.late") != 1 {
		t.Errorf("%v", row.PublicExport())
	}
	if o := d.Fresh(order); o.GetString("state") != "delivered" || o.GetInt("delivered_fen") != 1808 || o.GetString("on_time") != "no" || o.GetString("in_full") != "yes" {
		t.Errorf("%v", o.PublicExport())
	}
	if n, err := d.CountRecords("order_events", dbx.HashExp{"order": order.Id}); err != nil || n != 2 {
		t.Errorf("%d steps in its history, %v", n, err)
	}
}

func TestQuantitiesOfADelivery(t *testing.T) {
	d := open(t)
	order, lines := d.order("2026-03-20", good{qty: 5000, cut: 1000, line: 4000}, good{qty: 3000, line: 900, unit: "箱"}, good{qty: 2500, line: 900, step: 500})
	_, others := d.order("2026-03-20", good{qty: 5000, line: 100})
	delivery, _ := d.planned(order, lines, 3000)
	for _, c := range []struct {
		what string
		line *core.Record
		qty  any
		want string
	}{
		{"none", lines[0], 0, "delivery.quantity_invalid"},
		{"below zero", lines[0], -1000, "delivery.quantity_invalid"},
		{"more than is left of what is not cut", lines[0], 1001, "delivery.too_much"},
		{"a part of a pack", lines[1], 1500, "delivery.quantity_invalid"},
		{"no whole step", lines[2], 600, "delivery.quantity_invalid"},
		{"no whole thousandth", lines[2], 500.5, "validation"},
		{"beyond all counting", lines[2], 1 << 40, "delivery.quantity_invalid"},
		{"a line of another order", others[0], 1000, "record.not_found line"},
	} {
		row := d.Blank("delivery_lines", map[string]any{"delivery": delivery.Id, "line": c.line.Id, "qty_milli": c.qty, "lot": "x"})
		got := d.SaveBy("ops.bai", row)
		d.Expect(c.what, got, c.want)
	}
	d.Make("ops.bai", "delivery_lines", map[string]any{"delivery": delivery.Id, "line": lines[0].Id, "qty_milli": 1000, "lot": "x"})
	parts, err := d.FindAllRecords("delivery_lines", dbx.HashExp{"delivery": delivery.Id, "lot": ""})
	if err != nil {
		t.Fatal(err)
	}
	d.Must(d.Act("ops.bai", delivery, "dispatch", ""))
	d.Expect("a line of what has left", d.SaveBy("ops.bai", d.Blank("delivery_lines", map[string]any{"delivery": delivery.Id, "line": lines[1].Id, "qty_milli": 1000})), "delivery.locked")
	for args, want := range map[string]string{
		fmt.Sprintf(`,"lines":[{"line":%q,"accepted_milli":-1}]`, parts[0].Id):                                            "delivery.quantity_invalid",
		fmt.Sprintf(`,"lines":[{"line":%q,"accepted_milli":9000}]`, parts[0].Id):                                          "delivery.too_much",
		fmt.Sprintf(`,"lines":[{"line":%q,"accepted_milli":1.5}]`, parts[0].Id):                                           "args.invalid",
		fmt.Sprintf(`,"lines":[{"line":%q,"accepted_milli":99999999999999999999}]`, parts[0].Id):                          "json.number",
		fmt.Sprintf(`,"lines":[{"line":%q,"accepted_milli":1},{"line":%q,"accepted_milli":1}]`, parts[0].Id, parts[0].Id): "args.invalid lines",
		`,"lines":[{"line":"nosuchline00001","accepted_milli":1}]`:                                                        "record.not_found lines",
		`,"quality":"so so"`: "args.invalid quality",
	} {
		d.Expect(args, d.Act("ops.bai", delivery, "deliver", d.signed("ops.bai", args)), want)
	}
	if got := d.Fresh(lines[0]).GetInt("delivered_milli"); got != 0 || d.state(delivery) != "dispatched" {
		t.Errorf("what was refused left %d, %s", got, d.state(delivery))
	}
	d.Must(d.Act("ops.bai", delivery, "deliver", d.signed("ops.bai", "")))
	if got := d.Fresh(lines[0]).GetInt("delivered_milli"); got != 4000 || d.Fresh(delivery).GetInt("amount_fen") != 4000 {
		t.Errorf("%d of it, %d", got, d.Fresh(delivery).GetInt("amount_fen"))
	}
}

func TestWhoDelivers(t *testing.T) {
	d := open(t)
	order, lines := d.order("2026-03-20", good{qty: 1000, line: 100})
	for who, want := range map[string]string{"rep.chen": "400", "manager.wu": "400", "finance.zhao": "400", "ops.luo": ""} {
		_, got := d.Create(who, "deliveries", map[string]any{"order": order.Id})
		if want != "" && got != "" {
			got = want
		}
		d.Expect("planned by "+who, got, want)
	}
	delivery, _ := d.planned(order, lines, 1000)
	d.Expect("left by a rep", d.Act("rep.chen", delivery, "dispatch", ""), "delivery.not_party")
	d.Must(d.Act("ops.bai", delivery, "dispatch", ""))
	d.Expect("signed at another's", d.Run("rep.he", delivery, "deliver", d.signed("rep.he", "")), "delivery.not_party")
	d.Expect("unsigned", d.Act("rep.chen", delivery, "deliver", `{"signed_blob":"x"}`), "delivery.signature_required")
	d.Expect("without its paper", d.Act("rep.chen", delivery, "deliver", `{"signed_by":"王"}`), "delivery.signature_required")
	d.Expect("with another's paper", d.Act("rep.chen", delivery, "deliver", fmt.Sprintf(`{"signed_by":"王","signed_blob":%q}`, d.paper("rep.he"))), "record.not_found signed_blob")
	d.Expect("refused without a reason", d.Act("rep.chen", delivery, "refuse", `{"reason":" "}`), "delivery.reason_required")
	d.Must(d.Act("rep.chen", delivery, "deliver", d.signed("rep.chen", "")))
	d.Expect("twice", d.Act("rep.chen", delivery, "deliver", d.signed("rep.chen", "")), "delivery.state")
	blob := d.Row("blobs", d.Fresh(delivery).GetString("signed_blob"))
	if blob.GetString("account") != order.GetString("account") || !blob.GetBool("logistics") {
		t.Errorf("%v", blob.PublicExport())
	}
	d.Setting("delivery.signature", false)
	order, lines = d.order("2026-03-20", good{qty: 1000, line: 100})
	delivery, _ = d.planned(order, lines, 1000)
	d.Must(d.Act("ops.bai", delivery, "dispatch", ""))
	d.Must(d.Act("ops.bai", delivery, "deliver", `{"signed_by":"王"}`))
}

// TestAnOrderThatIsOverTakesNoMore: what was planned is taken back with its order,
// and nothing leaves for one that is not released; what left before it was closed
// counts when it arrives.
func TestAnOrderThatIsOverTakesNoMore(t *testing.T) {
	d := open(t)
	order, lines := d.order("2026-03-20", good{qty: 4000, line: 4000})
	d.Force(order, "confirmed")
	planned, _ := d.planned(order, lines, 1000)
	empty := d.Make("ops.bai", "deliveries", map[string]any{"order": order.Id})
	d.Expect("left before release", d.Act("ops.bai", planned, "dispatch", ""), "delivery.order_state")
	d.Force(order, "cancelled")
	if d.state(planned) != "cancelled" || d.state(empty) != "cancelled" {
		t.Errorf("%s of a cancelled order", d.state(planned))
	}
	d.Expect("of a cancelled order", d.SaveBy("ops.bai", d.Blank("deliveries", map[string]any{"order": order.Id})), "delivery.order_state")

	order, lines = d.order("2026-03-20", good{qty: 4000, line: 4000})
	empty = d.Make("ops.bai", "deliveries", map[string]any{"order": order.Id})
	d.Expect("with nothing in it", d.Act("ops.bai", empty, "dispatch", ""), "delivery.empty")
	first, _ := d.planned(order, lines, 1000)
	second, _ := d.planned(order, lines, 1000)
	third, _ := d.planned(order, lines, 2000)
	d.delivered(first, "")
	d.Must(d.Act("ops.bai", second, "dispatch", ""))
	d.Force(order, "delivered") // closed short
	if o := d.Fresh(order); o.GetString("in_full") != "no" || o.GetString("on_time") != "yes" || d.state(third) != "cancelled" || d.state(second) != "dispatched" {
		t.Errorf("%v, %s, %s", o.PublicExport(), d.state(third), d.state(second))
	}
	d.Must(d.Act("rep.chen", second, "deliver", d.signed("rep.chen", "")))
	if o := d.Fresh(order); o.GetString("state") != "delivered" || o.GetInt("delivered_fen") != 2000 || o.GetString("in_full") != "no" {
		t.Errorf("%v", o.PublicExport())
	}
}

// TestAnOrderOfWhichNothingCanBeDeliveredEnds, once nothing of it is on its way.
func TestAnOrderOfWhichNothingCanBeDeliveredEnds(t *testing.T) {
	d := open(t)
	order, lines := d.order("2026-03-20", good{qty: 4000, line: 4000})
	left, _ := d.planned(order, lines, 1000)
	d.Must(d.Act("ops.bai", left, "dispatch", ""))
	d.Expect("with goods under way", d.Act("ops.bai", order, "close_short", `{"reason":"停产"}`), "order.under_way")
	d.Must(d.Act("ops.bai", left, "refuse", `{"reason":"破损"}`))
	planned, _ := d.planned(order, lines, 1000)
	d.Must(d.Act("ops.bai", order, "close_short", `{"reason":"停产"}`))
	if o := d.Fresh(order); o.GetString("state") != "cancelled" || o.GetDateTime("cancelled_at").IsZero() || d.state(planned) != "cancelled" {
		t.Errorf("%v, %s", o.PublicExport(), d.state(planned))
	}
}

// TestGoodsThatWereRefusedAreSentAgain: neither they nor those of a delivery that
// was taken back count.
func TestGoodsThatWereRefusedAreSentAgain(t *testing.T) {
	d := open(t)
	order, lines := d.order("2026-03-20", good{qty: 2000, line: 700})
	for _, step := range []string{"refuse", "cancel"} {
		delivery, _ := d.planned(order, lines, 2000)
		d.Must(d.Act("ops.bai", delivery, "dispatch", ""))
		d.Must(d.Act("ops.bai", delivery, step, `{"reason":"门店盘点"}`))
	}
	if o := d.Fresh(order); o.GetInt("delivered_fen") != 0 || o.GetString("state") != "processing" || d.Told("rep.chen", "delivery.refused") != 1 {
		t.Errorf("%v", o.PublicExport())
	}
	delivery, _ := d.planned(order, lines, 2000)
	d.delivered(delivery, "")
	if no := d.Fresh(delivery).GetString("no"); d.state(order) != "delivered" || no != "T1-D3" {
		t.Errorf("%s, %s", d.state(order), no)
	}
}
