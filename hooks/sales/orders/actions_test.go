package orders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
)

// TestWhoActsInWhichState: the whole table of states, steps and people.
func TestWhoActsInWhichState(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	paper := d.paper()
	args := map[string]string{
		"submit": `{}`, "withdraw": `{}`, "cancel": `{"reason":"客户取消"}`, "confirm": `{"promised_on":"2026-03-20"}`, "release": `{}`,
		"close_short": `{"reason":"断货"}`, "accept": `{"name":"王店长","blob":"` + paper + `"}`, "copy": `{"no":"C"}`,
	}
	own, ops := []string{"rep.chen"}, []string{"ops.luo", "ops.bai"}
	superiors := []string{"manager.wu", "director.lin"}
	for _, c := range []struct {
		step     string
		who      []string
		from     []string
		stranger string
		unfit    string
	}{
		{"submit", own, []string{"draft"}, "approval.not_author", "approval.state"},
		{"withdraw", own, []string{"submitted", "credit_review"}, "approval.not_author", "approval.state"},
		{"confirm", ops, []string{"approved"}, "order.not_ops", "order.state"},
		{"release", append(ops, "finance.zhao"), []string{"confirmed"}, "order.not_ops", "order.state"},
		{"close_short", ops, []string{"processing", "partly_delivered"}, "order.not_ops", "order.state"},
		{"accept", own, []string{"delivered"}, "order.not_owner", "order.state"},
		{"copy", own, []string{"rejected", "cancelled"}, "order.not_owner", "order.state"},
	} {
		for _, who := range []string{"", "rep.chen", "rep.he", "manager.wu", "finance.zhao", "ops.bai"} {
			for _, state := range sales.OrderMachine.States {
				d.Force(order, state)
				want := c.stranger
				if slices.Contains(c.who, who) {
					want = ""
					if !slices.Contains(c.from, state) {
						want = c.unfit
					}
				}
				if c.step == "submit" && who == "rep.chen" && state == "rejected" {
					want = "order.state" // others are submitted again
				}
				if c.step == "copy" {
					d.n++
					args["copy"] = fmt.Sprintf(`{"no":"C%d"}`, d.n)
				}
				d.Expect(c.step+" by "+who+" from "+state, d.Run(who, order, c.step, args[c.step]), want)
			}
		}
	}
	for _, state := range sales.OrderMachine.States {
		early := slices.Contains([]string{"draft", "submitted", "credit_review"}, state)
		late := slices.Contains([]string{"approved", "confirmed"}, state)
		for who, want := range map[string]string{"rep.chen": "", "manager.wu": "", "director.lin": "", "rep.he": "order.not_owner", "ops.luo": "order.not_owner", "": "order.not_owner"} {
			switch {
			case late && !slices.Contains(superiors, who):
				want = "order.not_superior"
			case late:
			case slices.Contains(superiors, who):
				want = "order.not_owner"
			case who == "rep.chen" && !early:
				want = "order.state"
			}
			d.Force(order, state)
			d.Expect("cancel by "+who+" from "+state, d.Run(who, order, "cancel", args["cancel"]), want)
		}
	}
}

// paper is a signature of rep.chen's.
func (d *desk) paper() string {
	d.n++
	return d.Make("rep.chen", "blobs", map[string]any{"sha256": fmt.Sprintf("%064x", d.n), "size": 1, "mime": "image/jpeg", "purpose": "receipt"}).Id
}

// policy: R4.11 H-ORD-1
//
// TestHOrd1: H-ORD-1 the submit computes anew; what the phone showed is compared, never taken.
func TestHOrd1(t *testing.T) {
	d := open(t)
	d.Expect("without lines", d.Run("rep.chen", d.order(), "submit", `{}`), "order.empty")
	for shown, changed := range map[int]bool{0: false, 1130: false, 1131: true} {
		order := d.order(1000)
		d.Must(d.Set("rep.chen", order, "shown_total_fen", shown))
		d.Must(d.Run("rep.chen", order, "submit", ``))
		now := d.Fresh(order)
		if now.GetBool("price_changed") != changed || now.GetString("state") != sales.OrderApproved || !now.GetDateTime("submitted_at").Time().Equal(d.Clock.Now()) ||
			now.GetString("priced_on") != "2026-03-16" || now.GetString("day_basis") != "arrived" {
			t.Errorf("shown %d: %v", shown, now.PublicExport())
		}
	}

	order := d.order(1000, 10_000)
	item, err := d.FindFirstRecordByFilter("price_items", "list = {:l} && min_qty_milli = 0 && price_fen = 1000", map[string]any{"l": d.list.Id})
	if err != nil {
		t.Fatal(err)
	}
	item.Set("price_fen", 1100)
	d.products[0].Set("tax_bp", 900)
	for _, record := range []*core.Record{item, d.products[0]} {
		if err := d.Save(record); err != nil {
			t.Fatal(err)
		}
	}
	d.Must(d.Run("rep.chen", order, "submit", ``))
	if got, want := d.totals(order), [3]int{1100 + 9000, 99 + 810, 11009}; got != want || d.sums(order) != want {
		t.Errorf("with the prices of today: %v, want %v", got, want)
	}
	for _, line := range d.lines(order) {
		if line.GetInt("tax_bp") != 900 || line.GetString("list") != d.list.Id || !line.GetBool("released") {
			t.Errorf("a line keeps its old tax: %v", line.PublicExport())
		}
	}
}

