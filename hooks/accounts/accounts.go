// Package accounts binds the rules of accounts and their contacts.
package accounts

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Bind registers the area's events.
func Bind(app core.App, cfg gate.Config) {
	app.OnRecordCreate(accounts).Bind(gate.Named("accountCreate", gate.Atomic(accountSaved)))
	app.OnRecordUpdate(accounts).Bind(gate.Named("accountUpdate", gate.Atomic(accountSaved)))
	app.OnRecordCreate(accounts).Bind(gate.Named("accountPlaced", placeSaved))
	app.OnRecordUpdate(accounts).Bind(gate.Named("accountReplaced", placeSaved))
	app.OnRecordUpdateExecute(accounts).Bind(gate.Named("accountMoved", gate.Atomic(accountMoved)))
	people := contactSaved(cfg)
	app.OnRecordCreate(contacts).Bind(gate.Named("contactCreate", gate.Atomic(people)))
	app.OnRecordUpdate(contacts).Bind(gate.Named("contactUpdate", gate.Atomic(people)))
	app.OnRecordUpdate(contacts).Bind(gate.Named("contactStays", contactStays))
	app.OnRecordDelete(contacts).Bind(gate.Named("contactNotGone", contactStays))
	app.OnServe().Bind(gate.Named("accountRoutes", func(e *core.ServeEvent) error {
		e.Router.GET("/api/ka/accounts/{id}/duplicates", duplicates).Bind(apis.RequireAuth(gate.Users))
		return e.Next()
	}))
	bindDevelopment(app, cfg)
	bindForAll(app, cfg)
}

// accountSaved holds reps to their fields, judges a change of owner, and fills
// manager and department from the owner.
func accountSaved(e *core.RecordEvent) error {
	if err := gate.LockFields(e, filledByServer...); err != nil {
		return err
	}
	actor := gate.From(e).User
	if actor != nil && actor.GetString("role") == "rep" && !gate.ByServer(e) {
		for _, f := range gate.Changed(e.Record) {
			if f != "id" && !slices.Contains(repFields, f) && (!e.Record.IsNew() || !slices.Contains(onceFields, f)) {
				return gate.RefuseField(f, "account.field_locked")
			}
		}
	}
	if err := keepFence(e, actor); err != nil {
		return err
	}
	if err := begin(e, actor); err != nil {
		return err
	}
	if err := refuseDuplicate(e); err != nil {
		return err
	}
	if owner := ownerOf(e.Record); owner != ownerOf(e.Record.Original()) || e.Record.IsNew() {
		if err := giveTo(e, owner, actor); err != nil {
			return err
		}
	}
	return e.Next()
}

// begin gives a new account its first stage: research, unless somebody who may
// says that it is a customer already. Later only steps move it.
func begin(e *core.RecordEvent, actor *core.Record) error {
	if gate.ByServer(e) && stageOf(e.Record) != "" {
		return nil
	}
	if !e.Record.IsNew() {
		return gate.LockFields(e, staged...)
	}
	stage := startStage(e.Record)
	trusted := actor == nil || actor.GetString("role") == "dept_manager" || actor.GetString("role") == "admin"
	if named := stageOf(e.Record); named != "" && named != stage || stage != domain.StageResearch && !trusted {
		return gate.RefuseField("stage", "field.locked")
	}
	if _, status := domain.StageKind(stage); statusOf(e.Record) != "" && statusOf(e.Record) != status && !trusted {
		return gate.RefuseField("status", "field.locked")
	}
	e.Record.Set("stage", stage)
	return nil
}

// giveTo makes owner the account's owner if the actor may: a manager within his
// team, a department manager within his department, an administrator anybody.
func giveTo(e *core.RecordEvent, owner string, actor *core.Record) error {
	if owner == "" {
		setLine(e.Record, "", "")
		return nil
	}
	user, err := e.App.FindRecordById(gate.Users, owner)
	if err != nil || !user.GetBool("active") {
		return gate.RefuseField(fieldOwner, "account.owner_invalid")
	}
	manager, dept := user.GetString("manager"), user.GetString("department")
	if actor != nil && !gate.ByServer(e) {
		may := owner == actor.Id || manager == actor.Id
		switch actor.GetString("role") {
		case "dept_manager":
			may = gate.Heads(actor, dept)
		case "admin":
			may = true
		}
		if !may {
			return gate.RefuseField(fieldOwner, "account.owner_invalid")
		}
	}
	setLine(e.Record, manager, dept)
	return nil
}

// accountMoved keeps what hangs on an account, and is no record of its time,
// with the account's department.
func accountMoved(e *core.RecordEvent) error {
	moved := deptOf(e.Record) != deptOf(e.Record.Original())
	if err := e.Next(); err != nil || !moved {
		return err
	}
	return gate.FollowAccounts(e.App, "a.id = {:account}", dbx.Params{"account": e.Record.Id})
}

// contactSaved fills the department from the account. Nobody is born after today:
// account.birthday_future.
func contactSaved(cfg gate.Config) func(*core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		if err := gate.LockFields(e, "forgotten_at", "forgotten_why"); err != nil {
			return err
		}
		if err := gate.Hang(e); err != nil {
			return err
		}
		if birthdayOf(e.Record) > domain.BusinessDay(cfg.Now()) && birthdayOf(e.Record) != birthdayOf(e.Record.Original()) {
			return gate.RefuseField("birthday", "account.birthday_future")
		}
		return e.Next()
	}
}
