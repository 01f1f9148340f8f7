package control_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// desk is a company whose KA department has a budget of 2026: 1,000 yuan below
// manager.wu, for rep.chen and for rep.he, and 500 for nobody in particular.
type desk struct {
	testapp.Desk
	t                            *testing.T
	budget, top, wu, chen, he, x *core.Record
}

func open(t *testing.T, opts ...testapp.Option) *desk {
	t.Helper()
	d := &desk{Desk: testapp.Open(t, opts...), t: t}
	d.budget = d.draft("2026")
	d.approve(d.budget)
	return d
}

// draft is a budget of a year that nobody has approved.
func (d *desk) draft(year string) *core.Record {
	d.t.Helper()
	budget := d.Make("director.lin", "budgets", map[string]any{"owner": d.As("director.lin").Id, "year": year, "title": year + " 年度预算"})
	node := func(parent *core.Record, name string, fen int, more map[string]any) *core.Record {
		values := map[string]any{"budget": budget.Id, "name": name, "amount_fen": fen}
		if parent != nil {
			values["parent"] = parent.Id
		}
		return d.Make("director.lin", "budget_nodes", values, map[string]any{"period": "year", "from_date": year + "-01-01", "to_date": year + "-12-31"}, more)
	}
	d.top = node(nil, "KA 业务部", 1500_00, nil)
	d.wu = node(d.top, "吴经理", 1000_00, map[string]any{"manager": d.As("manager.wu").Id})
	d.chen = node(d.wu, "陈", 600_00, map[string]any{"rep": d.As("rep.chen").Id})
	d.he = node(d.wu, "何", 400_00, map[string]any{"rep": d.As("rep.he").Id})
	d.x = node(d.top, "其他", 500_00, nil)
	return budget
}

func (d *desk) approve(budget *core.Record) {
	d.t.Helper()
	d.Must(d.Act("director.lin", budget, "submit", ""))
	d.Must(d.Decide("finance.zhao", budget, "approve", ""))
	d.Must(d.Decide("executive.sun", budget, "approve", ""))
}

// adjustment is one that somebody drafts.
func (d *desk) adjustment(who, kind string, from, to *core.Record, fen int, more ...map[string]any) (*core.Record, string) {
	values := map[string]any{"owner": d.As(who).Id, "budget": d.budget.Id, "kind": kind, "amount_fen": fen, "reason": "旺季"}
	if from != nil {
		values["from_node"] = from.Id
	}
	if to != nil {
		values["to_node"] = to.Id
	}
	record := d.Blank("budget_adjustments", append([]map[string]any{values}, more...)...)
	return record, d.SaveBy(who, record)
}

// submitted is one that waits for approval.
func (d *desk) submitted(who, kind string, from, to *core.Record, fen int) *core.Record {
	d.t.Helper()
	record, refused := d.adjustment(who, kind, from, to, fen)
	d.Must(refused)
	d.Must(d.Act(who, record, "submit", ""))
	return record
}

// allocated compares what nodes have, in yuan.
func (d *desk) allocated(what string, top, wu, chen, he, x int) {
	d.t.Helper()
	for i, n := range []*core.Record{d.top, d.wu, d.chen, d.he, d.x} {
		if got, want := d.Fresh(n).GetInt("allocated_fen"), []int{top, wu, chen, he, x}[i]*100; got != want {
			d.t.Errorf("%s: %s has %d, want %d", what, n.GetString("name"), got, want)
		}
	}
}

// spend pays something of a node on a day.
func (d *desk) spend(node *core.Record, day string, fen int) {
	d.t.Helper()
	d.Must(testapp.Code(d.RunInTransaction(func(tx core.App) error {
		doc := docOf(node.Id + day)
		_, err := d.Bound.Budgets.Spend(d.t.Context(), tx, doc, costOf(node.Id, day, fen), d.Clock.Now())
		return err
	})))
}

func (d *desk) on(day string) {
	d.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Clock.Set(at.Add(2 * time.Hour))
}
