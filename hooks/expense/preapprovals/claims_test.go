package preapprovals_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func (d *desk) category() *core.Record {
	d.t.Helper()
	row, err := d.FindFirstRecordByData("expense_categories", "code", "entertainment")
	if err != nil {
		row = d.Make("finance.zhao", "expense_categories", map[string]any{"code": "entertainment", "name_zh": "业务招待", "active": true})
	}
	return row
}

// claims is a rep's claim of a line of entertainment, handed in; it answers the refusal.
func (d *desk) claims(fen int, preapproval *core.Record) (claim *core.Record, refused string) {
	d.t.Helper()
	claim = d.Make("rep.chen", "expense_claims", map[string]any{"owner": d.As("rep.chen").Id, "title": "招待", "period": "2026-03", "payee_kind": "employee"})
	line := map[string]any{"claim": claim.Id, "category": d.category().Id, "day": "2026-03-16", "amount_fen": fen, "no_invoice_reason": "无票"}
	if preapproval != nil {
		line["preapproval"] = preapproval.Id
	}
	d.Make("rep.chen", "expense_lines", line)
	return claim, d.Act("rep.chen", claim, "submit", "")
}

// policy: R7.8 preapprovals
//
// TestClaimsNeedIt above an amount: up to 110 % of what was planned, over all claims; on a
// superior's word in an emergency; and what comes to nothing gives back.
func TestClaimsNeedIt(t *testing.T) {
	d := open(t)
	d.category()
	rule, refused := d.Create("finance.zhao", "expense_rules", map[string]any{
		"code": "applied", "kind": "preapproval", "severity": "block", "from_day": "2026-01-01", "active": true, "categories": []string{"entertainment"},
	})
	d.Must(refused)
	if got := rule.GetString("params"); got != `{"over_bp":11000,"over_fen":20000}` {
		t.Errorf("a new rule says %s", got)
	}
	claims := func(what string, fen int, row *core.Record, want string) *core.Record {
		t.Helper()
		claim, refused := d.claims(fen, row)
		d.Expect(what, refused, want)
		return claim
	}
	claims("a small one", 200_00, nil, "")
	claims("a fen more", 200_01, nil, "claim.rule_blocked")
	row := d.agreed(map[string]any{"day": "2026-03-16", "to_day": "2026-03-16"})
	d.is("approved", row, "approved", 0, 600, 800)
	first := claims("a part", 400_00, row, "")
	d.is("a part is used", row, "used", 400, 200, 800)
	d.Must(d.Act("rep.chen", first, "withdraw", ""))
	d.is("given back", row, "approved", 0, 600, 800)
	d.Must(d.Act("rep.chen", first, "submit", ""))
	claims("more than 110 % with it", 260_01, row, "claim.rule_blocked")
	claims("110 %", 260_00, row, "")
	d.is("used up", row, "used", 660, 0, 860)

	word := d.made(map[string]any{"day": "2026-03-16", "to_day": "2026-03-16", "planned_fen": 100_00}, d.emergency("2026-03-16"))
	claims("on a superior's word", 100_00, word, "")
	another := d.made(map[string]any{"day": "2026-03-16", "to_day": "2026-03-16", "planned_fen": 100_00})
	claims("on nobody's", 100_00, another, "claim.rule_blocked")
}

// TestAPreapprovalIsForWhatItSays: for its kind's category or the one that it names, and
// for its account.
func TestAPreapprovalIsForWhatItSays(t *testing.T) {
	d := open(t)
	entertainment := d.category()
	if _, err := d.FindFirstRecordByData("expense_categories", "code", "travel"); err != nil {
		d.Make("finance.zhao", "expense_categories", map[string]any{"code": "travel", "name_zh": "差旅", "active": true})
	}
	_, refused := d.Create("finance.zhao", "expense_rules", map[string]any{
		"code": "applied", "kind": "preapproval", "severity": "block", "from_day": "2026-01-01", "active": true, "categories": []string{"entertainment"},
	})
	d.Must(refused)
	of := map[string]any{"day": "2026-03-16", "to_day": "2026-03-16", "planned_fen": 300_00}
	_, refused = d.claims(300_00, d.agreed(of, map[string]any{"kind": "trip"}))
	d.Expect("a trip", refused, "claim.rule_blocked")
	_, refused = d.claims(300_00, d.agreed(of, map[string]any{"account": d.AccountOf("rep.chen").Id}))
	d.Expect("for an account, of none", refused, "claim.rule_blocked")
	_, refused = d.claims(300_00, d.agreed(of, map[string]any{"kind": "trip", "category": entertainment.Id}))
	d.Expect("a trip with a dinner, agreed as that", refused, "")
}
