package orders_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
)

var states = []string{sales.OrderDraft, sales.OrderSubmitted, sales.OrderApproved, sales.OrderRejected, sales.OrderCancelled}

// TestWhoActsInWhichState: the whole table of states, actions and people.
func TestWhoActsInWhichState(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	args := map[string]string{"submit": `{}`, "approve": ``, "reject": `{"reason":"太便宜"}`, "cancel": `{"reason":"客户取消"}`}
	owner, superior := "order.not_owner", "order.not_superior"
	for _, c := range []struct {
		action string
		who    string
		want   [5]string // by state, as in states
	}{
		{"submit", "", [5]string{owner, owner, owner, owner, owner}},
		{"submit", "finance.zhao", [5]string{owner, owner, owner, owner, owner}},
		{"submit", "manager.wu", [5]string{owner, owner, owner, owner, owner}},
		{"submit", "rep.chen", [5]string{"", "order.state", "order.state", "order.state", "order.state"}},
		{"approve", "finance.zhao", [5]string{superior, superior, superior, superior, superior}},
		{"approve", "manager.xu", [5]string{superior, superior, superior, superior, superior}},
		{"approve", "rep.chen", [5]string{superior, superior, superior, superior, superior}},
		{"approve", "manager.wu", [5]string{"order.state", "", "order.state", "order.state", "order.state"}},
		{"approve", "director.lin", [5]string{"order.state", "", "order.state", "order.state", "order.state"}},
		{"reject", "rep.chen", [5]string{superior, superior, superior, superior, superior}},
		{"reject", "manager.wu", [5]string{"order.state", "", "order.state", "order.state", "order.state"}},
		{"cancel", "rep.he", [5]string{owner, owner, superior, owner, owner}},
		{"cancel", "manager.wu", [5]string{owner, owner, "", owner, owner}},
		{"cancel", "rep.chen", [5]string{"", "", superior, "order.state", "order.state"}},
	} {
		for i, state := range states {
			d.Force(order, state)
			want := c.want[i]
			if got := d.Run(c.who, order, c.action, args[c.action]); got != want {
				t.Errorf("%s by %q from %s: %q, want %q", c.action, c.who, state, got, want)
			}
		}
	}
}

// TestNobodyApprovesHisOwn: a manager's order goes to the department's manager.
func TestNobodyApprovesHisOwn(t *testing.T) {
	d := open(t)
	order := d.draft()
	if got := d.SaveBy("manager.wu", order); got != "" {
		t.Fatal(got)
	}
	d.Force(order, sales.OrderSubmitted)
	for _, action := range []string{"approve", "reject"} {
		if got := d.Run("manager.wu", order, action, `{"reason":"x"}`); got != "order.not_superior" {
			t.Errorf("%s: %q", action, got)
		}
	}
	if got := d.Run("director.lin", order, "approve", ``); got != "" {
		t.Errorf("the department's manager: %q", got)
	}
}

// TestSubmitComputesAnew: what the phone showed is compared, never taken.
func TestSubmitComputesAnew(t *testing.T) {
	d := open(t)
	if got := d.Run("rep.chen", d.order(), "submit", `{}`); got != "order.empty" {
		t.Errorf("without lines: %q", got)
	}
	for shown, changed := range map[int]bool{0: false, 1130: false, 1131: true} {
		order := d.order(1000)
		if got := d.Set("rep.chen", order, "shown_total_fen", shown); got != "" {
			t.Fatal(got)
		}
		if got := d.Run("rep.chen", order, "submit", ``); got != "" {
			t.Fatal(got)
		}
		now := d.Fresh(order)
		if now.GetBool("price_changed") != changed || now.GetString("state") != sales.OrderSubmitted || !now.GetDateTime("submitted_at").Time().Equal(d.Clock.Now()) {
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
	if got := d.Run("rep.chen", order, "submit", ``); got != "" {
		t.Fatal(got)
	}
	if got, want := d.totals(order), [3]int{1100 + 9000, 99 + 810, 11009}; got != want {
		t.Errorf("with the prices of today: %v, want %v", got, want)
	}
	for _, line := range d.lines(order) {
		if line.GetInt("tax_bp") != 900 {
			t.Errorf("a line keeps its old tax: %v", line.PublicExport())
		}
	}
}

// TestSubmitIsRefusedAsAWhole when the list or a price has gone meanwhile.
func TestSubmitIsRefusedAsAWhole(t *testing.T) {
	d := open(t)
	order := d.order(1000)
	d.Clock.Advance(16 * 60 * 60 * 1e9) // the next day in Shanghai, when the list is over
	if got := d.Run("rep.chen", order, "submit", ``); got != "order.price_list_invalid" {
		t.Errorf("%q", got)
	}
	d.Clock.Advance(-16 * 60 * 60 * 1e9)
	if _, err := d.DB().NewQuery("DELETE FROM price_items").Execute(); err != nil {
		t.Fatal(err)
	}
	if got := d.Run("rep.chen", order, "submit", ``); got != "order.price_missing" {
		t.Errorf("%q", got)
	}
	if now := d.Fresh(order); now.GetString("state") != sales.OrderDraft {
		t.Errorf("state %s", now.GetString("state"))
	}
	if got := d.Run("rep.chen", order, "submit", `{"total":1}`); got != "args.invalid" {
		t.Errorf("arguments that there are none of: %q", got)
	}
}

func TestDecisionsAreSigned(t *testing.T) {
	d := open(t)
	for _, action := range []string{"reject", "cancel"} {
		order := d.order(1000)
		who := "manager.wu"
		d.Force(order, sales.OrderSubmitted)
		if action == "cancel" {
			d.Force(order, sales.OrderApproved)
		}
		for _, args := range []string{``, `{}`, `{"reason":" "}`} {
			if got := d.Run(who, order, action, args); got != "order.reason_required" {
				t.Errorf("%s %s: %q", action, args, got)
			}
		}
		if got := d.Run(who, order, action, `{"reason":"断货"}`); got != "" {
			t.Fatal(got)
		}
		now := d.Fresh(order)
		if now.GetString("decided_by") != d.As(who).Id || now.GetString("reason") != "断货" || !now.GetDateTime("decided_at").Time().Equal(d.Clock.Now()) {
			t.Errorf("%s: %v", action, now.PublicExport())
		}
	}
}

// TestPriceListsShowWhoseTheyAre: what decides who sees them follows from the account.
func TestPriceListsShowWhoseTheyAre(t *testing.T) {
	d := open(t)
	list := d.Make("", "price_lists", map[string]any{"name": "Own", "scope": "account", "account": d.account.Id, "active": true})
	item := d.Make("", "price_items", map[string]any{"list": list.Id, "product": d.products[0].Id, "price_fen": 1})
	if list.GetString("dept") != d.account.GetString("dept") || item.GetString("account") != d.account.Id || item.GetString("dept") != d.account.GetString("dept") {
		t.Errorf("list %v, item %v", list.PublicExport(), item.PublicExport())
	}
	if got := d.Set("", item, "account", ""); got != "field.locked account" {
		t.Errorf("%q", got)
	}
	if got := d.Set("", list, "account", ""); got != "" {
		t.Fatal(got)
	}
	if now := d.Fresh(item); now.GetString("account") != "" || now.GetString("dept") != "" {
		t.Errorf("the item keeps %q and %q", now.GetString("account"), now.GetString("dept"))
	}
}
