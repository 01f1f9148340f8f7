package analysis_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// TestUpgradesWriteTheFactsSoFar: what a company has sold before it had facts becomes
// the facts that the rules would have left.
func TestUpgradesWriteTheFactsSoFar(t *testing.T) {
	effort.Late(t)
	app := testapp.New(t)
	sums := func() (out string) {
		t.Helper()
		var rows []struct{ Kind, Account, Product, Sums string }
		err := app.DB().NewQuery(`SELECT CASE kind WHEN 'cost' THEN 'return' ELSE kind END AS kind, account, product, SUM(amount_fen) || ' ' || SUM(tax_fen) || ' ' || SUM(base_milli) || ' ' ||
			SUM(rebate_fen) || ' ' || SUM(receipt_fen) || CASE WHEN kind = 'delivery' THEN ' ' || SUM(cost_fen) ELSE '' END AS sums
			FROM sales_facts GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`).All(&rows)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(rows)
	}
	was := sums()
	var since []*core.Migration
	for _, m := range core.AppMigrations.Items() {
		if m.File >= "1760001800" && m.File < "1761" {
			since = append(since, m)
		}
	}
	for _, m := range slices.Backward(since) {
		if err := app.RunInTransaction(m.Down); err != nil {
			t.Fatal(m.File, err)
		}
	}
	if app.HasTable("sales_facts") {
		t.Fatal("the facts are still there")
	}
	for _, m := range since {
		if err := app.RunInTransaction(m.Up); err != nil {
			t.Fatal(m.File, err)
		}
	}
	if is := sums(); is != was || len(was) < 100 {
		t.Errorf("facts so far:\n%.3000s\nwant\n%.3000s", is, was)
	}
}
