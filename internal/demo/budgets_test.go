package demo_test

import (
	"testing"

	"satchel/internal/testapp"
)

// TestTheBudgetAddsUp: what its nodes hold is what its entries say, a transfer is done
// and the launch is near its end.
func TestTheBudgetAddsUp(t *testing.T) {
	d := testapp.Desk{App: testapp.New(t, testapp.Company(smallest))}
	d.Job("budgetBalances")
	if n := d.Bound.Budgets.Drift(); n != 0 {
		t.Errorf("%d nodes differ from their entries", n)
	}
	for table, filter := range map[string]string{
		"budgets": "state = 'active' && total_fen = 360000000", "budget_adjustments": "state = 'approved' && small = true", "budget_nodes": "alerted_bp = 9500",
		"expense_categories": "parent.code = 'promotion' && code = 'venue'", "annual_plans": "budget != '' && target != '' && planned_ratio_bp = 1111",
	} {
		if rows, err := d.FindRecordsByFilter(table, filter, "", 0, 0); err != nil || len(rows) != 1 {
			t.Errorf("%d rows of %s, %v", len(rows), table, err)
		}
	}
}
