// Package org binds the rules of people and departments.
package org

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// Bind registers the area's events.
func Bind(app core.App, cfg gate.Config) {
	app.OnRecordUpdateExecute(gate.Users).Bind(gate.Named("orgUserMoved", gate.Atomic(userMoved)))
	app.OnRecordCreate(plans).Bind(gate.Named("planCreate", gate.Atomic(planCreate)))
}

// Actions are the area's state changes.
func Actions(gate.Config) gate.Actions { return gate.Actions{} }

// Jobs are the area's work of the clock.
func Jobs(gate.Config) []gate.Job { return nil }

// userMoved keeps the accounts of a user with his manager and department: who
// sees an account follows from there, and who answers his open issues. Visits and
// orders keep those of their time.
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
	_, err := e.App.DB().NewQuery("UPDATE accounts SET manager = {:manager}, dept = {:dept} WHERE owner = {:owner}").Bind(bind).Execute()
	if err != nil {
		return err
	}
	_, err = e.App.DB().NewQuery("UPDATE sync_issues SET manager = {:manager}, dept = {:dept} WHERE user = {:owner} AND state = 'open'").Bind(bind).Execute()
	if err != nil {
		return err
	}
	return gate.FollowAccounts(e.App, "a.owner = {:owner}", dbx.Params{"owner": e.Record.Id})
}
