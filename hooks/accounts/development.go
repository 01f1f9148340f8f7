package accounts

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// bindDevelopment registers the events of what develops an account.
func bindDevelopment(app core.App, cfg gate.Config) {
	bindScoring(app, cfg)
	for name, saved := range map[string]func(*core.RecordEvent) error{plans: planSaved, competitors: hung} {
		app.OnRecordCreate(name).Bind(gate.Named(name+"Create", gate.Atomic(saved)))
		app.OnRecordUpdate(name).Bind(gate.Named(name+"Update", gate.Atomic(saved)))
	}
}

// Kinds are what is approved.
func Kinds() []kit.Approval { return []kit.Approval{cardKind()} }

// planSaved lets an account have one plan a year (R2.7): account_plan.taken.
func planSaved(e *core.RecordEvent) error {
	account, year := planOf(e.Record)
	others, err := e.App.CountRecords(plans, dbx.HashExp{"account": account, "year": year}, dbx.Not(dbx.HashExp{"id": e.Record.Id}))
	if err != nil {
		return fmt.Errorf("failed to look for a plan: %w", err)
	}
	if others > 0 {
		return gate.RefuseField("year", "account_plan.taken")
	}
	return hung(e)
}

// hung fills the department from the account, which must be of the actor's line.
func hung(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	return e.Next()
}