// policy: R4.11 H-ORD-2
//
// TestHOrd2: H-ORD-2 least quantity, pack, step, assortment and order minimum are
// checked, and nothing of a refused submit stays.
func TestHOrd2(t *testing.T) {
	d := open(t)
	carton := map[string]any{"unit": "箱"}
	d.Make("", "product_units", map[string]any{"product": d.products[0].Id, "unit": "箱", "factor_milli": 12_000})
	order := d.order()
	d.products[1].Set("min_qty_milli", 3000)
	d.products[1].Set("step_milli", 1500)
	d.Must(d.SaveBy("", d.products[1]))
	for _, c := range []struct {
		product, qty int
		more         map[string]any
		want         string
	}{
		{0, 1500, carton, "order.quantity_fraction qty_milli"},
		{0, 2000, carton, ""},
		{0, 1000, map[string]any{"unit": "桶"}, "order.unit_unknown unit"},
		{1, 1500, nil, "order.quantity_min qty_milli"},
		{1, 4000, nil, "order.quantity_step qty_milli"},
		{1, 4500, nil, ""},
	} {
		d.Expect("a line", d.SaveBy("rep.chen", d.line(order, c.product, c.qty, c.more)), c.want)
	}
	for _, line := range d.lines(order) {
		if line.GetString("unit") == "箱" && (line.GetInt("base_milli") != 24_000 || line.GetInt("price_fen") != 10_800) {
			t.Errorf("two cartons of twelve at the price of many: %v", line.PublicExport())
		}
	}
	stopped := d.Fresh(d.products[0])
	stopped.Set("status", "stopped")
	d.Must(d.SaveBy("", stopped))
	d.Expect("a product withdrawn meanwhile", d.Run("rep.chen", order, "submit", `{}`), "order.product_stopped")
	d.Expect("and a line of it", d.SaveBy("rep.chen", d.line(order, 0, 1000)), "order.product_stopped product")
	stopped.Set("status", "active")
	d.Must(d.SaveBy("", stopped))
	out := d.Make("manager.wu", "assortments", map[string]any{"account": d.account.Id, "product": d.products[0].Id, "state": "delisted"})
	d.Expect("delisted", d.Run("rep.chen", order, "submit", `{}`), "order.not_listed")
	out.Set("valid_to", "2026-03-15")
	d.Must(d.SaveBy("manager.wu", out))
	d.Make("manager.wu", "assortments", map[string]any{"account": d.account.Id, "product": d.products[1].Id, "state": "listed"})
	d.Expect("not listed where anything is", d.Run("rep.chen", order, "submit", `{}`), "order.not_listed")
	out.Set("state", "listed")
	out.Set("valid_to", "")
	d.Must(d.SaveBy("manager.wu", out))
	d.setting("order.min_total_fen", "10000000")
	d.Expect("too little", d.Run("rep.chen", order, "submit", `{}`), "order.total_min")
	if now := d.Fresh(order); now.GetString("state") != sales.OrderDraft || now.GetInt("total_fen") != 0 || now.GetInt("approval_round") != 0 {
		t.Errorf("a refused submit left %v", now.PublicExport())
	}
	d.setting("order.min_total_fen", "0")
	d.Must(d.Run("rep.chen", order, "submit", `{}`))
}

// TestSubmitIsRefusedAsAWhole when the list or a price has gone meanwhile.
func TestSubmitIsRefusedAsAWhole(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	d.Clock.Advance(16 * 60 * 60 * 1e9) // the next day in Shanghai, when the list is over
	d.Expect("the list is over", d.Run("rep.chen", order, "submit", `{}`), "order.price_missing")
	d.Expect("a draft's line is priced as of when it may have been captured", d.SaveBy("rep.chen", d.line(order, 0, 2000)), "")
	d.Clock.Advance(-16 * 60 * 60 * 1e9)
	if _, err := d.DB().NewQuery("DELETE FROM price_items").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Expect("no price", d.Run("rep.chen", order, "submit", `{}`), "order.price_missing")
	if now := d.Fresh(order); now.GetString("state") != sales.OrderDraft {
		t.Errorf("state %s", now.GetString("state"))
	}
	d.Expect("arguments that there are none of", d.Run("rep.chen", order, "submit", `{"total":1}`), "args.invalid")
}

