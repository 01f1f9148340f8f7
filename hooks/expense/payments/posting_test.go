package payments_test

import (
	"strings"
	"testing"
)

// journal is a month's, as of now.
func (d *desk) journal(month string) string {
	d.t.Helper()
	return d.Do(finance, "GET", "/api/ka/vouchers?month="+month+"&system=yonyou", "").Body.String()
}

// policy: R7.5 postings
//
// TestWhatWasBookedStaysBooked: accounts, names and taxes that change later change no journal
// that was exported, and a reversal takes back from where it was booked.
func TestWhatWasBookedStaysBooked(t *testing.T) {
	d := open(t)
	c, invoice := d.invoiced("26112000000000000004", 10_000)
	a := d.advance(other, 5_000)
	d.Must(d.says(d.sent(rows(c), rows(a)), "1 100.00 成功", "2 50.00 成功"))
	month := d.Clock.Now().Format("2006-01")
	before := d.journal(month)
	d.Must(d.Update(finance, d.Row("expense_categories", d.first("expense_categories", "code", "parking")), map[string]any{"ledger_account": "660299", "name_zh": "停车", "input_tax": "deducted"}))
	for _, change := range []string{
		"UPDATE invoices SET tax_fen = 500, kind = '31' WHERE id = '" + invoice.Id + "'", "UPDATE budget_nodes SET name = '改名'", "UPDATE users SET name = '改名'",
		"UPDATE settings SET value = '\"1003\"' WHERE key = 'voucher.bank_account'",
	} {
		if _, err := d.DB().NewQuery(change).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if after := d.journal(month); after != before || !strings.Contains(before, "660205") {
		t.Errorf("the month was\n%s\nand is\n%s", before, after)
	}
	d.Clock.Set(d.Clock.Now().AddDate(0, 1, 0))
	p := d.paymentOf("claim", c)
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Must(d.Act(director, p, "reverse", ""))
	if body := d.journal(d.Clock.Now().Format("2006-01")); !strings.Contains(body, "冲销 停车费,660205,-100.00") {
		t.Errorf("reversed on another account:\n%s", body)
	}
}

// TestTaxIsOfTheSubmit: what the budget took off as tax is what the journal takes off.
func TestTaxIsOfTheSubmit(t *testing.T) {
	d := open(t)
	d.Make(finance, "expense_categories", map[string]any{"code": "parking", "name_zh": "停车费", "active": true, "ledger_account": "660205", "input_tax": "deducted"})
	c, invoice := d.invoiced("26112000000000000005", 10_000)
	if _, err := d.DB().NewQuery("UPDATE invoices SET tax_fen = 500, kind = '31' WHERE id = '" + invoice.Id + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	if body := d.journal(d.Clock.Now().Format("2006-01")); !strings.Contains(body, "停车费,660205,100.00") {
		t.Errorf("of another tax than the budget's:\n%s", body)
	}
}

// TestAnAccountThatIsGivenLater is that of what was booked without one.
func TestAnAccountThatIsGivenLater(t *testing.T) {
	d := open(t)
	category := d.Make(finance, "expense_categories", map[string]any{"code": "parking", "name_zh": "停车费", "active": true})
	d.Must(d.says(d.sent(rows(d.claim(rep, 10_000)), nil), "1 100.00 成功"))
	month := d.Clock.Now().Format("2006-01")
	if body := d.journal(month); !strings.Contains(body, "voucher.no_ledger_account") {
		t.Errorf("without an account:\n%s", body)
	}
	d.Must(d.Update(finance, category, map[string]any{"ledger_account": "660205"}))
	if body := d.journal(month); !strings.Contains(body, "停车费,660205,100.00") {
		t.Errorf("with one:\n%s", body)
	}
}
