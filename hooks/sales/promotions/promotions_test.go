package promotions_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/hooks/sales/promotions"
	"satchel/internal/testapp"
	"satchel/records"
)

// desk is a company with an order of rep.chen's account and two products.
type desk struct {
	testapp.Desk
	t        *testing.T
	account  *core.Record
	products [2]string
	n        int
}

func open(t *testing.T) *desk {
	d := &desk{Desk: testapp.Open(t), t: t}
	d.account = d.AccountOf("rep.chen")
	for i := range d.products {
		d.products[i] = d.Make("", "products", map[string]any{"sku": fmt.Sprint("P", i), "name": fmt.Sprint("货", i), "unit": "瓶", "tax_bp": 1300, "status": "active"}).Id
	}
	return d
}

// promotion is one that an administrator writes: a tenth off, unless more says otherwise.
func (d *desk) promotion(more ...map[string]any) *core.Record {
	d.n++
	base := map[string]any{"code": fmt.Sprint("春促", d.n), "name": "春季促销", "active": true, "rule": `{"kind":"percent","bp":1000}`}
	return d.Blank("promotions", append([]map[string]any{base}, more...)...)
}

func (d *desk) made(more ...map[string]any) *core.Record {
	d.t.Helper()
	p := d.promotion(more...)
	d.Must(d.SaveBy("admin.fang", p))
	return d.Fresh(p)
}

// order is one of the account, as its rules leave it.
func (d *desk) order() records.Order {
	d.t.Helper()
	d.n++
	order := d.Blank("orders", map[string]any{
		"no": fmt.Sprint("N", d.n), "account": d.account.Id, "owner": d.As("rep.chen").Id, "dept": d.account.GetString("dept"), "manager": d.account.GetString("manager"), "state": "draft",
	})
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), order); err != nil {
		d.t.Fatal(err)
	}
	return records.Orders.Of(order)
}

func (d *desk) hold(order records.Order, uses ...pricing.Use) string {
	return testapp.Code(d.RunInTransaction(func(tx core.App) error { return promotions.Hold(d.By("rep.chen"), tx, order, uses) }))
}

func (d *desk) giveBack(order records.Order) string {
	return testapp.Code(d.RunInTransaction(func(tx core.App) error { return promotions.GiveBack(d.By("rep.chen"), tx, order) }))
}

// used is what is held of a promotion: as one with a cap says, which its uses must
// add up to. One without says nothing.
func (d *desk) used(p *core.Record) string {
	d.t.Helper()
	var sum struct {
		Fen   int `db:"fen"`
		Milli int `db:"milli"`
	}
	err := d.DB().NewQuery(`SELECT COALESCE(SUM(amount_fen), 0) fen, COALESCE(SUM(qty_milli), 0) milli FROM promotion_uses WHERE promotion = {:p} AND state = 'held'`).
		Bind(map[string]any{"p": p.Id}).One(&sum)
	if err != nil {
		d.t.Fatal(err)
	}
	now := d.Fresh(p)
	said := fmt.Sprint(now.GetInt("used_fen"), " ", now.GetInt("used_milli"))
	counted := fmt.Sprint(sum.Fen, " ", sum.Milli)
	want := counted
	if now.GetInt("cap_fen")+now.GetInt("cap_milli") == 0 {
		want = "0 0"
	}
	if said != want {
		d.t.Errorf("%s are said to be used, %s are", said, counted)
	}
	return counted
}

// usePart is what an order asks for of a promotion.
func usePart(p *core.Record, fen, milli int64) pricing.Use {
	return pricing.Use{Promotion: p.Id, AmountFen: fen, QtyMilli: milli}
}

