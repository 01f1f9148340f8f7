package gate

import (
	"cmp"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Following is a table whose rows go with an account into another department:
// what stands of it, and what is still to be done about it. Which is SQL of its
// row t. What is over stays where it happened.
type Following struct{ Table, Which string }

const followingKey = "satchel.following"

// SetFollowing says which tables follow accounts.
func SetFollowing(app core.App, all []Following) { app.Store().Set(followingKey, all) }

// FollowAccounts gives the rows that follow accounts their department. where
// picks the accounts by their columns.
func FollowAccounts(txApp core.App, where string, bind dbx.Params) error {
	declared, _ := txApp.Store().Get(followingKey).([]Following)
	for _, f := range declared {
		_, err := txApp.DB().NewQuery("UPDATE " + f.Table + " AS t SET dept = a.dept FROM accounts a WHERE a.id = t.account AND t.dept <> a.dept AND " +
			where + " AND " + cmp.Or(f.Which, "TRUE")).Bind(bind).Execute()
		if err != nil {
			return fmt.Errorf("move %s with their accounts: %w", f.Table, err)
		}
	}
	return nil
}
