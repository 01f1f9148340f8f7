package preapprovals_test

import "testing"

// TestTheTenthIsGivenOnce: what claims may take beyond the plan counts from the plan,
// however often it was gone beyond.
func TestTheTenthIsGivenOnce(t *testing.T) {
	d := open(t)
	d.category()
	_, refused := d.Create("finance.zhao", "expense_rules", map[string]any{
		"code": "applied", "kind": "preapproval", "severity": "block", "from_day": "2026-01-01", "active": true, "categories": []string{"entertainment"},
	})
	d.Must(refused)
	row := d.agreed(map[string]any{"day": "2026-03-16", "to_day": "2026-03-16"})
	_, refused = d.claims(660_00, row)
	d.Must(refused)
	_, refused = d.claims(1_00, row)
	d.Expect("after 110 %", refused, "claim.rule_blocked")
}
