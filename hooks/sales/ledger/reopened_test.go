package ledger_test

import (
	"testing"

	"github.com/pocketbase/dbx"
)

// TestGoodsThatComeLateOpenASettledOrder: what left before it was closed short is
// owed when it arrives, and paid it is settled again.
func TestGoodsThatComeLateOpenASettledOrder(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	order := d.order(account, 200, "partly_delivered")
	d.delivered(order, 100, "2026-03-10")
	d.Must(d.serverSet(order, map[string]any{"delivered_fen": 100, "state": "delivered"}))
	d.paid(account, 100)
	if got := d.Fresh(order).GetString("state"); got != "settled" {
		t.Fatalf("paid whole: %s", got)
	}
	d.Must(d.serverSet(order, map[string]any{"delivered_fen": 150}))
	d.delivered(order, 50, "2026-03-12")
	if row := d.Fresh(order); row.GetString("state") != "delivered" || row.GetInt("paid_fen") != 100 {
		t.Errorf("with more than was paid: %s, %d", row.GetString("state"), row.GetInt("paid_fen"))
	}
	d.paid(account, 50)
	if row := d.Fresh(order); row.GetString("state") != "settled" || row.GetInt("paid_fen") != 150 {
		t.Errorf("paid after all: %s, %d", row.GetString("state"), row.GetInt("paid_fen"))
	}
}

// TestNoMonthIsLeftOut: what is stated after a month that nobody stated has that
// stated too, so that each opens with what the last one closed with.
func TestNoMonthIsLeftOut(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	order := d.order(account, 300, "processing")
	d.delivered(order, 40, "2025-11-20")
	d.Must(d.Act(finance, account, "issue_statement", `{"month":"2025-11"}`))
	d.delivered(order, 60, "2025-12-05") // and nothing in January
	d.delivered(order, 100, "2026-02-05")
	d.Must(d.Act(finance, account, "issue_statement", `{"month":"2026-02"}`))
	if got := figures(d.stated(account, "2025-12")); got != "40 60 0 0 0 100 1" {
		t.Errorf("December: %s", got)
	}
	if got := figures(d.stated(account, "2026-02")); got != "100 100 0 0 0 200 1" {
		t.Errorf("February: %s", got)
	}
	if n, _ := d.CountRecords("statements", dbx.HashExp{"account": account.Id}); n != 3 {
		t.Errorf("%d statements", n)
	}
}

// TestFinanceCorrectsAReportWithItsPaper: who reported it has shown that already.
func TestFinanceCorrectsAReportWithItsPaper(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	paper := func(who, sha string) string {
		return d.Make(who, "blobs", map[string]any{"sha256": sha, "size": 1, "mime": "image/jpeg", "purpose": "receipt"}).Id
	}
	mine := paper("rep.chen", "00000000000000000000000000000000000000000000000000000000000000ab")
	his := paper("rep.he", "00000000000000000000000000000000000000000000000000000000000000ac")
	receipt := d.receipt(account, 500, map[string]any{"paper": mine})
	deduction := d.Make("rep.chen", "deductions", map[string]any{"account": account.Id, "amount_fen": 100, "cause": "display", "paper": mine})
	d.Must(d.Update(finance, receipt, map[string]any{"amount_fen": 400}))
	d.Must(d.Update(finance, deduction, map[string]any{"amount_fen": 90}))
	d.Expect("with another's", d.Update(finance, receipt, map[string]any{"paper": his}), "receipt.paper_invalid paper")
	d.Expect("with another's", d.Update("rep.chen", deduction, map[string]any{"paper": his}), "deduction.paper_invalid paper")
}
