package rules_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
)

// TestAContractIsPaidOnce: naming an activity beside it does not give its amount anew.
func TestAContractIsPaidOnce(t *testing.T) {
	d := open(t)
	d.rule(map[string]any{"code": "display", "kind": "fee", "severity": "block", "from_day": "2026-01-01", "active": true, "categories": []string{"display"}, "params": map[string]any{"photos": 0}})
	contract := d.Blank("contracts", map[string]any{
		"account": d.account.Id, "owner": d.As(rep).Id, "no": "K-1", "title": "陈列", "state": "effective", "start_date": "2026-01-01", "end_date": "2026-12-31", "amount_fen": 40_000,
	})
	if err := d.SaveNoValidateWithContext(gate.AsServer(t.Context()), contract); err != nil {
		t.Fatal(err)
	}
	claim, _ := d.claim(map[string]any{"category": d.of["display"], "day": "2026-03-01", "amount_fen": 30_000, "account": d.account.Id, "contract": contract.Id})
	if _, err := d.DB().NewQuery("UPDATE expense_claims SET state = 'submitted' WHERE id = {:id}").Bind(dbx.Params{"id": claim.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	fee := expense.LineFacts{Category: "display", Day: "2026-03-01", Account: d.account.Id, Contract: contract.Id, Fen: 10_000}
	for _, activity := range []string{"", "another"} {
		fee.Activity = activity
		if got := d.hits(fee); got != "" {
			t.Errorf("the rest: %s", got)
		}
		fee.Fen++
		if got := d.hits(fee); got != "expense.fee_over " {
			t.Errorf("a fen more, with activity %q: %q", activity, got)
		}
		fee.Fen--
	}
}
