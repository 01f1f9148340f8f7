package payments_test

import "testing"

// TestNobodyTakesBackWhatHeWasPaid: who heads a department is paid himself at times, and
// would be paid again by saying that the money came back. Where nobody else heads it,
// another of finance decides.
func TestNobodyTakesBackWhatHeWasPaid(t *testing.T) {
	d := open(t)
	d.payee(director)
	c := d.draft(director, 10_000)
	d.Must(d.Act(director, c, "submit", ""))
	d.Must(d.Decide(executive, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", ""))
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	p := d.paymentOf("claim", c)
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Expect("who was paid", d.Act(director, p, "reverse", ""), "payment.not_head")
	d.Expect("who asked", d.Act(finance, p, "reverse", ""), "payment.reversal_alone")
	d.Must(d.Act(cashier, p, "reverse", ""))
	d.is("it waits", c, "state paid_fen", "approved 0")
	d.Must(d.Act(finance, c, "ask_reversal", `{"reason":"虚报"}`))
	d.Expect("who asked", d.Act(finance, c, "reverse", ""), "claim.reversal_alone")
	d.Must(d.Act(cashier, c, "reverse", ""))
	d.is("the node", d.node, "reserved_fen spent_fen", "0 0")

	c = d.claim(rep, 10_000)
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	p = d.paymentOf("claim", c)
	d.give(p, "owner", d.As(cashier).Id)
	d.Expect("of finance", d.Act(cashier, p, "ask_reversal", `{"reason":"退汇"}`), "payment.not_finance")
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Expect("another of finance, where somebody heads it", d.Act(cashier, p, "reverse", ""), "payment.not_head")
}
