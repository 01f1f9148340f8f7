package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

// policy: R4.12 ledger
//
// TestWhatIsDeliveredIsOwedAndPaid: in parts, whole, and more than is owed.
func TestWhatIsDeliveredIsOwedAndPaid(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	d.limit(account, 100_000, 30)
	order := d.order(account, 90_000, "processing")
	if got := d.credit(account); got != "100000 90000 0 90000 0 10000" {
		t.Errorf("ordered: %s", got)
	}
	first := d.delivered(order, 50_000, "2026-03-10")
	d.Must(d.serverSet(order, map[string]any{"delivered_fen": 50_000, "state": "partly_delivered"}))
	if got := d.credit(account); got != "100000 40000 50000 90000 0 10000" {
		t.Errorf("a part delivered: %s", got)
	}
	e := d.entry(first)
	if e.GetInt("amount_fen") != 50_000 || e.GetString("due_on") != "2026-04-09" || e.GetString("on") != "2026-03-10" || e.GetString("no") == "" || e.GetString("order") != order.Id {
		t.Errorf("%v", e.PublicExport())
	}
	part := d.paid(account, 20_000)
	if got := d.openOf(first); got != 30_000 || part.GetInt("open_fen") != 0 {
		t.Errorf("of a part payment %d are open, %d not set", got, part.GetInt("open_fen"))
	}
	if got := d.Fresh(order).GetInt("paid_fen"); got != 20_000 {
		t.Errorf("paid of the order: %d", got)
	}
	over := d.paid(account, 45_000)
	if got := d.openOf(first); got != 0 || over.GetInt("open_fen") != 15_000 {
		t.Errorf("of an over-payment %d are open, %d not set", got, over.GetInt("open_fen"))
	}
	if got := d.credit(account); got != "100000 40000 -15000 25000 0 75000" {
		t.Errorf("over-paid: %s", got)
	}
	second := d.delivered(order, 40_000, "2026-03-12")
	d.Must(d.serverSet(order, map[string]any{"delivered_fen": 90_000, "state": "delivered"}))
	if got := d.openOf(second); got != 25_000 || d.Fresh(over).GetInt("open_fen") != 0 {
		t.Errorf("what was paid before covers the next: %d are open, %d not set", got, d.Fresh(over).GetInt("open_fen"))
	}
	if got := d.credit(account); got != "100000 0 25000 25000 0 75000" {
		t.Errorf("at the end: %s", got)
	}
}

// TestReceiptsGoWhereFinanceSays, and the rest where it is due first.
func TestReceiptsGoWhereFinanceSays(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	old := d.delivered(d.order(account, 100, "processing"), 100, "2026-01-10")
	new := d.delivered(d.order(account, 100, "processing"), 100, "2026-03-10")
	receipt := d.receipt(account, 80)
	say := func(entry string, fen int) string {
		return fmt.Sprintf(`{"allocate":[{"entry":%q,"amount_fen":%d}]}`, entry, fen)
	}
	d.Expect("more than is open", d.Act(finance, receipt, "confirm", say(d.entry(new).Id, 101)), "receipt.allocation_invalid")
	d.Expect("more than came", d.Act(finance, receipt, "confirm", say(d.entry(new).Id, 81)), "receipt.allocation_invalid")
	d.Expect("of nobody", d.Act(finance, receipt, "confirm", say("nobodyhasthisid", 1)), "receipt.allocation_invalid")
	d.Expect("in another form", d.Act(finance, receipt, "confirm", `{"allocate":{"x":1}}`), "args.invalid")
	if d.entry(receipt) != nil || d.Fresh(receipt).GetString("state") != "reported" {
		t.Error("a refused confirmation left something")
	}
	d.Must(d.Act(finance, receipt, "confirm", say(d.entry(new).Id, 60)))
	if a, b := d.openOf(old), d.openOf(new); a != 80 || b != 40 {
		t.Errorf("open: %d and %d", a, b)
	}
}

