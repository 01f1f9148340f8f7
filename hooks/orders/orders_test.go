package orders_test

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/orders"
	"satchel/internal/testapp"
)

// desk is a test's hand on an app's orders, with a price list of its own:
// product 1 costs 10.00 and from 10 units on 9.00, product 2 costs 5.55; both
// are taxed 13 %, product 3 has no price.
type desk struct {
	t        *testing.T
	app      *testapp.App
	account  *core.Record // of rep.chen
	list     *core.Record
	products []*core.Record
	n        int
}

func open(t *testing.T) *desk {
	d := &desk{t: t, app: testapp.New(t)}
	d.account = d.app.AccountOf("rep.chen")
	for i := range 3 {
		d.products = append(d.products, d.made("products", map[string]any{"sku": fmt.Sprint("T", i), "name": fmt.Sprint("货", i+1), "tax_bp": 1300, "status": "active"}))
	}
	d.list = d.made("price_lists", map[string]any{"name": "L", "scope": "default", "active": true, "valid_from": "2026-03-16", "valid_to": "2026-03-16"})
	d.prices(d.list, 1000, 900, 555)
	return d
}

func (d *desk) prices(list *core.Record, one, many, other int) {
	d.t.Helper()
	d.made("price_items", map[string]any{"list": list.Id, "product": d.products[0].Id, "price_fen": one})
	d.made("price_items", map[string]any{"list": list.Id, "product": d.products[0].Id, "price_fen": many, "min_qty_milli": 10_000})
	d.made("price_items", map[string]any{"list": list.Id, "product": d.products[1].Id, "price_fen": other})
}

// as is the context of what the person does; nobody is a superuser's or our own raw save.
func (d *desk) as(name string) context.Context {
	if name == "" {
		return d.t.Context()
	}
	return gate.With(d.t.Context(), gate.Actor{User: d.app.As(name)})
}

// code names a refusal, with its field if it has one.
func code(err error) string {
	if err == nil {
		return ""
	}
	p, _, ok := gate.ProblemOf(err)
	if !ok {
		return err.Error()
	}
	if field, ok := p.Params["field"].(string); ok {
		return p.Code + " " + field
	}
	return p.Code
}

func (d *desk) save(who string, record *core.Record) string {
	return code(d.app.SaveWithContext(d.as(who), record))
}

func (d *desk) set(who string, record *core.Record, field string, value any) string {
	d.t.Helper()
	fresh := d.reload(record)
	fresh.Set(field, value)
	return d.save(who, fresh)
}

func (d *desk) blank(collection string, values ...map[string]any) *core.Record {
	d.t.Helper()
	coll, err := d.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		d.t.Fatal(err)
	}
	record := core.NewRecord(coll)
	for _, v := range values {
		record.Load(v)
	}
	return record
}

func (d *desk) made(collection string, values ...map[string]any) *core.Record {
	d.t.Helper()
	record := d.blank(collection, values...)
	if err := d.app.Save(record); err != nil {
		d.t.Fatalf("%s: %v", collection, err)
	}
	return record
}

func (d *desk) reload(record *core.Record) *core.Record {
	d.t.Helper()
	fresh, err := d.app.FindRecordById(record.Collection(), record.Id)
	if err != nil {
		d.t.Fatal(err)
	}
	return fresh
}

// draft is what a phone sends of an order.
func (d *desk) draft(more ...map[string]any) *core.Record {
	d.n++
	base := map[string]any{"no": fmt.Sprint("N", d.n), "account": d.account.Id, "price_list": d.list.Id}
	return d.blank("orders", append([]map[string]any{base}, more...)...)
}

// order saves a draft of rep.chen with lines of product 1 in these quantities.
func (d *desk) order(quantities ...int) *core.Record {
	d.t.Helper()
	order := d.draft()
	if got := d.save("rep.chen", order); got != "" {
		d.t.Fatal(got)
	}
	for _, qty := range quantities {
		if got := d.save("rep.chen", d.line(order, 0, qty)); got != "" {
			d.t.Fatal(got)
		}
	}
	return d.reload(order)
}

