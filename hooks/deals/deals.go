// Package deals binds the rules of what leads to business with an account:
// opportunities, negotiations and contracts.
package deals

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// Bind registers the area's events.
func Bind(app core.App) {
	app.OnRecordCreate(opportunities).Bind(gate.Named("opportunityCreate", gate.Atomic(opportunitySaved)))
	app.OnRecordUpdate(opportunities).Bind(gate.Named("opportunityUpdate", gate.Atomic(opportunitySaved)))
	app.OnRecordCreate(negotiations).Bind(gate.Named("negotiationCreate", gate.Atomic(negotiationSaved)))
	app.OnRecordUpdate(negotiations).Bind(gate.Named("negotiationUpdate", gate.Atomic(negotiationSaved)))
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	a := actions{now: cfg.Now}
	out := gate.Actions{opportunities + ".decide": a.decide}
	for _, step := range oppSteps {
		out[opportunities+"."+step] = a.oppStep(step)
	}
	return out
}

type actions struct{ now func() time.Time }
