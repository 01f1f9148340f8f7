package payments_test

import "testing"

// policy: R7.4 H-APV-1
//
// TestFinancesOwnIsPaid: of two in finance one claims. The management approves in the
// other's place, who pays, since nobody pays what he approved or gets.
func TestFinancesOwnIsPaid(t *testing.T) {
	d := open(t)
	d.payee(finance)
	c := d.draft(finance, 10_000)
	d.Must(d.Act(finance, c, "submit", ""))
	if d.Asked(cashier, c) != nil {
		t.Error("who is to pay is asked")
	}
	d.Must(d.Decide(executive, c, "approve", ""))
	d.is("approved", c, "state", "approved")
	d.Expect("to himself", d.plan(finance, d.run(), rows(c), nil), "payment.to_payer")
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	d.is("paid", c, "state paid_fen", "paid 10000")

	a := d.Make(finance, "advances", map[string]any{"owner": d.As(finance).Id, "purpose": "展会", "amount_fen": 5_000, "due_on": "2026-05-01"})
	d.Must(d.Act(finance, a, "submit", ""))
	d.Must(d.Decide(executive, a, "approve", ""))
	d.Must(d.says(d.sent(nil, rows(a)), "1 50.00 成功"))
	d.is("paid", a, "state paid_fen", "paid 5000")
}

// TestTheManagementCutsInFinancesPlace: it is finance's step.
func TestTheManagementCutsInFinancesPlace(t *testing.T) {
	d := open(t)
	d.payee(finance)
	c := d.draft(finance, 10_000)
	d.Must(d.Act(finance, c, "submit", ""))
	line := d.first("expense_lines", "claim", c.Id)
	d.Must(d.Decide(executive, c, "approve", `{"data":{"cuts":[{"line":"`+line+`","fen":9000,"reason":"超标准"}]}}`))
	d.is("cut", c, "state approved_fen", "approved 9000")
}

// policy: R7.5 payer
//
// TestWhoSignedAsManagerDoesNotPay, whichever the step was. Where finance would have nobody
// left who pays, the management signs in its place.
func TestWhoSignedAsManagerDoesNotPay(t *testing.T) {
	d := open(t)
	if _, err := d.DB().NewQuery("UPDATE users SET manager = '" + d.As(cashier).Id + "' WHERE id = '" + d.As(rep).Id + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	c := d.draft(rep, 10_000)
	d.Must(d.Act(rep, c, "submit", ""))
	d.Must(d.Decide(cashier, c, "approve", ""))
	d.Must(d.Decide(executive, c, "approve", ""))
	d.Expect("his manager", d.plan(cashier, d.run(), rows(c), nil), "payment.approved_by_payer")
	d.Must(d.plan(finance, d.Make(finance, "payment_runs", map[string]any{"owner": d.As(finance).Id, "title": "三月"}), rows(c), nil))
}
