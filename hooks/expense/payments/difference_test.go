package payments_test

import "testing"

// TestAnAdvanceThatIsPaidMeanwhile: what a claim was planned with is its difference to what
// its advance has now.
func TestAnAdvanceThatIsPaidMeanwhile(t *testing.T) {
	d := open(t)
	a := d.advance(rep, 10_000)
	c, run := d.claim(rep, 30_000, map[string]any{"advance": a.Id}), d.run()
	d.Must(d.plan(cashier, run, rows(c), nil))
	d.is("nothing is paid yet", d.paymentOf("claim", c), "amount_fen cleared_fen", "30000 0")
	d.Must(d.says(d.sent(nil, rows(a)), "1 100.00 成功"))
	d.Expect("as it was planned", d.Act(cashier, run, "export", `{"encoding":"utf8"}`), "payment.changed")
	d.Must(d.plan(cashier, run, rows(c), nil))
	d.Must(d.Act(cashier, run, "export", `{"encoding":"utf8"}`))
	d.is("the difference", d.paymentOf("claim", c), "amount_fen cleared_fen", "20000 10000")
}
