package gate

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// FollowAccounts gives what hangs on accounts, and is no record of its time,
// their department. where picks the accounts by their columns.
func FollowAccounts(txApp core.App, where string, bind dbx.Params) error {
	for _, table := range []string{"contacts", "price_lists", "price_items"} {
		_, err := txApp.DB().NewQuery("UPDATE " + table + " AS t SET dept = a.dept FROM accounts a WHERE a.id = t.account AND t.dept <> a.dept AND " + where).
			Bind(bind).Execute()
		if err != nil {
			return fmt.Errorf("failed to move %s with their accounts: %w", table, err)
		}
	}
	return nil
}