// TestARuleIsReadWhenItIsSaved: by its kind's members and no others, with caps that
// it counts, days in their order and goods that there are.
func TestARuleIsReadWhenItIsSaved(t *testing.T) {
	d := open(t)
	one, two := d.products[0], d.products[1]
	for _, c := range []struct {
		what string
		more map[string]any
		want string
	}{
		{"a percentage", nil, ""},
		{"no rule", map[string]any{"rule": ""}, "kind"},
		{"no object", map[string]any{"rule": `[]`}, "json"},
		{"an unknown kind", map[string]any{"rule": `{"kind":"lottery"}`}, "kind"},
		{"an unknown member", map[string]any{"rule": `{"kind":"percent","bp":1000,"percent":10}`}, "json"},
		{"a member twice", map[string]any{"rule": `{"kind":"percent","bp":1000,"bp":2000}`}, "json"},
		{"a fraction", map[string]any{"rule": `{"kind":"percent","bp":0.5}`}, "json"},
		{"more than all", map[string]any{"rule": `{"kind":"percent","bp":10001}`}, "bp"},
		{"less than nothing", map[string]any{"rule": `{"kind":"order_off","off_fen":-5}`}, "off_fen"},
		{"another kind's member", map[string]any{"rule": `{"kind":"percent","bp":1000,"off_fen":5}`}, "off_fen"},
		{"without what it gives", map[string]any{"rule": `{"kind":"line_off"}`}, "off_fen"},
		{"a maximum below the minimum", map[string]any{"rule": `{"kind":"percent","bp":1000,"min_fen":500,"max_fen":400}`}, "max_fen"},
		{"for each of no minimum", map[string]any{"rule": `{"kind":"order_off","off_fen":5,"repeat":true}`}, "repeat"},
		{"ten get one", map[string]any{"rule": fmt.Sprintf(`{"kind":"buy_get","products":[%q],"buy_milli":10000,"get_milli":1000,"repeat":true}`, one)}, ""},
		{"mixed goods get which?", map[string]any{"rule": `{"kind":"buy_get","mix":true,"buy_milli":10000,"get_milli":1000}`}, "mix"},
		{"half a case", map[string]any{"rule": `{"kind":"buy_get","buy_milli":10000,"get_milli":500,"get_unit":"箱"}`}, "get_milli"},
		{"a gift by the case that there is none of", map[string]any{"rule": fmt.Sprintf(`{"kind":"buy_get","products":[%q],"buy_milli":10000,"get_milli":1000,"get_unit":"箱"}`, one)}, "get_unit"},
		{"a gift by its own unit", map[string]any{"rule": fmt.Sprintf(`{"kind":"buy_get","buy_milli":10000,"get_milli":1000,"get_unit":"瓶","get_product":%q}`, two)}, ""},
		{"a gift that there is none of", map[string]any{"rule": `{"kind":"buy_get","buy_milli":10000,"get_milli":1000,"get_product":"nosuchproduct00"}`}, "get_product"},
		{"a product that there is none of", map[string]any{"rule": `{"kind":"percent","bp":1000,"products":["nosuchproduct00"]}`}, "products"},
		{"a product twice", map[string]any{"rule": fmt.Sprintf(`{"kind":"percent","bp":1000,"products":[%q,%q]}`, one, one)}, "products"},
		{"steps", map[string]any{"rule": `{"kind":"tiers","by":"qty","steps":[{"from":10000,"bp":500},{"from":20000,"off_fen":800}]}`}, ""},
		{"steps that fall", map[string]any{"rule": `{"kind":"tiers","by":"qty","steps":[{"from":20000,"bp":500},{"from":10000,"bp":800}]}`}, "steps"},
		{"a step that gives two things", map[string]any{"rule": `{"kind":"tiers","by":"qty","steps":[{"from":20000,"bp":500,"off_fen":5}]}`}, "steps"},
		{"steps of what?", map[string]any{"rule": `{"kind":"tiers","steps":[{"from":20000,"bp":500}]}`}, "by"},
		{"a bundle", map[string]any{"rule": fmt.Sprintf(`{"kind":"bundle","goods":[{"product":%q,"milli":6000},{"product":%q,"milli":2000}],"price_fen":3000}`, one, two)}, ""},
		{"a bundle of nothing", map[string]any{"rule": `{"kind":"bundle","goods":[],"price_fen":3000}`}, "goods"},
		{"a bundle of what there is none of", map[string]any{"rule": `{"kind":"bundle","goods":[{"product":"nosuchproduct00","milli":1000}],"price_fen":3000}`}, "goods"},
		{"a cap in fen of free goods", map[string]any{"cap_fen": 100, "rule": `{"kind":"buy_get","buy_milli":10000,"get_milli":1000}`}, "cap_fen"},
		{"a cap in units of an amount", map[string]any{"cap_milli": 100, "rule": `{"kind":"order_off","off_fen":100}`}, "cap_milli"},
		{"a cap below nothing", map[string]any{"cap_fen": -1}, "cap_fen"},
		{"both caps of a percentage", map[string]any{"cap_fen": 100, "cap_milli": 100}, ""},
	} {
		err := d.SaveWithContext(d.By("admin.fang"), d.promotion(c.more))
		problem, _, _ := gate.ProblemOf(err)
		if c.want == "" && err != nil || c.want != "" && (problem.Code != "promotion.rule_invalid" || problem.Params["fault"] != c.want) {
			t.Errorf("%s: %v %v, want %q", c.what, err, problem.Params, c.want)
		}
	}
	p := d.made()
	d.Expect("worse by an edit", d.Set("admin.fang", p, "rule", `{"kind":"percent"}`), "promotion.rule_invalid")
	d.Expect("its last day before the first", d.SaveBy("admin.fang", d.promotion(map[string]any{"valid_from": "2026-03-16", "valid_to": "2026-03-15"})), "promotion.days_invalid valid_to")
	d.Expect("one day", d.SaveBy("admin.fang", d.promotion(map[string]any{"valid_from": "2026-03-16", "valid_to": "2026-03-16"})), "")
	d.Expect("a code that is taken", d.SaveBy("admin.fang", d.promotion(map[string]any{"code": p.GetString("code")})), "validation")
	for _, field := range []string{"used_fen", "used_milli"} {
		d.Expect(field, d.Set("admin.fang", p, field, 5), "field.locked "+field)
	}
}

