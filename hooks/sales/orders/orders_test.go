package orders_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/domain/sales"
	"satchel/internal/testapp"
)

// desk is a company with one price list, in force for one day: product 1 costs
// 10.00 and from 10 units on 9.00, product 2 costs 5.55; both are taxed 13 %,
// product 3 has no price.
type desk struct {
	testapp.Desk
	account  *core.Record // of rep.chen
	list     *core.Record
	products []*core.Record
	n        int
}

func open(t *testing.T) *desk {
	d := &desk{Desk: testapp.Open(t)}
	for _, past := range []string{"UPDATE price_lists SET active = false", "UPDATE orders SET state = 'settled'"} {
		if _, err := d.DB().NewQuery(past).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	d.account = d.AccountOf("rep.chen")
	for i := range 3 {
		d.products = append(d.products, d.Make("", "products", map[string]any{"sku": fmt.Sprint("T", i), "name": fmt.Sprint("货", i+1), "tax_bp": 1300, "status": "active"}))
	}
	d.list = d.Make("", "price_lists", map[string]any{"name": "L", "scope": "default", "active": true, "valid_from": "2026-03-16", "valid_to": "2026-03-16"})
	d.prices(d.list, 1000, 900, 555)
	return d
}

func (d *desk) prices(list *core.Record, one, many, other int) {
	d.Make("", "price_items", map[string]any{"list": list.Id, "product": d.products[0].Id, "price_fen": one})
	d.Make("", "price_items", map[string]any{"list": list.Id, "product": d.products[0].Id, "price_fen": many, "min_qty_milli": 10_000})
	d.Make("", "price_items", map[string]any{"list": list.Id, "product": d.products[1].Id, "price_fen": other})
}

// draft is what a phone sends of an order.
func (d *desk) draft(more ...map[string]any) *core.Record {
	d.n++
	base := map[string]any{"no": fmt.Sprint("N", d.n), "account": d.account.Id, "price_list": d.list.Id}
	return d.Blank("orders", append([]map[string]any{base}, more...)...)
}

// order saves a draft of rep.chen with lines of product 1 in these quantities.
func (d *desk) order(quantities ...int) *core.Record {
	order := d.draft()
	d.Must(d.SaveBy("rep.chen", order))
	for _, qty := range quantities {
		d.Must(d.SaveBy("rep.chen", d.line(order, 0, qty)))
	}
	return d.Fresh(order)
}

func (d *desk) line(order *core.Record, product, qtyMilli int, more ...map[string]any) *core.Record {
	base := map[string]any{"order": order.Id, "product": d.products[product].Id, "qty_milli": qtyMilli}
	return d.Blank("order_lines", append([]map[string]any{base}, more...)...)
}

func (d *desk) lines(order *core.Record) []*core.Record {
	all, err := d.FindAllRecords("order_lines", dbx.HashExp{"order": order.Id})
	d.Must(testapp.Code(err))
	return all
}

// sums are those of an order's lines as stored: net, tax, both.
func (d *desk) sums(order *core.Record) (all [3]int) {
	for _, line := range d.lines(order) {
		all[0] += line.GetInt("line_fen")
		all[1] += line.GetInt("tax_fen")
	}
	all[2] = all[0] + all[1]
	return all
}

// totals are an order's lines, tax and total as stored.
func (d *desk) totals(order *core.Record) [3]int {
	o := d.Fresh(order)
	return [3]int{o.GetInt("lines_fen"), o.GetInt("tax_fen"), o.GetInt("total_fen")}
}

func TestOrderIsMadeByWhoServesTheAccount(t *testing.T) {
	d := open(t)
	own := d.Make("", "price_lists", map[string]any{"name": "Own", "scope": "account", "account": d.AccountOf("rep.he").Id, "active": true})
	over := d.Make("", "price_lists", map[string]any{"name": "Over", "scope": "default", "valid_to": "2026-03-15"})
	visit, err := d.FindFirstRecordByData("visits", "account", d.AccountOf("rep.he").Id)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := d.FindFirstRecordByData("visits", "account", d.account.Id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who  string
		more map[string]any
		want string
	}{
		{"finance.zhao", nil, "record.not_allowed"},
		{"rep.he", nil, "record.not_allowed"},
		{"director.lin", nil, "record.not_allowed"},
		{"rep.chen", map[string]any{"owner": d.As("rep.he").Id}, "order.not_owner"},
		{"rep.chen", map[string]any{"account": ""}, "order.account_required account"},
		{"rep.chen", map[string]any{"price_list": ""}, ""}, // what the phone showed is evidence
		{"rep.chen", map[string]any{"price_list": own.Id}, ""},
		{"rep.chen", map[string]any{"price_list": over.Id}, ""},
		{"rep.chen", map[string]any{"price_list": "nosuchlist00000"}, "validation"},
		{"rep.chen", map[string]any{"shown_total_fen": -1}, "order.amount_too_large shown_total_fen"},
		{"rep.chen", map[string]any{"visit": visit.Id}, "record.not_found visit"},
		{"", nil, "validation"}, // nobody's
		{"rep.chen", map[string]any{"visit": mine.Id, "owner": d.As("rep.chen").Id, "state": "draft", "shown_total_fen": 5}, ""},
		{"manager.wu", nil, ""},
		{"", map[string]any{"owner": d.As("rep.chen").Id}, ""},
		{"rep.chen", map[string]any{"no": "N1"}, ""},
		{"rep.chen", map[string]any{"no": "N1"}, ""}, // both are kept and get numbers, see hooks/platform/numbers
	} {
		order := d.draft(map[string]any{"no": fmt.Sprint("X", d.n)}, c.more)
		if got := d.SaveBy(c.who, order); got != c.want {
			t.Errorf("%s with %v: %q, want %q", c.who, c.more, got, c.want)
		}
		if c.want == "" && (order.GetString("manager") != d.account.GetString("manager") || order.GetString("dept") != d.account.GetString("dept") || order.GetString("state") != "draft") {
			t.Errorf("%s with %v: %v", c.who, c.more, order.PublicExport())
		}
	}
}

// TestComputedFieldsRefuseEveryHand but the server's: the rep's, and the
// dashboard's that has no user at all.
func TestComputedFieldsRefuseEveryHand(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	line := d.lines(order)[0]
	other := d.Make("", "price_lists", map[string]any{"name": "O", "scope": "default"})
	for _, who := range []string{"rep.chen", ""} {
		for field, value := range map[string]any{
			"state": "approved", "lines_fen": 1, "tax_fen": 1, "total_fen": 1, "price_changed": true,
			"submitted_at": "2026-03-16 01:00:00Z", "reviewers": []string{d.As("rep.chen").Id}, "approval_round": 2, "decision_comment": "x",
			"reason": "x", "manager": "x", "dept": "x", "disc_fen": 1, "accepted_total_fen": 1, "priced_on": "2026-03-16", "day_basis": "captured",
			"route_reasons": []string{"x"}, "released": true, "step_dept": "ka", "step_due_at": "2026-03-16 01:00:00Z", "promised_on": "2026-03-20",
			"external_no": "x", "confirmed_at": "2026-03-16 01:00:00Z", "delivered_fen": 1, "returned_fen": 1, "paid_fen": 1, "on_time": "yes", "in_full": "yes",
			"accepted_by": "x", "decided_by": d.As("rep.chen").Id, "decided_at": "2026-03-16 01:00:00Z", "former_no": "x", "copied_from": order.Id,
		} {
			if got := d.SaveBy(who, d.draft(map[string]any{"owner": order.GetString("owner"), field: value})); got != "field.locked "+field {
				t.Errorf("%q creates an order with %s: %q", who, field, got)
			}
			if got := d.Set(who, order, field, value); got != "field.locked "+field {
				t.Errorf("%q sets the order's %s: %q", who, field, got)
			}
		}
		for field, value := range map[string]any{
			"price_fen": 1, "tax_bp": 1, "line_fen": 1, "tax_fen": 1, "account": d.AccountOf("rep.he").Id,
			"owner": d.As("rep.he").Id, "dept": "x", "base_milli": 1, "list": other.Id, "tax_included": true, "promo_fen": 1, "free": true,
			"cut_milli": 1, "delivered_milli": 1, "returned_milli": 1, "released": true,
		} {
			if got := d.SaveBy(who, d.line(order, 1, 1000, map[string]any{field: value})); got != "field.locked "+field {
				t.Errorf("%q creates a line with %s: %q", who, field, got)
			}
			if got := d.Set(who, line, field, value); got != "field.locked "+field {
				t.Errorf("%q sets the line's %s: %q", who, field, got)
			}
		}
		for field, value := range map[string]any{"no": "other", "account": d.AccountOf("rep.he").Id, "owner": d.As("rep.he").Id} {
			if got := d.Set(who, order, field, value); got != "field.locked "+field {
				t.Errorf("%q sets the order's %s: %q", who, field, got)
			}
		}
		if got := d.Set(who, line, "order", d.order().Id); got != "field.locked order" {
			t.Errorf("%q moves a line: %q", who, got)
		}
	}
}

// policy: R4.11 order.discount
//
// TestLinesArePricedByTheServer when they are saved, alone.
func TestLinesArePricedByTheServer(t *testing.T) {
	d := open(t)
	order := d.order()
	for _, c := range []struct {
		who          string
		product, qty int
		disc         int
		want         string
	}{
		{"finance.zhao", 0, 1000, 0, "order.not_owner"},
		{"rep.he", 0, 1000, 0, "order.not_owner"},
		{"manager.wu", 0, 1000, 0, "order.not_owner"},
		{"rep.chen", 0, 0, 0, "order.quantity_invalid qty_milli"},
		{"rep.chen", 0, -1000, 0, "order.quantity_invalid qty_milli"},
		{"rep.chen", 0, pricing.MaxQtyMilli + 1, 0, "order.quantity_invalid qty_milli"},
		{"rep.chen", 0, 1000, 1001, "order.discount_too_high disc_bp"},
		{"rep.chen", 0, 1000, -1, "order.discount_too_high disc_bp"},
		{"rep.chen", 2, 1000, 0, "order.price_missing product"},
	} {
		if got := d.SaveBy(c.who, d.line(order, c.product, c.qty, map[string]any{"disc_bp": c.disc})); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	if got := d.SaveBy("rep.chen", d.line(order, 0, 1000, map[string]any{"product": "nosuchproduct00"})); got != "record.not_found product" {
		t.Errorf("no such product: %q", got)
	}
	if got := d.sums(order); got != [3]int{} {
		t.Errorf("refused lines count: %v", got)
	}

	one := d.line(order, 0, 3000, map[string]any{"disc_bp": 500})
	if got := d.SaveBy("rep.chen", one); got != "" {
		t.Fatal(got)
	}
	if one.GetInt("price_fen") != 1000 || one.GetInt("tax_bp") != 1300 || one.GetInt("line_fen") != 2850 || one.GetInt("tax_fen") != 371 ||
		one.GetString("account") != d.account.Id || one.GetString("owner") != order.GetString("owner") || one.GetString("dept") != order.GetString("dept") {
		t.Errorf("%v", one.PublicExport())
	}
	two := d.line(order, 1, 1500) // 8.325 → 8.33, tax 1.0829 → 1.08
	if got := d.SaveBy("", two); got != "" {
		t.Fatal(got)
	}
	if got, want := d.sums(order), [3]int{2850 + 833, 371 + 108, 4162}; got != want {
		t.Errorf("two lines: %v, want %v", got, want)
	}
	if got := d.Set("rep.chen", one, "qty_milli", 10_000); got != "" { // the bulk price
		t.Fatal(got)
	}
	if got, want := d.sums(order), [3]int{8550 + 833, 1112 + 108, 10603}; got != want {
		t.Errorf("more: %v, want %v", got, want)
	}
	if err := d.DeleteWithContext(d.By("rep.he"), d.Fresh(two)); testapp.Code(err) != "order.not_owner" {
		t.Errorf("a colleague deletes: %v", err)
	}
	if err := d.DeleteWithContext(d.By("rep.chen"), d.Fresh(two)); err != nil {
		t.Fatal(err)
	}
	if got, want := d.sums(order), [3]int{8550, 1112, 9662}; got != want {
		t.Errorf("less: %v, want %v", got, want)
	}
}

// policy: R4.11 H-LOCK
//
// TestHLock: H-LOCK an order is locked once submitted, with its lines, for its owner
// and for the dashboard.
func TestHLock(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	line := d.lines(order)[0]
	if got := d.Set("manager.wu", order, "note", "x"); got != "order.not_owner" {
		t.Errorf("the manager edits a draft: %q", got)
	}
	if got := d.Set("rep.chen", order, "note", "尽快"); got != "" {
		t.Errorf("the owner edits a draft: %q", got)
	}
	stale, fresh := d.Fresh(order), d.Fresh(line)
	for _, state := range sales.OrderMachine.States[1:] {
		d.Force(order, state)
		for _, who := range []string{"rep.chen", ""} {
			if got := d.Set(who, order, "note", state); got != "order.locked" {
				t.Errorf("%s: %q edits: %q", state, who, got)
			}
			if got := d.SaveBy(who, d.line(order, 1, 1000)); got != "order.locked" {
				t.Errorf("%s: %q adds a line: %q", state, who, got)
			}
			if got := d.Set(who, line, "qty_milli", 5000); got != "order.locked" {
				t.Errorf("%s: %q changes a line: %q", state, who, got)
			}
			if err := d.DeleteWithContext(d.By(who), d.Fresh(line)); testapp.Code(err) != "order.locked" {
				t.Errorf("%s: %q deletes a line: %v", state, who, err)
			}
		}
	}
	stale.Set("note", "from before the submission")
	if got := d.SaveBy("rep.chen", stale); got != "order.locked" {
		t.Errorf("an edit that comes late: %q", got)
	}
	fresh.Set("qty_milli", 9000)
	if got := d.SaveBy("rep.chen", fresh); got != "order.locked" {
		t.Errorf("a line's edit that comes late: %q", got)
	}
	if err := d.Delete(d.Fresh(order)); testapp.Code(err) != "approval.kept" {
		t.Errorf("the superuser deletes an order: %v", err)
	}
	if left := d.lines(order); len(left) == 0 {
		t.Error("its lines went")
	}
}
