package accounts

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

const (
	accounts = "accounts"
	contacts = "contacts"

	fieldOwner = "owner"
	fieldDept  = "dept"
)

var (
	// filledByServer follows from the owner, and from who is to be the next.
	filledByServer = []string{"manager", fieldDept, "next_owner"}
	// repFields are what a rep may change of an account.
	repFields = []string{"short_name", "address", "tags", "note", "lat", "lng", "industry"}
)

func ownerOf(r *core.Record) string   { return r.GetString(fieldOwner) }
func deptOf(r *core.Record) string    { return r.GetString(fieldDept) }
func accountOf(r *core.Record) string { return r.GetString("account") }

func setLine(r *core.Record, manager, dept string) {
	r.Set("manager", manager)
	r.Set(fieldDept, dept)
}

// heads tells whether a user manages the department. Rows and managers without
// one have nothing in common.
func heads(user *core.Record, dept string) bool {
	return dept != "" && user.GetString("role") == "dept_manager" && user.GetString("department") == dept
}

// inLine tells whether an account is a user's to write about.
func inLine(user, account *core.Record) bool {
	return ownerOf(account) == user.Id || account.GetString("manager") == user.Id ||
		heads(user, deptOf(account)) || user.GetString("role") == "admin"
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		accounts: {Fields: []string{fieldOwner, "manager", fieldDept, "kind", "tier", "status", "credit_limit_fen", "payment_days"}, Create: true},
		requests: {Fields: []string{"state", "reviewer"}},
	}
}

// OpenWork is what people hold of the area.
func OpenWork() []gate.OpenWork {
	return []gate.OpenWork{{Collection: accounts, Count: func(app core.App, user string) (int64, error) {
		return app.CountRecords(accounts, dbx.HashExp{fieldOwner: user}, dbx.Not(dbx.HashExp{"kind": "lost"}))
	}}}
}
