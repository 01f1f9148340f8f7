package payments_test

import (
	"encoding/base64"
	"encoding/json/v2"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// People of the tests' company; cashier is a second one of finance.
const (
	rep       = "rep.chen"
	other     = "rep.he"
	manager   = "manager.wu"
	director  = "director.lin"
	finance   = "finance.zhao"
	executive = "executive.sun"
	cashier   = "ops.bai"
	number    = "6222 0212-3456 7890"
)

// desk is a company with a budget, in which two are of finance.
type desk struct {
	testapp.Desk
	t    testing.TB
	node *core.Record
}

func open(t testing.TB, opts ...testapp.Option) *desk {
	t.Helper()
	d := &desk{Desk: testapp.Open(t, opts...), t: t}
	for _, table := range []string{"payments", "payment_runs", "advances", "payee_accounts", "payee_changes", "payees", "expense_reviews", "budget_adjustments", "budget_entries", "budget_balances", "budget_nodes", "budgets"} {
		if _, err := d.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	d.give(d.As(cashier), "role", "finance")
	budget := d.Make(director, "budgets", map[string]any{"owner": d.As(director).Id, "year": "2026", "title": "2026"})
	d.node = d.Make(director, "budget_nodes", map[string]any{"budget": budget.Id, "name": "部门", "amount_fen": 1_000_000})
	d.Must(d.Act(director, budget, "submit", ""))
	d.Must(d.Decide(finance, budget, "approve", ""))
	d.Must(d.Decide(executive, budget, "approve", ""))
	d.payee(rep)
	d.payee(other)
	return d
}

// give writes a field as nobody can.
func (d *desk) give(row *core.Record, field string, value any) {
	d.t.Helper()
	fresh := d.Fresh(row)
	fresh.Set(field, value)
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), fresh); err != nil {
		d.t.Fatal(err)
	}
}

// payee makes one of somebody, whose account one of finance asked for and another confirmed.
func (d *desk) payee(who string) *core.Record {
	d.t.Helper()
	payee := d.Make(finance, "payees", map[string]any{"kind": "employee", "user": d.As(who).Id, "name": who, "active": true})
	d.Must(d.Act(cashier, d.change(payee), "confirm", ""))
	return payee
}

func (d *desk) change(payee *core.Record) *core.Record {
	d.t.Helper()
	return d.Make(finance, "payee_changes", map[string]any{
		"owner": d.As(finance).Id, "payee": payee.Id, "holder": payee.GetString("name"), "bank": "工商银行", "number": number, "reason": "入职",
	})
}

// claim is somebody's that passed its chain.
func (d *desk) claim(who string, fen int, more ...map[string]any) *core.Record {
	d.t.Helper()
	c := d.draft(who, fen, more...)
	d.agree(who, c)
	return c
}

// draft is somebody's claim of one line.
func (d *desk) draft(who string, fen int, more ...map[string]any) *core.Record {
	d.t.Helper()
	category, err := d.FindFirstRecordByData("expense_categories", "code", "parking")
	if err != nil {
		category = d.Make(finance, "expense_categories", map[string]any{"code": "parking", "name_zh": "停车费", "active": true, "ledger_account": "660205", "input_tax": "none"})
	}
	base := map[string]any{"owner": d.As(who).Id, "title": "三月", "period": "2026-03", "payee_kind": "employee"}
	c := d.Make(who, "expense_claims", append([]map[string]any{base}, more...)...)
	d.Make(who, "expense_lines", map[string]any{"claim": c.Id, "category": category.Id, "day": "2026-03-02", "amount_fen": fen, "no_invoice_reason": "无票", "reason": "无票", "seq": 1})
	return c
}

// agree lets a draft pass its chain.
func (d *desk) agree(who string, c *core.Record) {
	d.t.Helper()
	d.Must(d.Act(who, c, "submit", ""))
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", ""))
}

// advance is somebody's that passed its chain.
func (d *desk) advance(who string, fen int) *core.Record {
	d.t.Helper()
	a := d.Make(who, "advances", map[string]any{"owner": d.As(who).Id, "purpose": "展会", "amount_fen": fen, "due_on": "2026-05-01"})
	d.Must(d.Act(who, a, "submit", ""))
	d.Must(d.Decide(manager, a, "approve", ""))
	d.Must(d.Decide(finance, a, "approve", ""))
	return a
}

// run is the cashier's draft.
func (d *desk) run() *core.Record {
	d.t.Helper()
	return d.Make(cashier, "payment_runs", map[string]any{"owner": d.As(cashier).Id, "title": "三月"})
}

func (d *desk) plan(who string, run *core.Record, claims, advances []*core.Record) string {
	d.t.Helper()
	ids := func(rows []*core.Record) []string {
		out := []string{}
		for _, r := range rows {
			out = append(out, r.Id)
		}
		return out
	}
	text, err := json.Marshal(map[string]any{"claims": ids(claims), "advances": ids(advances)})
	if err != nil {
		d.t.Fatal(err)
	}
	return d.Act(who, run, "plan", string(text))
}

// sent is a run that the bank has.
func (d *desk) sent(claims, advances []*core.Record) *core.Record {
	d.t.Helper()
	run := d.run()
	d.Must(d.plan(cashier, run, claims, advances))
	d.Must(d.Act(cashier, run, "export", `{"encoding":"utf8"}`))
	return run
}

// says is the bank's answer: lines of "seq yuan result".
func (d *desk) says(run *core.Record, lines ...string) string {
	d.t.Helper()
	text := "批次号,序号,金额(元),结果,流水号,原因\r\n"
	for _, line := range lines {
		part := strings.Fields(line)
		text += fmt.Sprintf("%s,%s,%s,%s,T%s,\r\n", d.Fresh(run).GetString("no"), part[0], part[1], part[2], part[0])
	}
	return d.answer(run, text)
}

func (d *desk) answer(run *core.Record, text string) string {
	d.t.Helper()
	return d.Act(cashier, run, "answer", `{"encoding":"utf8","file":"`+base64.StdEncoding.EncodeToString([]byte(text))+`"}`)
}

func (d *desk) paymentOf(field string, row *core.Record) *core.Record {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("payments", field+" = {:i}", "-@rowid", 1, 0, dbx.Params{"i": row.Id})
	if err != nil || len(rows) == 0 {
		d.t.Fatal("no payment of ", row.Id, err)
	}
	return rows[0]
}

// is compares fields of a row, one after the other.
func (d *desk) is(what string, row *core.Record, fields, want string) {
	d.t.Helper()
	fresh, got := d.Fresh(row), []string{}
	for _, f := range strings.Fields(fields) {
		got = append(got, fresh.GetString(f))
	}
	if text := strings.Join(got, " "); text != want {
		d.t.Errorf("%s: %s, want %s", what, text, want)
	}
}

// first is the id of the first row that has a value.
func (d *desk) first(table, field string, value any) string {
	d.t.Helper()
	row, err := d.FindFirstRecordByData(table, field, value)
	if err != nil {
		d.t.Fatal(err)
	}
	return row.Id
}
