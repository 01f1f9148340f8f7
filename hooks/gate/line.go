package gate

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Line is who is responsible for an account.
type Line struct {
	Owner   string `db:"owner"`
	Manager string `db:"manager"`
	Dept    string `db:"dept"`
}

// LineOf reads the line of an account; sql.ErrNoRows if there is none. It reads
// these columns and no record: a push asks it for each of its rows.
func LineOf(app core.App, account string) (line Line, err error) {
	err = app.DB().NewQuery("SELECT owner, manager, dept FROM accounts WHERE id = {:id}").Bind(dbx.Params{"id": account}).One(&line)
	return line, err
}

// Serves tells whether the account is a user's to serve: his own or his rep's.
func (l Line) Serves(user *core.Record) bool { return l.Owner == user.Id || l.Manager == user.Id }

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
