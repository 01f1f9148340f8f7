package accounts

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/approvals"
	"satchel/hooks/gate"
)

// bindDevelopment registers the events of what develops an account.
func bindDevelopment(app core.App, cfg gate.Config) {
	bindScoring(app, cfg)
	for _, name := range []string{"account_plans", "account_competitors"} {
		app.OnRecordCreate(name).Bind(gate.Named(name+"Create", gate.Atomic(hung)))
		app.OnRecordUpdate(name).Bind(gate.Named(name+"Update", gate.Atomic(hung)))
	}
}

// Kinds are what is approved.
func Kinds() []approvals.Kind { return []approvals.Kind{cardKind()} }

// hung fills the department from the account, which must be of the actor's line.
func hung(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	return e.Next()
}
