package claims_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
	"satchel/records"
)

// People of the tests' company.
const (
	rep       = "rep.chen"
	manager   = "manager.wu"
	director  = "director.lin"
	finance   = "finance.zhao"
	executive = "executive.sun"
	day       = "2026-03-02"
)

// desk is a company whose department has a budget for 2026: rep.chen 40,000 fen, rep.he
// 20,000, all others 40,000.
type desk struct {
	testapp.Desk
	t     testing.TB
	opts  []testapp.Option
	nodes map[string]*core.Record
}

func open(t testing.TB, opts ...testapp.Option) *desk {
	t.Helper()
	d := &desk{Desk: testapp.Open(t, opts...), t: t, opts: opts, nodes: map[string]*core.Record{}}
	for _, table := range []string{"expense_reviews", "budget_adjustments", "budget_entries", "budget_balances", "budget_nodes", "budgets"} {
		d.sql("DELETE FROM " + table)
	}
	budget := d.Make(director, "budgets", map[string]any{"owner": d.As(director).Id, "year": "2026", "title": "2026"})
	node := func(name, above string, fen int, more map[string]any) {
		values := map[string]any{"budget": budget.Id, "name": name, "amount_fen": fen, "position": len(d.nodes)}
		if above != "" {
			values["parent"] = d.nodes[above].Id
		}
		d.nodes[name] = d.Make(director, "budget_nodes", values, more)
	}
	node("部门", "", 100_000, nil)
	node("陈", "部门", 40_000, map[string]any{"rep": d.As(rep).Id})
	node("何", "部门", 20_000, map[string]any{"rep": d.As("rep.he").Id})
	node("公共", "部门", 40_000, nil)
	d.Must(d.Act(director, budget, "submit", ""))
	d.Must(d.Decide(finance, budget, "approve", ""))
	d.Must(d.Decide(executive, budget, "approve", ""))
	return d
}

func (d *desk) sql(text string, params ...dbx.Params) {
	d.t.Helper()
	q := d.DB().NewQuery(text)
	for _, p := range params {
		q.Bind(p)
	}
	if _, err := q.Execute(); err != nil {
		d.t.Fatal(err)
	}
}

// category is what the tests spend on.
func (d *desk) category() *core.Record {
	d.t.Helper()
	row, err := d.FindFirstRecordByData("expense_categories", "code", "parking")
	if err != nil {
		row = d.Make(finance, "expense_categories", map[string]any{"code": "parking", "name_zh": "停车费", "active": true})
	}
	return row
}

// claim makes somebody's draft with a line of each amount, without invoices.
func (d *desk) claim(who string, fen ...int) *core.Record {
	d.t.Helper()
	c := d.Make(who, "expense_claims", map[string]any{"owner": d.As(who).Id, "title": "三月费用", "period": "2026-03", "payee_kind": "employee"})
	for i, amount := range fen {
		d.line(who, c, amount, map[string]any{"seq": i + 1, "no_invoice_reason": "停车费无票"})
	}
	return c
}

func (d *desk) line(who string, c *core.Record, fen int, more ...map[string]any) *core.Record {
	d.t.Helper()
	values := append([]map[string]any{{"claim": c.Id, "category": d.category().Id, "day": day, "amount_fen": fen}}, more...)
	return d.Make(who, "expense_lines", values...)
}

func (d *desk) lines(c *core.Record) []*core.Record {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("expense_lines", "claim = {:c}", "seq", 0, 0, dbx.Params{"c": c.Id})
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

// invoice is a paper of somebody's folder.
func (d *desk) invoice(who, number string, fen int) *core.Record {
	d.t.Helper()
	row, refused := d.Invoice(who, map[string]any{"kind": "32", "number": number, "issue_date": day, "total_fen": fen})
	d.Must(refused)
	return row
}

// agreed is a claim of rep.chen's that passed its chain.
func (d *desk) agreed(fen ...int) *core.Record {
	d.t.Helper()
	c := d.claim(rep, fen...)
	d.Must(d.Act(rep, c, "submit", ""))
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", ""))
	return c
}

// preapproval is one of rep.chen's that his superior approved, for 18 March; it is the 19th.
func (d *desk) preapproval(fen int) *core.Record {
	d.t.Helper()
	row := d.Make(rep, "preapprovals", map[string]any{
		"owner": d.As(rep).Id, "kind": "entertainment", "reason": "签约答谢", "day": "2026-03-18", "to_day": "2026-03-18", "planned_fen": fen,
		"attendees": `[{"name":"王采购","company":"联华","side":"theirs"},{"name":"陈","side":"ours"}]`,
	})
	d.Must(d.Act(rep, row, "submit", ""))
	d.Must(d.Decide(manager, row, "approve", ""))
	d.Clock.Set(d.Clock.Now().AddDate(0, 0, 3))
	return row
}

func (d *desk) pay(c *core.Record, fen int) string {
	d.t.Helper()
	return d.server(func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
		return d.Bound.Claims.Pay(ctx, tx, claim, fen, "V-1", d.Clock.Now())
	}, c)
}

func (d *desk) unpay(c *core.Record) string {
	d.t.Helper()
	return d.server(func(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
		return d.Bound.Claims.Unpay(ctx, tx, claim, "账号有误")
	}, c)
}

func (d *desk) server(run func(context.Context, core.App, records.ExpenseClaim) error, c *core.Record) string {
	d.t.Helper()
	return testapp.Code(d.RunInTransaction(func(tx core.App) error {
		claim, err := records.ExpenseClaims.Require(tx, records.ExpenseClaimID(c.Id))
		if err != nil {
			return err
		}
		return run(d.By(finance), tx, claim)
	}))
}

// is compares a claim's state and what it comes to, what is approved and paid.
func (d *desk) is(what string, c *core.Record, want string) {
	d.t.Helper()
	r := d.Fresh(c)
	if got := fmt.Sprint(r.GetString("state"), " ", r.GetInt("total_fen"), " ", r.GetInt("approved_fen"), " ", r.GetInt("paid_fen")); got != want {
		d.t.Errorf("%s: %s, want %s", what, got, want)
	}
}

// has compares what a node has reserved and spent.
func (d *desk) has(what, node string, reserved, spent int) {
	d.t.Helper()
	r := d.Fresh(d.nodes[node])
	if r.GetInt("reserved_fen") != reserved || r.GetInt("spent_fen") != spent {
		d.t.Errorf("%s: %s has %d reserved and %d spent, want %d and %d", what, node, r.GetInt("reserved_fen"), r.GetInt("spent_fen"), reserved, spent)
	}
}
