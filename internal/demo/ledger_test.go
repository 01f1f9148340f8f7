package demo_test

import (
	"testing"

	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// TestTheLedgerAddsUp: each account's credit says what its entries say, and what is
// open of them is what is not set against each other.
func TestTheLedgerAddsUp(t *testing.T) {
	options := demo.Small(testapp.Start)
	options.Customers = true
	app := testapp.New(t, testapp.Company(options))
	for what, query := range map[string]string{
		"credits that say other than the entries": `SELECT COUNT(*) FROM account_credits c WHERE ledger_fen <> (SELECT COALESCE(SUM(amount_fen), 0) FROM account_entries e WHERE e.account = c.account)`,
		"credits that do not add up":              `SELECT COUNT(*) FROM account_credits WHERE open_fen <> ordered_fen + ledger_fen OR limit_fen > 0 AND free_fen <> limit_fen - open_fen`,
		"balances that are open otherwise":        `SELECT COUNT(*) FROM (SELECT account FROM account_entries GROUP BY account HAVING SUM(amount_fen) <> SUM(open_fen))`,
		"statements that do not add up":           `SELECT COUNT(*) FROM statements WHERE closing_fen <> opening_fen + delivered_fen - returned_fen - received_fen - deducted_fen`,
		"receipts that are open otherwise":        `SELECT COUNT(*) FROM receipts r JOIN account_entries e ON e.ref_id = r.id WHERE e.open_fen <> -r.open_fen`,
	} {
		var n int
		if err := app.DB().NewQuery(query).Row(&n); err != nil || n != 0 {
			t.Errorf("%d %s (%v)", n, what, err)
		}
	}
	for _, name := range []string{"account_credits", "account_entries", "receipts", "deductions", "rebate_terms", "statements"} {
		rows, err := app.FindAllRecords(name)
		if err != nil || len(rows) == 0 {
			t.Errorf("%d %s, %v", len(rows), name, err)
		}
		for _, row := range rows {
			if err := app.Validate(row); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	statement, err := app.FindFirstRecordByData("statements", "state", "confirmed")
	if err != nil {
		t.Fatal(err)
	}
	if got := app.Do("finance.zhao", "GET", "/api/ka/statements/"+statement.Id+"/pdf", ""); got.Code != 200 {
		t.Errorf("the statement's paper: %d %s", got.Code, got.Body)
	}
}
