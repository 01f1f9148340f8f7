package rebates_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

const finance = "finance.zhao"

// desk is a company in which rep.chen's account is delivered to.
type desk struct {
	testapp.Desk
	t       *testing.T
	n       int
	account *core.Record
}

func open(t *testing.T) *desk {
	d := &desk{Desk: testapp.Open(t), t: t}
	d.account = d.AccountOf("rep.chen")
	return d
}

// booked is a delivery or return that the ledger has, on a day.
func (d *desk) booked(kind, day string, fen int) {
	d.t.Helper()
	d.n++
	entry := d.Blank("account_entries", map[string]any{
		"account": d.account.Id, "dept": d.account.GetString("dept"), "kind": kind, "ref_collection": "x", "ref_id": fmt.Sprint(d.n), "amount_fen": fen, "open_fen": fen, "on": day,
	})
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), entry); err != nil {
		d.t.Fatal(err)
	}
}

// term is one that finance agrees, of 1 % from 100 yuan and 2.5 % from 500 on.
func (d *desk) term(more ...map[string]any) *core.Record {
	d.t.Helper()
	values := append([]map[string]any{{
		"account": d.account.Id, "name": "季度返利", "period": "quarter", "valid_from": "2026-01-01", "valid_to": "2026-12-31", "settle": "deduction", "active": true,
		"tiers": []map[string]int{{"from_fen": 10_000, "bp": 100}, {"from_fen": 50_000, "bp": 250}},
	}}, more...)
	return d.Make(finance, "rebate_terms", values...)
}

func (d *desk) accrual(term *core.Record, period string) *core.Record {
	d.t.Helper()
	row, err := d.FindFirstRecordByFilter("rebate_accruals", "term = {:t} && period = {:p}", dbx.Params{"t": term.Id, "p": period})
	if err != nil {
		return nil
	}
	return row
}

// of is what a period has come to: base, rate, rebate, state.
func (d *desk) of(term *core.Record, period string) string {
	d.t.Helper()
	row := d.accrual(term, period)
	if row == nil {
		return "none"
	}
	return fmt.Sprint(row.GetInt("base_fen"), " ", row.GetInt("rate_bp"), " ", row.GetInt("accrued_fen"), " ", row.GetString("state"))
}

// policy: R4.12 rebate
//
// TestARebateFollowsWhatIsDelivered: the rate of the tier reached holds for all of
// it, and what comes back takes it off again.
func TestARebateFollowsWhatIsDelivered(t *testing.T) {
	d := open(t)
	d.booked("delivery", "2026-01-20", 9_999)
	d.booked("delivery", "2025-12-31", 500_000)
	term := d.term()
	if got := d.of(term, "2026-Q1"); got != "9999 0 0 open" {
		t.Errorf("below all tiers: %s", got)
	}
	d.booked("delivery", "2026-02-20", 1)
	if got := d.of(term, "2026-Q1"); got != "10000 100 100 open" {
		t.Errorf("the first tier: %s", got)
	}
	d.booked("delivery", "2026-03-20", 40_000)
	d.booked("receipt", "2026-03-21", -40_000)
	if got := d.of(term, "2026-Q1"); got != "50000 250 1250 open" {
		t.Errorf("the second: %s", got)
	}
	d.booked("return", "2026-03-22", -10)
	if got := d.of(term, "2026-Q1"); got != "49990 100 500 open" {
		t.Errorf("after a return: %s", got)
	}
	d.booked("delivery", "2026-04-01", 20_000)
	if got := d.of(term, "2026-Q2"); got != "20000 100 200 open" {
		t.Errorf("the next quarter: %s", got)
	}
	d.Must(d.Update(finance, term, map[string]any{"tiers": []map[string]int{{"from_fen": 0, "bp": 1000}}}))
	if got := d.of(term, "2026-Q1") + "; " + d.of(term, "2026-Q2"); got != "49990 1000 4999 open; 20000 1000 2000 open" {
		t.Errorf("with other tiers: %s", got)
	}
	d.Must(d.Update(finance, term, map[string]any{"active": false}))
	if got := d.of(term, "2026-Q1"); got != "0 1000 0 open" {
		t.Errorf("not active: %s", got)
	}
	month := d.term(map[string]any{"period": "month", "valid_from": "2026-02-10", "valid_to": "2026-03-21"})
	if got := d.of(month, "2026-02") + "; " + d.of(month, "2026-03") + "; " + d.of(month, "2026-01"); got != "1 0 0 open; 40000 100 400 open; none" {
		t.Errorf("by months, within its days: %s", got)
	}
}

