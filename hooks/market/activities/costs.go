package activities

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"satchel/domain/market"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func costs() kit.Collection {
	return kit.Collection{
		Name:   records.ActivityCostTable,
		Server: []string{records.ActivityCostColAccounts, records.ActivityCostColDepts},
		Once:   []string{records.ActivityCostColActivity},
		Within: &kit.Within{
			Field: records.ActivityCostColActivity, Parent: records.ActivityTable, Open: market.ActivityCostStates, Refusal: "activity.costs_locked",
		},
		Audit: gate.Audit{Fields: []string{records.ActivityCostColPlannedFen, records.ActivityCostColActualFen}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ActivityCosts, "activityCostCreate", costSaved),
			kit.On(kit.Update, records.ActivityCosts, "activityCostUpdate", costSaved),
			kit.On(kit.Delete, records.ActivityCosts, "activityCostDelete", costGone),
		},
	}
}

// costSigned is what is signed of a line.
var costSigned = []string{records.ActivityCostColPlannedFen, records.ActivityCostColKind, records.ActivityCostColNode}

// costSaved keeps what was approved: once an activity was handed in, a line says what
// it did cost, and a new one was not planned.
func costSaved(e *kit.Change[records.ActivityCost]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	activity, found, err := records.Activities.Find(e.App, e.Row.Activity())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.ActivityCostColActivity, "record.not_found")
	}
	if !slices.Contains(market.ActivityPlannedStates, string(activity.State())) {
		_, changed := gate.Difference(e.Row.Raw(), costSigned)
		if e.Row.IsNew() && e.Row.PlannedFen() != 0 || !e.Row.IsNew() && len(changed) > 0 {
			return gate.RefuseField(records.ActivityCostColPlannedFen, "activity.planned_locked")
		}
	}
	if err := checkNode(e.App, activity, e.Row.Node()); err != nil {
		return err
	}
	if e.Row.IsNew() {
		show(e.Row, activity)
	}
	if err := e.Next(); err != nil {
		return err
	}
	return addUp(e, activity.ID())
}

// costGone takes a line out of its activity's sums.
func costGone(e *kit.Change[records.ActivityCost]) error {
	if err := e.Next(); err != nil {
		return err
	}
	return addUp(e, e.Row.Activity())
}

// addUp writes what an activity is to cost and did cost; of one that is gone there is nothing to write.
func addUp(e *kit.Change[records.ActivityCost], id records.ActivityID) error {
	activity, found, err := records.Activities.Find(e.App, id)
	if err != nil || !found {
		return err
	}
	var sum struct {
		Planned int `db:"planned"`
		Actual  int `db:"actual"`
	}
	err = e.App.DB().NewQuery("SELECT COALESCE(SUM(planned_fen), 0) AS planned, COALESCE(SUM(actual_fen), 0) AS actual FROM activity_costs WHERE activity = {:a}").
		Bind(dbx.Params{"a": id}).One(&sum)
	if err != nil {
		return fmt.Errorf("add up the costs of an activity: %w", err)
	}
	activity.SetPlannedFen(sum.Planned)
	activity.SetActualFen(sum.Actual)
	return gate.SaveChanged(e.Context, e.App, activity.Raw())
}
