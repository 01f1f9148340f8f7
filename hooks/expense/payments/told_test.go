package payments_test

import "testing"

// TestNobodySaysThatHeWasNotPaid: what failed is paid again.
func TestNobodySaysThatHeWasNotPaid(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000)
	run := d.sent(rows(c), nil)
	d.give(d.paymentOf("claim", c), "owner", d.As(cashier).Id)
	d.Expect("his own", d.says(run, "1 100.00 失败"), "payment.to_payer")
	d.is("on its way", d.paymentOf("claim", c), "state", "sent")
}