// TestRiseIsAsked: a total above the one shown goes back with what rose, and is
// taken once that is said.
func TestRiseIsAsked(t *testing.T) {
	d := open(t)
	order := d.order(1000, 2000)
	d.Must(d.Set("rep.chen", order, "shown_total_fen", 3000))
	err := d.RunInTransaction(func(tx core.App) error {
		fresh, err := tx.FindRecordById("orders", order.Id)
		if err != nil {
			return err
		}
		return d.Bound.Actions["orders.submit"](d.By("rep.chen"), tx, fresh, []byte(`{"accept_total_fen":3389}`))
	})
	p, _, _ := gate.ProblemOf(err)
	if p.Code != "order.total_rose" || p.Params["shown"] != int64(3000) || p.Params["now"] != int64(3390) {
		t.Fatalf("%v", err)
	}
	d.Must(d.Run("rep.chen", order, "submit", `{"accept_total_fen":3390}`))
	if now := d.Fresh(order); now.GetInt("accepted_total_fen") != 3390 || !now.GetBool("price_changed") || now.GetInt("total_fen") != 3390 {
		t.Errorf("%v", now.PublicExport())
	}
}

// TestARefusalNamesTheLine: of many lines the one that is not right, its product by
// name, when it is saved and when the order is submitted.
func TestARefusalNamesTheLine(t *testing.T) {
	d := open(t)
	order := d.order(1000, 3000)
	refused := func(run func() error) (domain.Problem, string) {
		p, _, _ := gate.ProblemOf(run())
		return p, p.Text("zh") + " " + p.Text("en")
	}
	p, text := refused(func() error { return d.SaveWithContext(d.By("rep.chen"), d.line(order, 1, 0)) })
	if name := d.products[1].GetString("name"); p.Code != "order.quantity_invalid" || p.Params["product"] != name || p.Params["field"] != "qty_milli" || strings.Count(text, name) != 2 {
		t.Errorf("saved: %v %s", p, text)
	}
	d.products[0].Set("min_qty_milli", 3000)
	d.Must(d.SaveBy("", d.products[0]))
	p, text = refused(func() error {
		return d.RunInTransaction(func(tx core.App) error {
			return d.Bound.Actions["orders.submit"](d.By("rep.chen"), tx, d.Fresh(order), []byte(`{}`))
		})
	})
	var line string
	for _, l := range d.lines(order) {
		if l.GetInt("qty_milli") == 1000 {
			line = l.Id
		}
	}
	if name := d.products[0].GetString("name"); p.Code != "order.quantity_min" || p.Params["line"] != line || p.Params["product"] != name || strings.Count(text, name) != 2 {
		t.Errorf("submitted: %v %s", p, text)
	}
}

// TestAnAcceptedTotalIsOne: less than nothing, or more than can be counted, is refused.
func TestAnAcceptedTotalIsOne(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	for _, fen := range []string{"-1", "-900000000000000", "1000000000000000"} {
		d.Expect(fen, d.Act("rep.chen", order, "submit", `{"accept_total_fen":`+fen+`}`), "order.accept_invalid accept_total_fen")
	}
	phone := d.phone("rep.chen", "accept")
	id, all := d.captured(phone, map[string]any{"accept_total_fen": -1}, nil)
	if codes := d.handIn(phone, all); codes[2] != "order.accept_invalid" || d.Row("orders", id).GetString("state") != sales.OrderDraft {
		t.Errorf("pushed: %q", codes)
	}
	d.Must(d.Act("rep.chen", order, "submit", `{"accept_total_fen":0}`))
}

// TestDecisionsHaveReasons: who cancels or closes short says why.
func TestDecisionsHaveReasons(t *testing.T) {
	d := open(t)
	for _, c := range []struct{ who, step, from string }{
		{"manager.wu", "cancel", sales.OrderApproved}, {"rep.chen", "cancel", sales.OrderSubmitted}, {"ops.luo", "close_short", sales.OrderPartlyDelivered}, {"ops.luo", "close_short", sales.OrderProcessing},
	} {
		order := d.order(1000)
		d.Force(order, c.from)
		for _, args := range []string{``, `{}`, `{"reason":" "}`} {
			d.Expect(c.step+" "+args, d.Run(c.who, order, c.step, args), "order.reason_required")
		}
		d.Must(d.Run(c.who, order, c.step, `{"reason":"断货"}`))
		events := d.events(order)
		last := events[len(events)-1]
		if last.GetString("by") != d.As(c.who).Id || last.GetString("note") != "断货" || !last.GetDateTime("at").Time().Equal(d.Clock.Now()) || d.Fresh(order).GetString("reason") != "断货" {
			t.Errorf("%s: %v", c.step, last.PublicExport())
		}
		if now := d.Fresh(order); c.step == "cancel" && (now.GetString("decided_by") != d.As(c.who).Id || !now.GetDateTime("decided_at").Time().Equal(d.Clock.Now())) {
			t.Errorf("%s is not signed: %v", c.step, now.PublicExport())
		}
	}
}