// policy: R4.11 H-ORD-2
//
// TestCapsCountWhatOrdersHold: an order's part is its own until it is given back,
// whatever it asks for the second time.
func TestCapsCountWhatOrdersHold(t *testing.T) {
	d := open(t)
	p := d.made(map[string]any{"cap_fen": 1000, "cap_milli": 50_000})
	free := d.made(map[string]any{"rule": `{"kind":"buy_get","buy_milli":10000,"get_milli":1000}`, "cap_milli": 2000})
	endless := d.made()
	one, two := d.order(), d.order()
	d.Must(d.hold(one, usePart(p, 600, 20_000), usePart(free, 0, 1000), usePart(endless, 1<<40, 1<<40)))
	if got := d.used(p) + d.used(free); got != "600 20000"+"0 1000" {
		t.Error(got)
	}
	d.Expect("more fen than are left", d.hold(two, usePart(free, 0, 1000), usePart(p, 401, 0)), "promotion.cap_reached")
	if got := d.used(p) + d.used(free); got != "600 20000"+"0 1000" {
		t.Errorf("a refused one took its part: %s", got)
	}
	d.Expect("more units than are left", d.hold(two, usePart(free, 0, 1001)), "promotion.cap_reached")
	d.Must(d.hold(two, usePart(free, 0, 1000), usePart(p, 400, 30_000)))
	d.Must(d.hold(one, usePart(p, 500, 20_000))) // priced anew, after a cut
	if got := d.used(p) + d.used(free) + d.used(endless); got != "900 50000"+"0 1000"+"0 0" {
		t.Error(got)
	}
	d.Must(d.giveBack(two))
	d.Must(d.giveBack(two))
	d.Must(d.hold(one, usePart(p, 1000, 50_000), usePart(free, 0, 2000)))
	d.Expect("nothing is left", d.hold(two, usePart(p, 1, 0)), "promotion.cap_reached")
	d.Must(d.giveBack(one))
	d.Must(d.hold(two, usePart(p, 1000, 50_000)))
	if got := d.used(p) + d.used(free); got != "1000 50000"+"0 0" {
		t.Error(got)
	}

	uses, err := records.PromotionUses.All(d, `"order" = {:o}`, map[string]any{"o": two.ID()}, "")
	if err != nil || len(uses) != 2 {
		t.Fatal(len(uses), err)
	}
	for _, u := range uses {
		if u.Account() != two.Account() || u.Owner() != two.Owner() || u.Dept() != two.Dept() {
			t.Errorf("%v", u.Raw().PublicExport())
		}
	}
	d.Expect("what orders had a part of", d.DeleteBy("admin.fang", p), "record.kept")
	d.Expect("what none had", d.DeleteBy("admin.fang", d.made()), "")
	for _, who := range []string{"admin.fang", "rep.chen", ""} {
		if got := d.Set(who, uses[0].Raw(), "amount_fen", 1); got == "" {
			t.Errorf("%q writes a use", who)
		}
	}
}