// TestARebateIsClosedAndSettled by a deduction that is accepted at once, or by a
// payment with its voucher; nothing is booked in what is closed.
func TestARebateIsClosedAndSettled(t *testing.T) {
	d := open(t)
	term := d.term()
	paid := d.term(map[string]any{"name": "现金返利", "settle": "payment"})
	d.booked("delivery", "2026-03-20", 60_000)
	accrual, other := d.accrual(term, "2026-Q1"), d.accrual(paid, "2026-Q1")
	d.Expect("while it is open", d.Act(finance, accrual, "settle", ""), "rebate.state")
	d.Expect("closed by hand", d.Run(finance, accrual, "settle", ""), "rebate.state")
	d.Clock.Set(time.Date(2026, 4, 5, 4, 0, 0, 0, time.UTC))
	d.Job("rebatesClosed")
	if got := d.of(term, "2026-Q1"); got != "60000 250 1500 open" {
		t.Errorf("five days after: %s", got)
	}
	d.Clock.Advance(24 * time.Hour)
	d.Job("rebatesClosed")
	if got := d.of(term, "2026-Q1"); got != "60000 250 1500 closed" {
		t.Errorf("six days after: %s", got)
	}
	d.booked("delivery", "2026-03-30", 1)
	if got := d.of(term, "2026-Q1"); got != "60000 250 1500 closed" {
		t.Errorf("booked past the ledger's rules: %s", got)
	}
	d.Expect("by its owner", d.Act("rep.chen", accrual, "settle", ""), "rebate.not_finance")
	d.Must(d.Act(finance, accrual, "settle", ""))
	row := d.Fresh(accrual)
	deduction := d.Row("deductions", row.GetString("deduction"))
	if deduction.GetString("state") != "accepted" || deduction.GetInt("amount_fen") != 1500 || deduction.GetString("cause") != "rebate" || row.GetString("settled_by") != d.As(finance).Id {
		t.Errorf("%v", deduction.PublicExport())
	}
	entry, err := d.FindFirstRecordByData("account_entries", "ref_id", deduction.Id)
	if err != nil || entry.GetInt("amount_fen") != -1500 {
		t.Errorf("%v %v", entry, err)
	}
	if n := d.Told("rep.chen", "rebate.settled"); n != 1 {
		t.Errorf("told %d times", n)
	}
	d.Expect("a payment without its voucher", d.Act(finance, other, "settle", ""), "rebate.voucher_required")
	d.Must(d.Act(finance, other, "settle", `{"voucher_no":"V-2026-0406"}`))
	if row := d.Fresh(other); row.GetString("deduction") != "" || row.GetString("voucher_no") != "V-2026-0406" {
		t.Errorf("%v", row.PublicExport())
	}
	d.Expect("twice", d.Act(finance, other, "settle", `{"voucher_no":"V"}`), "rebate.state")

	d.Expect("other tiers", d.Update(finance, term, map[string]any{"tiers": []map[string]int{{"from_fen": 0, "bp": 1}}}), "rebate.locked")
	d.Expect("another beginning", d.Update(finance, term, map[string]any{"valid_from": "2025-01-01"}), "rebate.locked")
	d.Expect("an end in what is closed", d.Update(finance, term, map[string]any{"valid_to": "2026-03-30"}), "rebate.locked")
	d.Must(d.Update(finance, term, map[string]any{"valid_to": "2026-06-30"}))
	d.Expect("deleted", d.DeleteBy(finance, term), "record.kept")
}

// TestTermsThatAreRefused: by a hand at the desk, each with its code.
func TestTermsThatAreRefused(t *testing.T) {
	d := open(t)
	other := d.Blank("contracts", map[string]any{
		"account": d.AccountOf("rep.he").Id, "owner": d.As("rep.he").Id, "no": "K-9", "title": "x", "type": "standard", "state": "draft", "start_date": "2026-01-01", "end_date": "2026-12-31",
	})
	if err := d.SaveWithContext(gate.AsServer(t.Context()), other); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		by   string
		row  map[string]any
		want string
	}{
		"of no tiers":               {finance, map[string]any{"tiers": nil}, "rebate.tiers_invalid"},
		"of words":                  {finance, map[string]any{"tiers": "much"}, "rebate.tiers_invalid"},
		"falling":                   {finance, map[string]any{"tiers": []map[string]int{{"from_fen": 5, "bp": 1}, {"from_fen": 5, "bp": 2}}}, "rebate.tiers_invalid"},
		"of half a fen":             {finance, map[string]any{"tiers": []map[string]any{{"from_fen": 0.5, "bp": 1}}}, "rebate.tiers_invalid"},
		"without an end":            {finance, map[string]any{"valid_to": ""}, "rebate.days_invalid"},
		"that ends before it":       {finance, map[string]any{"valid_to": "2025-12-31"}, "rebate.days_invalid"},
		"of another's contract":     {finance, map[string]any{"contract": other.Id}, "rebate.contract_invalid contract"},
		"of an account not there":   {finance, map[string]any{"account": "nobodyhasthisid"}, "rebate.account_required account"},
		"in another's department":   {finance, map[string]any{"dept": d.As(finance).GetString("department")}, "field.locked dept"},
		"as finance agrees it":      {finance, nil, ""},
		"as an administrator might": {"admin.fang", nil, ""},
	} {
		row := map[string]any{
			"account": d.account.Id, "name": "年返", "period": "year", "valid_from": "2026-01-01", "valid_to": "2026-12-31", "settle": "payment", "active": true,
			"tiers": []map[string]int{{"from_fen": 0, "bp": 100}},
		}
		for name, value := range c.row {
			row[name] = value
		}
		d.Expect(what, d.SaveBy(c.by, d.Blank("rebate_terms", row)), c.want)
	}
	row := map[string]any{"account": d.account.Id, "name": "年返", "period": "year", "settle": "payment"}
	if _, refused := d.Create("rep.chen", "rebate_terms", row); refused != "400" {
		t.Errorf("by a rep: %q", refused)
	}
}

// TestATermGoesOnWhereItEnded only where no part of a closed period is left out.
func TestATermGoesOnWhereItEnded(t *testing.T) {
	for to, want := range map[string]string{"2026-02-28": "", "2026-02-20": "rebate.locked"} {
		d := open(t)
		d.booked("delivery", "2026-02-10", 20_000)
		term := d.term(map[string]any{"period": "month", "valid_to": to})
		d.booked("delivery", "2026-02-25", 20_000)
		accrual := d.accrual(term, "2026-02")
		accrual.Set("state", "closed")
		if err := d.SaveWithContext(gate.AsServer(t.Context()), accrual); err != nil {
			t.Fatal(err)
		}
		d.Expect("that ended "+to, d.Set(finance, d.Fresh(term), "valid_to", "2026-12-31"), want)
	}
}
