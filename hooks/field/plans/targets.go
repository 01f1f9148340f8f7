package plans

import (
	"fmt"
	"reflect"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// takeTargets writes into a manager's month what the targets of him and his reps say
// of it.
func (s service) takeTargets(app core.App, plan records.MonthlyPlan) error {
	now, err := s.Targets(app, plan.Owner(), plan.Month())
	if err != nil {
		return err
	}
	if before, err := plan.Targets(); err != nil || !reflect.DeepEqual(before, now) {
		plan.SetTargets(now)
	}
	return nil
}

// besideTargets lets months that are being written follow the targets of their owner
// and of those whom he leads. What was handed in stays as it is decided on.
func (s service) besideTargets() kit.Collection {
	return kit.Collection{Name: records.TargetTable, Rules: []kit.Rule{kit.On(kit.UpdateExecute, records.Targets, "targetPlans", s.targetChanged)}}
}

func (s service) targetChanged(e *kit.Change[records.Target]) error {
	before := e.Before().State()
	if err := e.Next(); err != nil || before == e.Row.State() {
		return err
	}
	whose := e.Row.Manager()
	if e.Row.Level() == sales.TargetOfManager {
		whose = e.Row.Owner()
	}
	open, err := records.MonthlyPlans.All(e.App, "owner = {:o} AND month LIKE {:year} AND state IN ('draft', 'returned')",
		dbx.Params{"o": whose, "year": e.Row.Year() + "-%"}, "month")
	if err != nil {
		return err
	}
	for _, plan := range open {
		if err := s.takeTargets(e.App, plan); err != nil {
			return err
		}
		if !gate.HasChanged(plan.Raw()) {
			continue
		}
		if err := e.App.SaveWithContext(gate.AsServer(e.Context), plan.Raw()); err != nil {
			return fmt.Errorf("save the split of plan %s: %w", plan.ID(), err)
		}
	}
	return nil
}
