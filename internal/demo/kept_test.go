package demo_test

import (
	"testing"

	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// TestCustomersAreKept: every row of what is done with customers would pass the
// rules that a write meets.
func TestCustomersAreKept(t *testing.T) {
	opt := demo.Small(testapp.Start)
	opt.Customers = true
	app := testapp.New(t, testapp.Company(opt))
	for _, table := range []string{
		"communications", "care_dates", "care_tasks", "account_plans", "issues", "issue_events", "opportunities", "negotiations", "contracts", "account_competitors",
	} {
		rows, err := app.FindAllRecords(table)
		if err != nil || len(rows) == 0 {
			t.Errorf("%s has %d rows, %v", table, len(rows), err)
		}
		for _, row := range rows {
			if err := app.Validate(row); err != nil {
				t.Errorf("%s %s: %v", table, row.Id, err)
			}
		}
	}
}
