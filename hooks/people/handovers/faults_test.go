package handovers_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// TestAFaultIsNoRefusal: where a look-up breaks, the answer is the fault, which is
// tried again, and never a refusal, which is kept for good.
func TestAFaultIsNoRefusal(t *testing.T) {
	d := testapp.Open(t)
	account, he := d.AccountOf("rep.chen"), d.As("rep.he")
	one := map[string]any{"account": account.Id, "user": he.Id, "from_date": thursday}
	many := map[string]any{"from_rep": d.As("rep.chen").Id, "to_rep": he.Id, "accounts": []string{account.Id}, "planned_date": thursday}
	for _, c := range []struct {
		table, collection string
		values            map[string]any
	}{
		{"users", "account_handovers", many},
		{"users", "account_assignments", one},
		{"accounts", "account_assignments", one},
	} {
		t.Run(c.table+" of "+c.collection, func(t *testing.T) {
			ctx := d.By("manager.wu")
			err := d.RunInTransaction(func(tx core.App) error {
				if _, err := tx.DB().NewQuery("ALTER TABLE " + c.table + " RENAME TO lost").Execute(); err != nil {
					t.Fatal(err)
				}
				return tx.SaveWithContext(ctx, d.Blank(c.collection, c.values))
			})
			if _, _, refused := gate.ProblemOf(err); err == nil || refused {
				t.Errorf("%v", err)
			}
		})
	}
	for table, collection := range map[string]string{"users": "account_handovers", "accounts": "account_assignments"} {
		t.Run("cancel without "+table, func(t *testing.T) {
			values := map[string]map[string]any{"account_handovers": many, "account_assignments": one}[collection]
			ctx := d.By("manager.wu")
			err := d.RunInTransaction(func(tx core.App) error {
				row := d.Blank(collection, values)
				if err := tx.SaveWithContext(ctx, row); err != nil {
					t.Fatal(err)
				}
				if _, err := tx.DB().NewQuery("ALTER TABLE " + table + " RENAME TO lost").Execute(); err != nil {
					t.Fatal(err)
				}
				return d.Bound.Actions[collection+".cancel"](ctx, tx, row, nil)
			})
			if _, _, refused := gate.ProblemOf(err); err == nil || refused {
				t.Errorf("%v", err)
			}
		})
	}
	dryRun := func(id string) string {
		return testapp.Answered(d.Do("manager.wu", "GET", "/api/ka/account_handovers/"+id+"/dry_run", ""))
	}
	planned := d.Make("manager.wu", "account_handovers", many)
	d.Must(dryRun(planned.Id))
	d.Unreadable("account_handovers")
	if got := dryRun(planned.Id); got == "" || got == "record.not_found" {
		t.Errorf("a dry run of what cannot be read: %q", got)
	}
}
