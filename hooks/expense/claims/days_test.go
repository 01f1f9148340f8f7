package claims_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// TestAPreapprovalThatGoesOn into days that its leaf is not of: what falls there is borne
// where it fits.
func TestAPreapprovalThatGoesOn(t *testing.T) {
	d := open(t)
	agreed := d.preapproval(30_000)
	d.sql("UPDATE budget_nodes SET to_date = '2026-03-18' WHERE name = '陈'")
	c := d.claim(rep)
	for i, on := range []string{"2026-03-18", "2026-03-19"} {
		d.line(rep, c, 10_000, map[string]any{"seq": i + 1, "no_invoice_reason": "x", "preapproval": agreed.Id, "day": on})
	}
	d.Must(d.Act(rep, c, "submit", ""))
	d.has("of the day", "陈", 30_000, 0)
	d.has("of the next", "公共", 10_000, 0)
}

// TestNothingIsClaimedBeforeItIsSpent: neither a first nor a last day may be to come.
func TestNothingIsClaimedBeforeItIsSpent(t *testing.T) {
	d := open(t)
	today := domain.BusinessDay(d.Clock.Now())
	tomorrow := domain.AddDays(today, 1)
	c := d.claim(rep)
	line := d.line(rep, c, 100, map[string]any{"no_invoice_reason": "x", "day": tomorrow})
	d.Expect("tomorrow", d.Act(rep, c, "submit", ""), "claim.day_future")
	d.Must(d.Update(rep, line, map[string]any{"day": today, "to_day": tomorrow}))
	d.Expect("until tomorrow", d.Act(rep, c, "submit", ""), "claim.day_future")
	d.Must(d.Update(rep, line, map[string]any{"to_day": today}))
	d.Must(d.Act(rep, c, "submit", ""))
}

// policy: R7.5 vouchers
//
// TestPartsOfAnInvoiceHaveItsTax: net and tax of the claims that share one come to the
// invoice's, to the fen, also when one was withdrawn between.
func TestPartsOfAnInvoiceHaveItsTax(t *testing.T) {
	d := open(t)
	d.category()
	d.sql("UPDATE expense_categories SET input_tax = 'deducted' WHERE code = 'parking'")
	paper, refused := d.Invoice(rep, map[string]any{"kind": "31", "number": "26112000000000000001", "issue_date": day, "total_fen": 10_003, "tax_fen": 577})
	d.Must(refused)
	var claims []*core.Record
	for _, fen := range []int{3_334, 3_334, 3_335} {
		c := d.claim(rep)
		line := d.line(rep, c, fen)
		d.Make(rep, "expense_uses", map[string]any{"claim": c.Id, "line": line.Id, "invoice": paper.Id, "amount_fen": fen})
		d.Must(d.Act(rep, c, "submit", ""))
		claims = append(claims, c)
	}
	has := func(what string) {
		t.Helper()
		tax, ofUses := 0, 0
		for _, c := range claims {
			tax += d.lines(c)[0].GetInt("tax_fen")
		}
		if err := d.DB().NewQuery("SELECT SUM(tax_fen) FROM expense_uses WHERE state = 'active'").Row(&ofUses); err != nil || tax != 577 || ofUses != 577 {
			t.Errorf("%s: %d, of uses %d %v", what, tax, ofUses, err)
		}
	}
	has("in order")
	d.Must(d.Act(rep, claims[0], "withdraw", ""))
	d.Must(d.Act(rep, claims[0], "submit", ""))
	has("the first once more")
}
