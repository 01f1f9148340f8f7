package budgets_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// People of the tests' company.
const (
	director  = "director.lin"
	finance   = "finance.zhao"
	executive = "executive.sun"
)

// desk is a company whose department has a budget for 2026: 100,000 fen, of which
// manager.wu has 60,000 for his reps chen and he, and manager.xu 40,000.
type desk struct {
	testapp.Desk
	t      testing.TB
	opts   []testapp.Option // of the app
	budget *core.Record
	nodes  map[string]*core.Record // by name
	phones map[string]*testapp.Phone
}

func open(t testing.TB, opts ...testapp.Option) *desk {
	d := &desk{Desk: testapp.Open(t, opts...), t: t, opts: opts, nodes: map[string]*core.Record{}, phones: map[string]*testapp.Phone{}}
	d.clear()
	return d
}

// clear leaves no budget, not even the demo company's own.
func (d *desk) clear() {
	d.t.Helper()
	for _, table := range []string{"expense_reviews", "budget_adjustments", "budget_entries", "budget_balances", "budget_nodes", "budgets"} {
		if _, err := d.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
			d.t.Fatal(err)
		}
	}
}

// draft makes the department's budget of a year, without nodes.
func (d *desk) draft(year string, more ...map[string]any) *core.Record {
	d.t.Helper()
	values := append([]map[string]any{{"owner": d.As(director).Id, "year": year, "title": year + " 年度预算"}}, more...)
	d.budget = d.Make(director, "budgets", values...)
	return d.budget
}

// node adds one below another, by their names.
func (d *desk) node(name, above string, fen int, more ...map[string]any) *core.Record {
	d.t.Helper()
	base := map[string]any{"budget": d.budget.Id, "name": name, "amount_fen": fen, "position": len(d.nodes)}
	if above != "" {
		base["parent"] = d.nodes[above].Id
	}
	d.nodes[name] = d.Make(director, "budget_nodes", append([]map[string]any{base}, more...)...)
	return d.nodes[name]
}

// written is the budget of 2026 as a draft.
func (d *desk) written(more ...map[string]any) *desk {
	d.t.Helper()
	d.draft("2026", more...)
	d.node("部门", "", 100_000)
	d.node("吴", "部门", 60_000, map[string]any{"manager": d.As("manager.wu").Id})
	d.node("徐", "部门", 40_000, map[string]any{"manager": d.As("manager.xu").Id})
	d.node("陈", "吴", 40_000, map[string]any{"rep": d.As("rep.chen").Id})
	d.node("何", "吴", 20_000, map[string]any{"rep": d.As("rep.he").Id})
	return d
}

// agree has a budget approved.
func (d *desk) agree() *desk {
	d.t.Helper()
	d.Must(d.Act(director, d.budget, "submit", ""))
	d.Must(d.Decide(finance, d.budget, "approve", ""))
	d.Must(d.Decide(executive, d.budget, "approve", ""))
	return d
}

// agreed is the budget of 2026 in force.
func agreed(t testing.TB, opts ...testapp.Option) *desk {
	t.Helper()
	return open(t, opts...).written().agree()
}

// override changes fields of a row as nobody can.
func (d *desk) override(row *core.Record, values map[string]any) {
	d.t.Helper()
	fresh := d.Fresh(row)
	fresh.Load(values)
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), fresh); err != nil {
		d.t.Fatal(err)
	}
}

func claim(id string) expense.BudgetDoc { return expense.BudgetDoc{Collection: "claims", ID: id} }

// cost is a line of a document, of 2026-03-15.
func (d *desk) cost(line, node string, net int) expense.BudgetCost {
	return expense.BudgetCost{Line: line, Node: d.nodes[node].Id, Day: "2026-03-15", Net: net}
}

// inTx runs a step of somebody's document, and names what refuses it.
func (d *desk) inTx(who string, step func(ctx context.Context, tx core.App) error) string {
	d.t.Helper()
	ctx := d.By(who)
	return testapp.Code(d.RunInTransaction(func(tx core.App) error { return step(ctx, tx) }))
}

func (d *desk) reserve(who string, doc expense.BudgetDoc, costs ...expense.BudgetCost) (refused string) {
	d.t.Helper()
	_, refused = d.warned(who, doc, costs...)
	return refused
}

// warned reserves, and answers what only warns.
func (d *desk) warned(who string, doc expense.BudgetDoc, costs ...expense.BudgetCost) (warnings []expense.BudgetWarning, refused string) {
	d.t.Helper()
	refused = d.inTx(who, func(ctx context.Context, tx core.App) (err error) {
		warnings, err = d.Bound.Budgets.Reserve(ctx, tx, doc, costs)
		return err
	})
	return warnings, refused
}

func (d *desk) release(doc expense.BudgetDoc) string {
	d.t.Helper()
	return d.inTx("", func(ctx context.Context, tx core.App) error { return d.Bound.Budgets.Release(ctx, tx, doc) })
}

func (d *desk) spend(doc expense.BudgetDoc, costs ...expense.BudgetCost) string {
	d.t.Helper()
	return d.inTx(finance, func(ctx context.Context, tx core.App) error {
		_, err := d.Bound.Budgets.Spend(ctx, tx, doc, costs, d.Clock.Now())
		return err
	})
}

func (d *desk) reverse(doc expense.BudgetDoc) string {
	d.t.Helper()
	return d.inTx(finance, func(ctx context.Context, tx core.App) error {
		return d.Bound.Budgets.Reverse(ctx, tx, doc, "付款退回")
	})
}

// sums are what a node has, holds, spent and may spend.
func (d *desk) sums(name string) string {
	d.t.Helper()
	n := d.Fresh(d.nodes[name])
	return fmt.Sprint(n.GetInt("allocated_fen"), n.GetInt("reserved_fen"), n.GetInt("spent_fen"), n.GetInt("free_fen"))
}

func (d *desk) has(what string, want map[string]string) {
	d.t.Helper()
	for name, sums := range want {
		if got := d.sums(name); got != sums {
			d.t.Errorf("%s: %s has %s, not %s", what, name, got, sums)
		}
	}
}

// entries are a document's, in the order in which they were written.
func (d *desk) entries(doc expense.BudgetDoc) (out []string) {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("budget_entries", "ref_collection = {:c} && ref_id = {:i}", "@rowid", 0, 0, dbx.Params{"c": doc.Collection, "i": doc.ID})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range rows {
		out = append(out, fmt.Sprint(r.GetString("kind"), " ", r.GetInt("amount_fen"), " ", r.GetString("day"), " ", r.GetString("month"), " ", r.GetString("corrects")))
	}
	return out
}

// state is the budget's.
func (d *desk) state() string { return d.Fresh(d.budget).GetString("state") }