// TestAReversedReceiptOpensWhatItPaid (a cheque that bounced), and an
// over-payment takes its place.
func TestAReversedReceiptOpensWhatItPaid(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	order := d.order(account, 100, "processing")
	debt := d.delivered(order, 100, "2026-03-10")
	d.Must(d.serverSet(order, map[string]any{"delivered_fen": 100, "state": "delivered"}))
	cheque := d.paid(account, 70, map[string]any{"method": "cheque"})
	over := d.paid(account, 50)
	if over.GetInt("open_fen") != 20 || d.Fresh(order).GetInt("paid_fen") != 100 {
		t.Fatalf("%d not set, %d paid", over.GetInt("open_fen"), d.Fresh(order).GetInt("paid_fen"))
	}
	d.Expect("without a reason", d.Act(finance, cheque, "reverse", ""), "receipt.reason_required")
	d.Must(d.Act(finance, cheque, "reverse", `{"reason":"退票"}`))
	if got := d.openOf(debt); got != 50 || d.Fresh(over).GetInt("open_fen") != 0 || d.Fresh(order).GetInt("paid_fen") != 50 {
		t.Errorf("%d are open, %d not set, %d paid", got, d.Fresh(over).GetInt("open_fen"), d.Fresh(order).GetInt("paid_fen"))
	}
	if r := d.entry(cheque, "reversal"); r.GetInt("amount_fen") != 70 || r.GetInt("open_fen") != 0 || d.entry(cheque, "receipt").GetInt("open_fen") != 0 {
		t.Errorf("%v", r.PublicExport())
	}
	if n := d.Told("rep.chen", "receipt.reversed"); n != 1 {
		t.Errorf("told %d times", n)
	}
	d.Expect("twice", d.Act(finance, cheque, "reverse", `{"reason":"退票"}`), "receipt.state")
	if got := d.credit(account); got != "0 0 50 50 50 0" {
		t.Error(got)
	}
}

// TestAReturnSubtracts: a credit note takes off what is owed, its own order's first.
func TestAReturnSubtracts(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	old := d.delivered(d.order(account, 100, "processing"), 100, "2026-01-10")
	order := d.order(account, 100, "processing")
	debt := d.delivered(order, 100, "2026-03-10")
	back := d.came(order, 30, "2026-03-12")
	if e := d.entry(back); e.GetInt("amount_fen") != -30 || e.GetInt("open_fen") != 0 || e.GetString("due_on") != "" {
		t.Errorf("%v", e.PublicExport())
	}
	if a, b := d.openOf(old), d.openOf(debt); a != 100 || b != 70 {
		t.Errorf("open: %d and %d", a, b)
	}
	if got := d.credit(account); got != "0 200 170 370 170 0" {
		t.Error(got)
	}
}

// TestWhatIsBookedStays: nobody takes a document out of the ledger, an
// administrator past the rules neither.
func TestWhatIsBookedStays(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	order := d.order(account, 100, "processing")
	delivery, back, receipt := d.delivered(order, 100, "2026-03-10"), d.came(order, 10, "2026-03-12"), d.paid(account, 20)
	d.Expect("a delivery's amount", d.serverSet(delivery, map[string]any{"amount_fen": 90}), "ledger.booked")
	d.Expect("a delivery's state", d.serverSet(delivery, map[string]any{"state": "cancelled"}), "ledger.booked")
	d.Expect("a return", d.serverSet(back, map[string]any{"amount_fen": -90}), "ledger.booked")
	d.Expect("a receipt", d.serverSet(receipt, map[string]any{"amount_fen": 21}), "ledger.booked")
	d.Expect("a receipt's state", d.serverSet(receipt, map[string]any{"state": "reported"}), "ledger.booked")
	d.Expect("a receipt by its reporter", d.Update("rep.chen", receipt, map[string]any{"amount_fen": 21}), "404")
	entry := d.entry(delivery)
	d.Expect("an entry", d.serverSet(entry, map[string]any{"amount_fen": 1}), "record.unchanging")
	d.Must(d.serverSet(delivery, map[string]any{"note": "门卫代收"}))
	free := d.delivered(d.order(account, 0, "processing"), 0, "2026-03-10")
	if d.entry(free) != nil {
		t.Error("what is free left an entry")
	}
}