// TestACapCountsWhatWasHeldBefore: what orders hold of a promotion is counted from
// the day on which it has a cap.
func TestACapCountsWhatWasHeldBefore(t *testing.T) {
	d := open(t)
	p := d.made()
	one, two := d.order(), d.order()
	before := d.Fresh(p).GetString("updated")
	d.Must(d.hold(one, usePart(p, 600, 20_000)))
	if now := d.Fresh(p); d.used(p) != "600 20000" || now.GetString("updated") != before {
		t.Errorf("%s, the row of no cap was written: %v", d.used(p), now.PublicExport())
	}
	d.Must(d.Set("admin.fang", p, "cap_fen", 1000))
	if got := d.used(p); got != "600 20000" {
		t.Error(got)
	}
	d.Expect("more than the cap leaves", d.hold(two, usePart(p, 401, 0)), "promotion.cap_reached")
	stale := d.Fresh(p)
	d.Must(d.hold(two, usePart(p, 400, 0)))
	stale.Set("name", "改")
	d.Must(d.SaveBy("admin.fang", stale)) // read before the second order
	if got := d.used(p); got != "1000 20000" {
		t.Error(got)
	}
	d.Must(d.giveBack(one))
	d.Must(d.Set("admin.fang", p, "cap_fen", 0))
	if got := d.used(p); got != "400 0" {
		t.Error(got)
	}
}

// TestWhatIsInForce for an account on a day, with what is left.
func TestWhatIsInForce(t *testing.T) {
	d := open(t)
	other := d.AccountOf("rep.he").Id
	tier := d.account.GetString("tier")
	another := map[string]string{"A": "B", "B": "C", "C": "A"}[tier]
	want := map[string]bool{}
	for _, c := range []struct {
		in   bool
		more map[string]any
	}{
		{true, nil},
		{false, map[string]any{"active": false}},
		{true, map[string]any{"valid_from": "2026-03-16", "valid_to": "2026-03-16"}},
		{false, map[string]any{"valid_from": "2026-03-17"}},
		{false, map[string]any{"valid_to": "2026-03-15"}},
		{true, map[string]any{"accounts": []string{other, d.account.Id}}},
		{false, map[string]any{"accounts": []string{other}}},
		{true, map[string]any{"tiers": []string{tier}}},
		{false, map[string]any{"tiers": []string{another}}},
		{true, map[string]any{"tiers": []string{another}, "accounts": []string{d.account.Id}}},
	} {
		p := d.made(c.more, map[string]any{"cap_fen": 100, "stackable": c.in, "exclusive_group": "春", "priority": 3})
		want[p.Id] = c.in
	}
	account := records.Accounts.Of(d.account)
	got, err := promotions.InForce(d, account, "2026-03-16")
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]bool{}
	for _, p := range got {
		if _, mine := want[p.ID]; !mine {
			continue // the demo's
		}
		in[p.ID] = true
		if p.CapFen != 100 || !p.Stackable || p.ExclusiveGroup != "春" || p.Priority != 3 || p.Rule.BP != 1000 || p.Code == "" {
			t.Errorf("%+v", p)
		}
	}
	for id, wanted := range want {
		if in[id] != wanted {
			t.Errorf("%s in force: %t", id, in[id])
		}
	}
	if _, err := d.DB().NewQuery(`UPDATE promotions SET rule = '{"kind":"percent","bp":1.5}' WHERE active`).Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := promotions.InForce(d, account, "2026-03-16"); err == nil || domain.CodeOf(err) != "" {
		t.Errorf("a rule that cannot be read: %v", err)
	}
}
