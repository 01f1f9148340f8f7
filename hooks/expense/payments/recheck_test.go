package payments_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// invoiced is a claim of the rep's with a paper, that passed its chain.
func (d *desk) invoiced(number string, fen int) (claim, invoice *core.Record) {
	d.t.Helper()
	claim = d.draft(rep, fen)
	line, err := d.FindFirstRecordByData("expense_lines", "claim", claim.Id)
	if err != nil {
		d.t.Fatal(err)
	}
	invoice, refused := d.Invoice(rep, map[string]any{"kind": "32", "number": number, "issue_date": "2026-03-02", "total_fen": fen})
	d.Must(refused)
	d.Make(rep, "expense_uses", map[string]any{"claim": claim.Id, "line": line.Id, "invoice": invoice.Id, "amount_fen": fen})
	d.agree(rep, claim)
	return claim, invoice
}

// policy: R7.5 recheck-before-payment
//
// TestPapersAreJudgedRightBeforePayment: what the tax office voided after the approval is
// not paid for, and the rest of the run waits with it, unharmed.
func TestPapersAreJudgedRightBeforePayment(t *testing.T) {
	d := open(t)
	c, invoice := d.invoiced("26112000000000000001", 10_000)
	other := d.claim(other, 20_000)
	run := d.run()
	d.Must(d.plan(cashier, run, rows(c, other), nil))
	for _, verdict := range []string{"void", "red", "failed"} {
		d.give(invoice, "verify_state", verdict)
		d.Expect(verdict, d.Act(cashier, run, "export", `{"encoding":"utf8"}`), "invoice.dead")
	}
	d.is("nothing left", run, "state file", "draft ")
	d.is("nothing left", d.paymentOf("claim", other), "state", "planned")
	d.Must(d.plan(cashier, run, rows(other), nil)) // the others need not wait
	d.Must(d.Act(cashier, run, "export", `{"encoding":"utf8"}`))
	d.Must(d.says(run, "1 200.00 成功"))
	d.is("paid", other, "state", "paid")
	d.is("it waits", c, "state paid_fen", "approved 0")
	d.give(invoice, "verify_state", "valid")
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	d.is("paid", c, "state paid_fen", "paid 10000")
	d.is("its paper", invoice, "state used_fen", "reimbursed 10000")
}

// TestARunIsPlannedAnew, given up, or loses what is reversed meanwhile: what it planned may
// be paid by another.
func TestARunIsPlannedAnew(t *testing.T) {
	d := open(t)
	one, two := d.claim(rep, 10_000), d.claim(rep, 20_000)
	run := d.run()
	d.Must(d.plan(cashier, run, rows(one, two), nil))
	d.Must(d.plan(cashier, run, rows(two), nil))
	d.is("anew", run, "count total_fen", "1 20000")
	another := d.run()
	d.Must(d.plan(cashier, another, rows(one), nil))
	d.Must(d.Act(cashier, run, "cancel", ""))
	d.is("given up", run, "state count total_fen", "cancelled 0 0")
	d.Must(d.plan(cashier, another, rows(one, two), nil))
	d.Must(d.Act(finance, one, "ask_reversal", `{"reason":"虚报"}`))
	d.Must(d.Act(director, one, "reverse", ""))
	d.is("one is reversed", another, "count total_fen", "1 20000")
	d.Must(d.Act(cashier, another, "export", `{"encoding":"utf8"}`))
	d.Must(d.says(another, "2 200.00 成功"))
	d.is("the other is paid", two, "state paid_fen", "paid 20000")
	d.is("all of it", d.node, "reserved_fen spent_fen", "0 20000")
}
