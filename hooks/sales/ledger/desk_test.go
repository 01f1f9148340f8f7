package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// finance is who decides on money in the tests' company.
const finance = "finance.zhao"

// desk is a company in which goods are delivered and paid for.
type desk struct {
	testapp.Desk
	t    testing.TB
	opts []testapp.Option // of the app
	n    int
}

func open(t testing.TB, opts ...testapp.Option) *desk {
	return &desk{Desk: testapp.Open(t, opts...), t: t, opts: opts}
}

// server saves a row as our own code does.
func (d *desk) server(record *core.Record) {
	d.t.Helper()
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), record); err != nil {
		d.t.Fatal(err)
	}
}

// serverSet changes fields of a row as our own code does.
func (d *desk) serverSet(record *core.Record, values map[string]any) string {
	d.t.Helper()
	fresh := d.Fresh(record)
	fresh.Load(values)
	return testapp.Code(d.SaveWithContext(gate.AsServer(d.t.Context()), fresh))
}

// whose are the fields that say whose a row of an account is.
func whose(account *core.Record) map[string]any {
	return map[string]any{
		"account": account.Id, "owner": account.GetString("owner"), "manager": account.GetString("manager"), "dept": account.GetString("dept"),
	}
}

// account is a new one of a rep's, of whom nothing was ordered yet.
func (d *desk) account(who string) *core.Record {
	d.t.Helper()
	d.n++
	rep := d.As(who)
	account := d.Blank("accounts", map[string]any{
		"name": fmt.Sprintf("新客户%d", d.n), "kind": "ka", "status": "active", "owner": rep.Id, "manager": rep.GetString("manager"), "dept": rep.GetString("department"),
	})
	d.server(account)
	return account
}

// order is one of an account, in a state.
func (d *desk) order(account *core.Record, total int, state string, more ...map[string]any) *core.Record {
	d.t.Helper()
	d.n++
	values := map[string]any{"no": fmt.Sprintf("O-%05d", d.n), "state": state, "total_fen": total, "lines_fen": total, "released": true}
	order := d.Blank("orders", append([]map[string]any{whose(account), values}, more...)...)
	d.server(order)
	return order
}

// delivered is a delivery of an order, on a day.
func (d *desk) delivered(order *core.Record, fen int, day string, more ...map[string]any) *core.Record {
	d.t.Helper()
	d.n++
	values := map[string]any{"order": order.Id, "no": fmt.Sprintf("D-%05d", d.n), "state": "dispatched", "amount_fen": fen}
	delivery := d.Blank("deliveries", append([]map[string]any{of(order), values}, more...)...)
	d.server(delivery)
	d.Must(d.serverSet(delivery, map[string]any{"state": "delivered", "delivered_at": noon(day)}))
	return delivery
}

// came is a return of goods of an order, on a day.
func (d *desk) came(order *core.Record, fen int, day string, more ...map[string]any) *core.Record {
	d.t.Helper()
	d.n++
	values := map[string]any{
		"order": order.Id, "no": fmt.Sprintf("R-%05d", d.n), "kind": "return", "cause": "damaged", "state": "approved", "amount_fen": -fen,
	}
	back := d.Blank("returns", append([]map[string]any{of(order), values}, more...)...)
	d.server(back)
	d.Must(d.serverSet(back, map[string]any{"state": "returned", "returned_at": noon(day)}))
	return back
}

func of(order *core.Record) map[string]any {
	return map[string]any{
		"account": order.GetString("account"), "owner": order.GetString("owner"), "manager": order.GetString("manager"), "dept": order.GetString("dept"),
	}
}

func noon(day string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, domain.BusinessZone)
	if err != nil {
		panic(err)
	}
	return at.Add(12 * time.Hour)
}

// receipt is one that rep.chen reports.
func (d *desk) receipt(account *core.Record, fen int, more ...map[string]any) *core.Record {
	d.t.Helper()
	values := append([]map[string]any{{"account": account.Id, "amount_fen": fen, "method": "transfer"}}, more...)
	return d.Make("rep.chen", "receipts", values...)
}

// paid is a receipt that finance confirmed.
func (d *desk) paid(account *core.Record, fen int, more ...map[string]any) *core.Record {
	d.t.Helper()
	receipt := d.receipt(account, fen, more...)
	d.Must(d.Act(finance, receipt, "confirm", ""))
	return d.Fresh(receipt)
}

// entry is what a document left in the ledger; nil if it left none.
func (d *desk) entry(document *core.Record, kind ...string) *core.Record {
	d.t.Helper()
	where := dbx.HashExp{"ref_id": document.Id, "ref_collection": document.Collection().Name}
	if len(kind) > 0 {
		where["kind"] = kind[0]
	}
	rows, err := d.FindAllRecords("account_entries", where)
	if err != nil {
		d.t.Fatal(err)
	}
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

func (d *desk) openOf(document *core.Record) int {
	d.t.Helper()
	return d.entry(document).GetInt("open_fen")
}

// credit is what an account's row of credit says: limit, ordered, ledger, open, overdue, free.
func (d *desk) credit(account *core.Record) string {
	d.t.Helper()
	row, err := d.FindFirstRecordByData("account_credits", "account", account.Id)
	if err != nil {
		return "none"
	}
	return fmt.Sprint(row.GetInt("limit_fen"), row.GetInt("ordered_fen"), row.GetInt("ledger_fen"), row.GetInt("open_fen"), row.GetInt("overdue_fen"), row.GetInt("free_fen"))
}

// limit sets what an account may owe, and in how many days it pays.
func (d *desk) limit(account *core.Record, fen, days int) {
	d.t.Helper()
	d.Must(d.Update("director.lin", account, map[string]any{"credit_limit_fen": fen, "payment_days": days}))
}

func change(record *core.Record, field string, value any) *core.Record {
	record.Set(field, value)
	return record
}
