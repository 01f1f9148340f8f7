// Package org binds the rules of people and departments.
package org

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// Bind registers the area's events.
func Bind(app core.App) {
	app.OnRecordUpdateExecute(gate.Users).Bind(gate.Named("orgUserMoved", gate.Atomic(userMoved)))
}

// userMoved keeps the accounts of a user with his manager and department: who
// sees an account follows from there. Visits and orders keep those of their time.
func userMoved(e *core.RecordEvent) error {
	before := e.Record.Original()
	manager, dept := userManager(e.Record), userDept(e.Record)
	if manager == userManager(before) && dept == userDept(before) {
		return e.Next()
	}
	if err := e.Next(); err != nil {
		return err
	}
	bind := dbx.Params{"owner": e.Record.Id, "manager": manager, "dept": dept}
	for _, stmt := range []string{
		"UPDATE accounts SET manager = {:manager}, dept = {:dept} WHERE owner = {:owner}",
		"UPDATE contacts SET dept = {:dept} WHERE account IN (SELECT id FROM accounts WHERE owner = {:owner})",
		"UPDATE price_lists SET dept = {:dept} WHERE account IN (SELECT id FROM accounts WHERE owner = {:owner})",
		"UPDATE price_items SET dept = {:dept} WHERE account IN (SELECT id FROM accounts WHERE owner = {:owner})",
	} {
		if _, err := e.App.DB().NewQuery(stmt).Bind(bind).Execute(); err != nil {
			return err
		}
	}
	return nil
}

func userManager(r *core.Record) string { return r.GetString("manager") }
func userDept(r *core.Record) string    { return r.GetString("department") }
