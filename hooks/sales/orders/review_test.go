package orders_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
)

// setting puts a value of the catalogue in force.
func (d *desk) setting(key, value string) {
	row, err := d.FindFirstRecordByData("settings", "key", key)
	if err != nil {
		row = d.Blank("settings", map[string]any{"key": key, "valid_from": "2020-01-01"})
	}
	row.Set("value", value)
	d.Must(d.SaveBy("", row))
}

// events are an order's steps on record.
func (d *desk) events(order *core.Record) []*core.Record {
	all, err := d.FindRecordsByFilter("order_events", "order = {:o}", "@rowid", 0, 0, map[string]any{"o": order.Id})
	if err != nil {
		panic(err)
	}
	return all
}

func (d *desk) state(order *core.Record) string { return d.Fresh(order).GetString("state") }

// limit gives the account credit.
func (d *desk) limit(fen int) {
	account := d.Fresh(d.account)
	account.Set("credit_limit_fen", fen)
	d.Must(d.SaveBy("", account))
}

// policy: R4.11 order.credit
// policy: R4.12 order_events
//
// TestCreditAsksManagerAndFinance, and the whole life after it is on record.
func TestCreditAsksManagerAndFinance(t *testing.T) {
	d := open(t)
	d.limit(2000)
	first, order := d.order(1000), d.order(1000)
	d.Must(d.Run("rep.chen", first, "submit", ``))
	if got := d.state(first); got != sales.OrderApproved {
		t.Fatalf("below the limit it is %s", got)
	}
	d.Must(d.Run("rep.chen", order, "submit", ``))
	if now := d.Fresh(order); now.GetString("state") != sales.OrderSubmitted || now.GetString("step_dept") != "ka" || now.GetString("route_reasons") != `["credit_exceeded"]` || now.GetDateTime("step_due_at").IsZero() {
		t.Fatalf("%v", now.PublicExport())
	}
	d.Expect("logistics does not see it", d.Act("ops.luo", order, "confirm", `{"promised_on":"2026-03-20"}`), "record.not_found")
	d.Expect("nobody decides on his own", d.Decide("rep.chen", order, "approve", `{}`), "approval.own")
	d.Must(d.Decide("manager.wu", order, "approve", `{"comment":"老客户"}`))
	if now := d.Fresh(order); now.GetString("state") != sales.OrderCreditReview || now.GetString("step_dept") != "finance" {
		t.Fatalf("%v", now.PublicExport())
	}
	d.Must(d.Decide("finance.zhao", order, "approve", `{}`))
	if now := d.Fresh(order); now.GetString("state") != sales.OrderApproved || !now.GetBool("released") || now.GetString("step_dept") != "logistics" {
		t.Fatalf("%v", now.PublicExport())
	}
	d.Expect("a day that is past", d.Act("ops.luo", order, "confirm", `{"promised_on":"2026-03-15"}`), "order.promised_invalid promised_on")
	d.Must(d.Act("ops.luo", order, "confirm", `{"promised_on":"2026-03-20","external_no":"ERP-7"}`))
	third := d.order(1000)
	d.Must(d.Run("rep.chen", third, "submit", ``)) // counts, too
	d.Expect("more is open than finance saw", d.Act("ops.luo", order, "release", `{}`), "order.credit_release")
	d.Expect("without a reason", d.Act("finance.zhao", order, "release", `{}`), "order.reason_required")
	d.Must(d.Act("finance.zhao", order, "release", `{"reason":"预付款在途"}`))
	d.Force(order, sales.OrderDelivered)
	d.Must(d.Run("rep.chen", order, "accept", `{"name":"王店长","blob":"`+d.paper()+`"}`))
	d.Expect("without a name", d.Run("rep.chen", order, "accept", `{}`), "order.state")
	var kinds []string
	for _, e := range d.events(order) {
		kinds = append(kinds, e.GetString("kind")+" "+e.GetString("step_dept"))
		if !e.GetBool("released") {
			t.Errorf("logistics does not see %v", e.PublicExport())
		}
	}
	want := []string{"submit ka", "approve ka", "approve finance", "confirm logistics", "release logistics", "delivered logistics", "accept ka"}
	if !slices.Equal(kinds, want) {
		t.Errorf("%q\nnot %q", kinds, want)
	}
}

