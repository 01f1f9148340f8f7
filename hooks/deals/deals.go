// Package deals binds the rules of what leads to business with an account:
// opportunities, negotiations and contracts.
package deals

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// Bind registers the area's events.
func Bind(app core.App) {
	app.OnRecordCreate(opportunities).Bind(gate.Named("opportunityCreate", gate.Atomic(opportunitySaved)))
	app.OnRecordUpdate(opportunities).Bind(gate.Named("opportunityUpdate", gate.Atomic(opportunitySaved)))
	app.OnRecordCreate(negotiations).Bind(gate.Named("negotiationCreate", gate.Atomic(negotiationSaved)))
	app.OnRecordUpdate(negotiations).Bind(gate.Named("negotiationUpdate", gate.Atomic(negotiationSaved)))
	app.OnRecordCreate(contracts).Bind(gate.Named("contractCreate", gate.Atomic(contractSaved)))
	app.OnRecordUpdate(contracts).Bind(gate.Named("contractUpdate", gate.Atomic(contractSaved)))
}

// Kinds are what is approved.
func Kinds() []kit.Approval { return []kit.Approval{contractKind()} }

// Jobs are the area's work of the clock.
func Jobs() []gate.Job {
	return []gate.Job{{Name: "contractsExpire", Schedule: "7 17 * * *", Run: expire}} // 01:07 in Shanghai
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		contracts:     {Fields: []string{"state", "amount_fen", "end_date", "signed_sha256"}, Create: true},
		opportunities: {Fields: []string{"stage", "amount_fen", "decision"}},
		negotiations:  {Fields: []string{"state"}},
	}
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	a := actions{now: cfg.Now}
	out := gate.Actions{opportunities + ".decide": a.decide}
	for _, step := range oppSteps {
		out[opportunities+"."+step] = a.oppStep(step)
	}
	for _, step := range contractSteps {
		out[contracts+"."+step] = a.contractStep(step)
	}
	return out
}

type actions struct{ now func() time.Time }
