package payments_test

import (
	"strings"
	"testing"
)

// policy: R7.5
//
// TestMoneyOfAnArchivedClaimComesBack: it waits for its payment again, and is paid and
// archived another time.
func TestMoneyOfAnArchivedClaimComesBack(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000)
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	d.Must(d.Act(finance, c, "archive", ""))
	p := d.paymentOf("claim", c)
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Must(d.Act(director, p, "reverse", ""))
	d.is("it waits", c, "state paid_fen archived_at voucher_no", "approved 0  ")
	d.is("reserved again", d.node, "reserved_fen spent_fen", "10000 0")
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	d.Must(d.Act(finance, c, "archive", ""))
	d.is("paid once", d.node, "reserved_fen spent_fen", "0 10000")
}

// TestNothingIsOwedForWhatWasNotPaid: an invoice was found void after its payment, which
// came back.
func TestNothingIsOwedForWhatWasNotPaid(t *testing.T) {
	d := open(t)
	c, invoice := d.invoiced("26112000000000000002", 10_000)
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	d.Must(d.Act(finance, invoice, "check", `{"verdict":"void","note":"已作废"}`))
	d.is("asked back", invoice, "finding repay_fen", "void 10000")
	p := d.paymentOf("claim", c)
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Must(d.Act(director, p, "reverse", ""))
	d.is("nothing is owed", invoice, "finding repay_fen", "void 0")
	d.Expect("nothing to book", d.Act(cashier, invoice, "repaid", `{"note":"转账"}`), "invoice.nothing_to_repay")
}

// TestWhatCameBackStaysBooked: money that was given back for a void invoice did come back,
// whatever becomes of its claim.
func TestWhatCameBackStaysBooked(t *testing.T) {
	d := open(t)
	c, invoice := d.invoiced("26112000000000000003", 10_000)
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	d.Must(d.Act(finance, invoice, "check", `{"verdict":"void","note":"已作废"}`))
	d.Must(d.Act(cashier, invoice, "repaid", `{"note":"转账"}`))
	p := d.paymentOf("claim", c)
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Must(d.Act(director, p, "reverse", ""))
	d.is("as it was", invoice, "repay_fen", "10000")
}

// TestAReversalIsThoughtBetterOf: what finance asked for by mistake is dropped by finance,
// and nobody reverses it then.
func TestAReversalIsThoughtBetterOf(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000)
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	p := d.paymentOf("claim", c)
	d.Expect("nothing was asked", d.Act(finance, p, "drop_reversal", ""), "payment.reversal_not_asked")
	d.Expect("nothing was asked", d.Act(finance, c, "drop_reversal", ""), "claim.reversal_not_asked")
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Must(d.Act(finance, c, "ask_reversal", `{"reason":"虚报"}`))
	d.Expect("no finance", d.Act(director, p, "drop_reversal", ""), "payment.not_finance")
	d.Must(d.Act(finance, p, "drop_reversal", ""))
	d.Must(d.Act(cashier, c, "drop_reversal", ""))
	d.is("as it was", p, "state reversal_by reversal_reason", "paid  ")
	d.is("as it was", c, "state reversal_by reversal_reason", "paid  ")
	d.Expect("dropped", d.Act(director, p, "reverse", ""), "payment.reversal_not_asked")
	d.Expect("dropped", d.Act(director, c, "reverse", ""), "claim.reversal_not_asked")
}

// policy: R7.5 owed
//
// TestAReversedClaimIsOwedUntilItIsBack: a claim that was taken back has its money still, and
// the bank's account has it when the bank says so.
func TestAReversedClaimIsOwedUntilItIsBack(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000)
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	d.Must(d.Act(finance, c, "ask_reversal", `{"reason":"虚报"}`))
	d.Must(d.Act(director, c, "reverse", ""))
	p := d.paymentOf("claim", c)
	d.is("owed", p, "state owed", "reversed true")
	month := d.Clock.Now().Format("2006-01")
	if body := d.journal(month); !strings.Contains(body, "冲销 应收退回,122102,0.00,-100.00") || strings.Count(body, ",1002,") != 1 {
		t.Errorf("the bank has it back already:\n%s", body)
	}
	d.Clock.Set(d.Clock.Now().AddDate(0, 1, 0))
	d.Expect("no finance", d.Act(director, p, "came_back", `{"ref":"T9"}`), "payment.not_finance")
	d.Expect("by what", d.Act(finance, p, "came_back", `{"ref":" "}`), "payment.ref_required")
	d.Must(d.Act(finance, p, "came_back", `{"ref":"T9"}`))
	d.is("back", p, "state owed back_ref", "reversed false T9")
	d.Expect("twice", d.Act(finance, p, "came_back", `{"ref":"T9"}`), "payment.not_owed")
	body := d.journal(d.Clock.Now().Format("2006-01"))
	for _, want := range []string{"退回报销款,1002,100.00,0.00", "退回报销款,122102,0.00,100.00"} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in\n%s", want, body)
		}
	}
	if body := d.journal(month); !strings.Contains(body, "应收退回") {
		t.Errorf("the month before says otherwise by now:\n%s", body)
	}
}