// policy: R4.12 credit
//
// TestCreditOfTheDay: what is due is overdue the day after, by the job of the
// night; a grace and a limit change it.
func TestCreditOfTheDay(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	d.limit(account, 500, 6)
	if got := d.credit(account); got != "500 0 0 0 0 500" {
		t.Errorf("with a limit: %s", got)
	}
	d.delivered(d.order(account, 100, "processing"), 100, "2026-03-10") // due on the day itself
	if got := d.credit(account); got != "500 100 100 200 0 300" {
		t.Errorf("on the day that it is due: %s", got)
	}
	d.Clock.Advance(24 * time.Hour)
	d.Job("creditsAsOfToday")
	if got := d.credit(account); got != "500 100 100 200 100 300" {
		t.Errorf("the day after: %s", got)
	}
	row, _ := d.FindFirstRecordByData("account_credits", "account", account.Id)
	if got := row.GetString("as_of"); got != "2026-03-17" {
		t.Errorf("as of %s", got)
	}
	d.Setting("credit.overdue_days", 1)
	d.Job("creditsAsOfToday")
	if got := d.credit(account); got != "500 100 100 200 0 300" {
		t.Errorf("with a day of grace: %s", got)
	}
	d.limit(account, 50, 6)
	if got := d.credit(account); got != "50 100 100 200 0 -150" {
		t.Errorf("with a lower limit: %s", got)
	}
	updated := row.GetString("updated")
	d.Clock.Advance(24 * time.Hour)
	other := d.account("rep.he")
	d.limit(other, 100, 0)
	before := d.credit(other)
	d.Job("creditsAsOfToday")
	if again, _ := d.FindFirstRecordByData("account_credits", "account", other.Id); again.GetString("as_of") != "2026-03-18" || d.credit(other) != before {
		t.Errorf("%v after %s", again.PublicExport(), updated)
	}
}

// policy: R4.12 settled
//
// TestAnOrderIsSettledOncePaid: by the receipt that pays the rest of it, or as it
// is accepted; a reversed receipt opens it again.
func TestAnOrderIsSettledOncePaid(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	order := d.order(account, 100, "processing")
	d.delivered(order, 100, "2026-03-10")
	d.paid(account, 100)
	if got := d.Fresh(order).GetString("state"); got != "processing" {
		t.Errorf("paid before it was delivered whole: %s", got)
	}
	d.Must(d.serverSet(order, map[string]any{"delivered_fen": 100, "state": "delivered"}))
	row := d.Fresh(order)
	if row.GetString("state") != "settled" || row.GetDateTime("settled_at").IsZero() || row.GetInt("paid_fen") != 100 {
		t.Errorf("%v", row.PublicExport())
	}
	other := d.order(account, 100, "processing")
	d.delivered(other, 100, "2026-03-11")
	d.Must(d.serverSet(other, map[string]any{"delivered_fen": 100, "state": "accepted", "accepted_at": "2026-03-12 01:00:00.000Z"}))
	d.paid(account, 40)
	rest := d.paid(account, 60)
	if got := d.Fresh(other).GetString("state"); got != "settled" {
		t.Errorf("paid in two: %s", got)
	}
	d.Must(d.Act(finance, rest, "reverse", `{"reason":"退票"}`))
	if row := d.Fresh(other); row.GetString("state") != "accepted" || !row.GetDateTime("settled_at").IsZero() || row.GetInt("paid_fen") != 40 {
		t.Errorf("after the reversal: %v", row.PublicExport())
	}
	var kinds []string
	if err := d.DB().NewQuery(`SELECT kind FROM order_events WHERE "order" = {:o} AND kind IN ('settle', 'reopen') ORDER BY rowid`).Bind(dbx.Params{"o": other.Id}).Column(&kinds); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(kinds); got != "[settle reopen]" {
		t.Errorf("its steps: %s", got)
	}
}
