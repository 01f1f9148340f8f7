package gate

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"

	"satchel/records"

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
			return fmt.Errorf("failed to move %s with their accounts: %w", f.Table, err)
		}
	}
	return nil
}

// Heads tells whether a user manages the department. Rows and managers without
// one have nothing in common.
func Heads(user *core.Record, dept string) bool {
	return dept != "" && user.GetString("role") == "dept_manager" && user.GetString("department") == dept
}

// InLine tells whether an account is a user's to write about: his own, his
// rep's, his department's, or anybody's for an administrator.
func InLine(user, account *core.Record) bool {
	return account.GetString("owner") == user.Id || account.GetString("manager") == user.Id ||
		Heads(user, account.GetString("dept")) || user.GetString("role") == "admin"
}

// AccountOf returns the account that a row hangs on.
func AccountOf(app core.App, r *core.Record) (*core.Record, error) {
	return app.FindRecordById("accounts", r.GetString("account"))
}

// Hang fills the department of a row from its account, which must be of the
// actor's line: record.not_allowed. An account that is not there is left to the
// relation's own validation.
func Hang(e *core.RecordEvent) error {
	if err := LockFields(e, "dept"); err != nil {
		return err
	}
	if e.Record.GetString("account") == records.Before(e.Record).GetString("account") && !e.Record.IsNew() {
		return nil
	}
	account, err := AccountOf(e.App, e.Record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the account of a row: %w", err)
	}
	if actor := From(e).User; actor != nil && !ByServer(e) && !InLine(actor, account) {
		return Refuse("record.not_allowed")
	}
	e.Record.Set("dept", account.GetString("dept"))
	return nil
}

// MustBeInLine returns the account of a row if the actor writes about it, else
// record.not_allowed.
func MustBeInLine(app core.App, actor, r *core.Record) (*core.Record, error) {
	account, err := AccountOf(app, r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, Refuse("record.not_found")
	}
	if err != nil {
		return nil, fmt.Errorf("find the account of a row: %w", err)
	}
	if actor == nil || !InLine(actor, account) {
		return nil, Refuse("record.not_allowed")
	}
	return account, nil
}