// TestDiscountAsksTheManager above what a rep may give alone.
func TestDiscountAsksTheManager(t *testing.T) {
	d := open(t)
	for disc, want := range map[int]string{500: sales.OrderApproved, 501: sales.OrderSubmitted} {
		order := d.order()
		d.Must(d.SaveBy("rep.chen", d.line(order, 0, 1000, map[string]any{"disc_bp": disc})))
		d.Must(d.Run("rep.chen", order, "submit", ``))
		if got := d.state(order); got != want {
			t.Errorf("%d: %s", disc, got)
		}
		if want == sales.OrderApproved {
			continue
		}
		d.Must(d.Decide("manager.wu", order, "return", `{"comment":"折扣太高"}`))
		if got := d.state(order); got != sales.OrderDraft {
			t.Errorf("returned to %s", got)
		}
		d.Must(d.Run("rep.chen", order, "submit", ``))
		d.Must(d.Run("rep.chen", order, "withdraw", ``))
		d.Must(d.Run("rep.chen", order, "submit", ``))
		d.Must(d.Run("rep.chen", order, "cancel", `{"reason":"客户不要了"}`))
		if asked := d.Asked("", order); asked != nil {
			t.Errorf("somebody is asked still: %v", asked.PublicExport())
		}
	}
	order := d.order()
	d.Must(d.SaveBy("rep.chen", d.line(order, 0, 1000, map[string]any{"disc_bp": 600})))
	d.Must(d.Run("rep.chen", order, "submit", ``))
	d.limit(100)
	d.Expect("credit that ran out meanwhile", d.Decide("manager.wu", order, "approve", `{}`), "order.credit_exceeded")
	d.Must(d.Decide("manager.wu", order, "reject", `{"comment":"无额度"}`))
	d.Expect("submitted again", d.Run("rep.chen", order, "submit", ``), "order.state")
	d.Must(d.Run("rep.chen", order, "copy", `{"id":"copyaaaaaaaaaaa","no":"C1"}`))
	next := d.Row("orders", "copyaaaaaaaaaaa")
	if next.GetString("copied_from") != order.Id || next.GetString("state") != sales.OrderDraft || d.sums(next) != d.sums(order) || len(d.lines(next)) != 1 {
		t.Errorf("%v", next.PublicExport())
	}
}

// TestCutsLowerAnOrder while it is approved, and finance signs what is left.
func TestCutsLowerAnOrder(t *testing.T) {
	d := open(t)
	d.limit(5000)
	order := d.order(10_000, 2000)
	d.Must(d.Run("rep.chen", order, "submit", ``))
	many, few := d.lines(order)[0], d.lines(order)[1]
	if many.GetInt("qty_milli") < few.GetInt("qty_milli") {
		many, few = few, many
	}
	cut := func(line *core.Record, qty int) string {
		return fmt.Sprintf(`{"comment":"先发一部分","data":{"lines":[{"line":%q,"qty_milli":%d,"comment":"缺货"}]}}`, line.Id, qty)
	}
	d.Expect("more", d.Decide("manager.wu", order, "approve", cut(many, 10_001)), "order.cut_invalid")
	d.Expect("below nought", d.Decide("manager.wu", order, "approve", cut(many, -1)), "order.cut_invalid")
	d.Expect("with a rejection", d.Decide("manager.wu", order, "reject", cut(many, 1000)), "order.cut_invalid")
	d.Expect("an unknown line", d.Decide("manager.wu", order, "approve", `{"data":{"lines":[{"line":"x","qty_milli":1}]}}`), "order.cut_invalid")
	d.Must(d.Decide("manager.wu", order, "approve", cut(many, 3000)))
	if got, want := d.totals(order), [3]int{5000, 650, 5650}; got != want {
		t.Errorf("cut: %v, want %v", got, want)
	}
	if line := d.Fresh(many); line.GetInt("cut_milli") != 7000 || line.GetInt("qty_milli") != 10_000 || line.GetInt("price_fen") != 1000 || line.GetString("comment") != "缺货" {
		t.Errorf("%v", line.PublicExport())
	}
	d.Must(d.Decide("finance.zhao", order, "approve", cut(few, 0)))
	if got, want := d.totals(order), [3]int{3000, 390, 3390}; got != want || d.state(order) != sales.OrderApproved {
		t.Errorf("cut again: %v, want %v, %s", got, want, d.state(order))
	}
}

// TestOverdueStepsTellTheHead once.
func TestOverdueStepsTellTheHead(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	d.Must(d.Run("rep.chen", order, "submit", ``))
	d.Job("orderSteps")
	before := d.Told("ops.luo", "order.overdue")
	d.Clock.Advance(48 * time.Hour)
	for range 2 {
		d.Job("orderSteps")
	}
	if now := d.Fresh(order); now.GetDateTime("step_told_at").IsZero() || d.Told("ops.luo", "order.overdue") == before {
		t.Errorf("nobody was told: %v", now.PublicExport())
	}
	told := d.Told("ops.luo", "order.overdue")
	d.Job("orderSteps")
	if d.Told("ops.luo", "order.overdue") != told {
		t.Error("told twice")
	}
}
