package gate

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/records"
)

// Team are the people responsible for an account.
type Team struct {
	Owner   string `db:"owner"`
	Manager string `db:"manager"`
	Dept    string `db:"dept"`
}

// TeamOf reads the team of an account; sql.ErrNoRows if there is none. It reads
// these columns and no record: a push asks it for each of its rows.
func TeamOf(app core.App, account string) (team Team, err error) {
	err = app.DB().NewQuery("SELECT owner, manager, dept FROM accounts WHERE id = {:id}").Bind(dbx.Params{"id": account}).One(&team)
	return team, err
}

// Serves reports whether the account is a user's to serve: his own or his rep's.
func (t Team) Serves(user *core.Record) bool { return t.Owner == user.Id || t.Manager == user.Id }

// Has reports whether an account is a user's to write about: his own, his
// rep's, his department's, or anybody's for an administrator.
func (t Team) Has(user *core.Record) bool {
	return t.Serves(user) || Heads(user, t.Dept) || records.Users.Of(user).Role() == people.RoleAdmin
}

// OnTeam is Team.Has of an account that has been read.
func OnTeam(user, account *core.Record) bool {
	a := records.Accounts.Of(account)
	return Team{Owner: string(a.Owner()), Manager: string(a.Manager()), Dept: string(a.Dept())}.Has(user)
}

// Heads reports whether a user manages the department. Rows and managers without
// one have nothing in common.
func Heads(user *core.Record, dept string) bool {
	u := records.Users.Of(user)
	return dept != "" && u.Role() == people.RoleDeptManager && string(u.Department()) == dept
}

// Headless reports whether nobody in office but one person manages a department.
func Headless(app core.App, dept, but string) (bool, error) {
	n, err := records.Users.Count(app, "role = {:r} AND active = TRUE AND department = {:d} AND department <> '' AND id <> {:u}",
		dbx.Params{"r": people.RoleDeptManager, "d": dept, "u": but})
	return n == 0, err
}

// HeadsKind reports whether a user heads a department of a kind.
func HeadsKind(app core.App, user *core.Record, kind string) (bool, error) {
	n, err := records.Departments.Count(app, "kind = {:k} AND head = {:u}", dbx.Params{"k": kind, "u": user.Id})
	return n > 0, err
}