func (d *desk) line(order *core.Record, product, qtyMilli int, more ...map[string]any) *core.Record {
	base := map[string]any{"order": order.Id, "product": d.products[product].Id, "qty_milli": qtyMilli}
	return d.blank("order_lines", append([]map[string]any{base}, more...)...)
}

func (d *desk) lines(order *core.Record) []*core.Record {
	d.t.Helper()
	all, err := d.app.FindAllRecords("order_lines", dbx.HashExp{"order": order.Id})
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// totals are an order's lines, tax and total as stored.
func (d *desk) totals(order *core.Record) [3]int {
	d.t.Helper()
	o := d.reload(order)
	return [3]int{o.GetInt("lines_fen"), o.GetInt("tax_fen"), o.GetInt("total_fen")}
}

// act runs an action on a fresh copy, in a transaction as the route and the push do.
func (d *desk) act(who, action string, order *core.Record, args string) string {
	d.t.Helper()
	run := orders.Actions(gate.Config{Now: d.app.Clock.Now})["orders."+action]
	return code(d.app.RunInTransaction(func(txApp core.App) error {
		record, err := txApp.FindRecordById("orders", order.Id)
		if err != nil {
			return err
		}
		return run(d.as(who), txApp, record, jsontext.Value(args))
	}))
}

// force puts an order into a state, as no user can.
func (d *desk) force(order *core.Record, state string) {
	d.t.Helper()
	record := d.reload(order)
	record.Set("state", state)
	if err := d.app.SaveWithContext(gate.AsServer(d.t.Context()), record); err != nil {
		d.t.Fatal(err)
	}
}

func TestOrderIsMadeByWhoServesTheAccount(t *testing.T) {
	d := open(t)
	own := d.made("price_lists", map[string]any{"name": "Own", "scope": "account", "account": d.app.AccountOf("rep.he").Id, "active": true})
	over := d.made("price_lists", map[string]any{"name": "Over", "scope": "default", "active": true, "valid_to": "2026-03-15"})
	visit, err := d.app.FindFirstRecordByData("visits", "account", d.app.AccountOf("rep.he").Id)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := d.app.FindFirstRecordByData("visits", "account", d.account.Id)
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
		{"rep.chen", map[string]any{"owner": d.app.As("rep.he").Id}, "order.not_owner"},
		{"rep.chen", map[string]any{"account": ""}, "order.account_required account"},
		{"rep.chen", map[string]any{"price_list": ""}, "validation"},
		{"rep.chen", map[string]any{"price_list": "nosuchlist00000"}, "order.price_list_invalid price_list"},
		{"rep.chen", map[string]any{"price_list": own.Id}, "order.price_list_invalid"},
		{"rep.chen", map[string]any{"price_list": over.Id}, "order.price_list_invalid"},
		{"rep.chen", map[string]any{"visit": visit.Id}, "record.not_found visit"},
		{"", nil, "validation"}, // nobody's
		{"rep.chen", map[string]any{"visit": mine.Id, "owner": d.app.As("rep.chen").Id, "state": "draft", "shown_total_fen": 5}, ""},
		{"manager.wu", nil, ""},
		{"", map[string]any{"owner": d.app.As("rep.chen").Id}, ""},
		{"rep.chen", map[string]any{"no": "N1"}, ""},
		{"rep.chen", map[string]any{"no": "N1"}, "validation"}, // the number is taken
	} {
		order := d.draft(map[string]any{"no": fmt.Sprint("X", d.n)}, c.more)
		if got := d.save(c.who, order); got != c.want {
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
	for _, who := range []string{"rep.chen", ""} {
		for field, value := range map[string]any{
			"state": "approved", "lines_fen": 1, "tax_fen": 1, "total_fen": 1, "price_changed": true,
			"submitted_at": "2026-03-16 01:00:00Z", "decided_by": d.app.As("rep.chen").Id, "decided_at": "2026-03-16 01:00:00Z",
			"reason": "x", "manager": "x", "dept": "x",
		} {
			if got := d.save(who, d.draft(map[string]any{"owner": order.GetString("owner"), field: value})); got != "field.locked "+field {
				t.Errorf("%q creates an order with %s: %q", who, field, got)
			}
			if got := d.set(who, order, field, value); got != "field.locked "+field {
				t.Errorf("%q sets the order's %s: %q", who, field, got)
			}
		}
		for field, value := range map[string]any{
			"price_fen": 1, "tax_bp": 1, "line_fen": 1, "tax_fen": 1, "account": d.app.AccountOf("rep.he").Id,
			"owner": d.app.As("rep.he").Id, "dept": "x",
		} {
			if got := d.save(who, d.line(order, 1, 1000, map[string]any{field: value})); got != "field.locked "+field {
				t.Errorf("%q creates a line with %s: %q", who, field, got)
			}
			if got := d.set(who, line, field, value); got != "field.locked "+field {
				t.Errorf("%q sets the line's %s: %q", who, field, got)
			}
		}
		for field, value := range map[string]any{"no": "other", "account": d.app.AccountOf("rep.he").Id, "owner": d.app.As("rep.he").Id} {
			if got := d.set(who, order, field, value); got != "field.locked "+field {
				t.Errorf("%q sets the order's %s: %q", who, field, got)
			}
		}
		if got := d.set(who, line, "order", d.order().Id); got != "field.locked order" {
			t.Errorf("%q moves a line: %q", who, got)
		}
	}
}

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
		{"rep.chen", 0, 0, 0, "order.quantity_invalid"},
		{"rep.chen", 0, -1000, 0, "order.quantity_invalid"},
		{"rep.chen", 0, domain.MaxQtyMilli + 1, 0, "order.quantity_invalid"},
		{"rep.chen", 0, 1000, 1001, "order.discount_too_high"},
		{"rep.chen", 0, 1000, -1, "order.discount_too_high"},
		{"rep.chen", 2, 1000, 0, "order.price_missing"},
	} {
		if got := d.save(c.who, d.line(order, c.product, c.qty, map[string]any{"disc_bp": c.disc})); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	if got := d.save("rep.chen", d.line(order, 0, 1000, map[string]any{"product": "nosuchproduct00"})); got != "record.not_found product" {
		t.Errorf("no such product: %q", got)
	}
	if got := d.totals(order); got != [3]int{} {
		t.Errorf("refused lines count: %v", got)
	}

	one := d.line(order, 0, 3000, map[string]any{"disc_bp": 500})
	if got := d.save("rep.chen", one); got != "" {
		t.Fatal(got)
	}
	if one.GetInt("price_fen") != 1000 || one.GetInt("tax_bp") != 1300 || one.GetInt("line_fen") != 2850 || one.GetInt("tax_fen") != 371 ||
		one.GetString("account") != d.account.Id || one.GetString("owner") != order.GetString("owner") || one.GetString("dept") != order.GetString("dept") {
		t.Errorf("%v", one.PublicExport())
	}
	two := d.line(order, 1, 1500) // 8.325 → 8.33, tax 1.0829 → 1.08
	if got := d.save("", two); got != "" {
		t.Fatal(got)
	}
	if got, want := d.totals(order), [3]int{2850 + 833, 371 + 108, 4162}; got != want {
		t.Errorf("two lines: %v, want %v", got, want)
	}
	if got := d.set("rep.chen", one, "qty_milli", 10_000); got != "" { // the bulk price
		t.Fatal(got)
	}
	if got, want := d.totals(order), [3]int{8550 + 833, 1112 + 108, 10603}; got != want {
		t.Errorf("more: %v, want %v", got, want)
	}
	if err := d.app.DeleteWithContext(d.as("rep.he"), d.reload(two)); code(err) != "order.not_owner" {
		t.Errorf("a colleague deletes: %v", err)
	}
	if err := d.app.DeleteWithContext(d.as("rep.chen"), d.reload(two)); err != nil {
		t.Fatal(err)
	}
	if got, want := d.totals(order), [3]int{8550, 1112, 9662}; got != want {
		t.Errorf("less: %v, want %v", got, want)
	}
}

// TestAnotherListPricesAllLinesAnew, or is refused as a whole.
func TestAnotherListPricesAllLinesAnew(t *testing.T) {
	d := open(t)
	order := d.order(2000)
	if got := d.save("rep.chen", d.line(order, 1, 1000)); got != "" {
		t.Fatal(got)
	}
	cheap := d.made("price_lists", map[string]any{"name": "Cheap", "scope": "tier", "tier": d.account.GetString("tier"), "active": true})
	d.prices(cheap, 500, 400, 300)
	bare := d.made("price_lists", map[string]any{"name": "Bare", "scope": "default", "active": true})
	off := d.made("price_lists", map[string]any{"name": "Off", "scope": "default"})
	before := d.totals(order)
	for list, want := range map[*core.Record]string{bare: "order.price_missing", off: "order.price_list_invalid"} {
		if got := d.set("rep.chen", order, "price_list", list.Id); got != want || d.totals(order) != before || d.reload(order).GetString("price_list") != d.list.Id {
			t.Errorf("%s: %q, %v", list.GetString("name"), got, d.totals(order))
		}
	}
	if got := d.set("rep.chen", order, "price_list", cheap.Id); got != "" {
		t.Fatal(got)
	}
	if got, want := d.totals(order), [3]int{1300, 169, 1469}; got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestOrderIsLockedOnceSubmitted, with its lines, for its owner and for the dashboard.
func TestOrderIsLockedOnceSubmitted(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	line := d.lines(order)[0]
	if got := d.set("manager.wu", order, "note", "x"); got != "order.not_owner" {
		t.Errorf("the manager edits a draft: %q", got)
	}
	if got := d.set("rep.chen", order, "note", "尽快"); got != "" {
		t.Errorf("the owner edits a draft: %q", got)
	}
	stale, fresh := d.reload(order), d.reload(line)
	for _, state := range []string{domain.OrderSubmitted, domain.OrderApproved, domain.OrderRejected, domain.OrderCancelled} {
		d.force(order, state)
		for _, who := range []string{"rep.chen", ""} {
			if got := d.set(who, order, "note", state); got != "order.locked" {
				t.Errorf("%s: %q edits: %q", state, who, got)
			}
			if got := d.save(who, d.line(order, 1, 1000)); got != "order.locked" {
				t.Errorf("%s: %q adds a line: %q", state, who, got)
			}
			if got := d.set(who, line, "qty_milli", 5000); got != "order.locked" {
				t.Errorf("%s: %q changes a line: %q", state, who, got)
			}
			if err := d.app.DeleteWithContext(d.as(who), d.reload(line)); code(err) != "order.locked" {
				t.Errorf("%s: %q deletes a line: %v", state, who, err)
			}
		}
	}
	stale.Set("note", "from before the submission")
	if got := d.save("rep.chen", stale); got != "order.locked" {
		t.Errorf("an edit that comes late: %q", got)
	}
	fresh.Set("qty_milli", 9000)
	if got := d.save("rep.chen", fresh); got != "order.locked" {
		t.Errorf("a line's edit that comes late: %q", got)
	}
	if err := d.app.Delete(d.reload(order)); code(err) != "record.kept" {
		t.Errorf("the superuser deletes an order: %v", err)
	}
	if left := d.lines(order); len(left) == 0 {
		t.Error("its lines went")
	}
}
