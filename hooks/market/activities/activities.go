// Package activities binds the rules of what market does for key accounts:
// promotion plans, and activities with their tasks, costs, result and return on cost.
package activities

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/market"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what activities take from outside.
type Config struct {
	gate.Config
	// Sold is what an account was delivered in a period, net, and of how many orders.
	// Nil where nobody knows: there are no returns on cost then.
	Sold func(app core.App, account records.AccountID, p domain.Period) (fen, orders int, err error)
	// Budget is what pays.
	Budget Budget
}

type service struct{ Config }

// Area is what market does for accounts.
func Area(cfg Config) kit.Area {
	s := service{cfg}
	return kit.Area{
		Name:        "activities",
		Collections: []kit.Collection{s.plans(), s.activities(), s.tasks(), costs(), s.results(), returns()},
		Actions: []kit.Action{
			kit.Guarded(records.PromoPlans, kit.Do(records.PromoPlans, market.PlanClose, s.closePlan), planGuards),
			kit.Do(records.PromoPlans, market.PlanAssign, s.assignPlan),
			kit.Guarded(records.Activities, kit.Do(records.Activities, market.ActivityClose, s.closeActivity), activityGuards),
			kit.Guarded(records.Activities, kit.Do(records.Activities, market.ActivityCancel, s.cancel), activityGuards),
			kit.Do(records.Activities, market.ActivityAssign, s.assignActivity),
			kit.Do(records.ActivityTasks, market.TaskFinish, s.finishTask),
			kit.Guarded(records.ActivityTasks, kit.Do(records.ActivityTasks, market.TaskDrop, s.dropTask), taskGuards),
		},
		Approvals: []kit.Approval{planApproval(), s.activityApproval()},
		Jobs: []gate.Job{
			{Name: "activities", Schedule: "10 * * * *", Run: s.byTheDay},
			{Name: "activityReturns", Schedule: "40 19 * * *", Run: s.countReturns}, // at night, when the day's deliveries are in
		},
	}
}

func (s service) activities() kit.Collection {
	return kit.Collection{
		Name:     records.ActivityTable,
		Machine:  &market.ActivityMachine,
		Parties:  kit.Parties(records.Activities, activityParties),
		Personal: &kit.Personal{Stranger: "activity.not_owner"},
		Server: []string{
			records.ActivityColDepts, records.ActivityColHelpers, records.ActivityColPlannedFen, records.ActivityColActualFen, records.ActivityColResultDue,
			records.ActivityColReason, records.ActivityColResultToldAt, records.ActivityColClosedAt, records.ActivityColBudgetLevels,
		},
		Audit: gate.Audit{Fields: []string{records.ActivityColState, records.ActivityColOwner, records.ActivityColPlannedFen}, Create: true},
		Keep:  &gate.Keep{Parts: market.ActivityPlannedStates},
		Open:  kit.Open(records.Activities, "owner = {:user} AND state NOT IN ('closed', 'cancelled')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Activities, "activityCreate", activitySaved),
			kit.On(kit.Update, records.Activities, "activityUpdate", activitySaved),
		},
	}
}

// activitySaved checks the days and names the departments of the accounts, on the
// parts too.
func activitySaved(e *kit.Change[records.Activity]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := market.CheckDays(e.Row.FromDate(), e.Row.ToDate()); err != nil {
		return gate.RefuseField(records.ActivityColToDate, domain.CodeOf(err))
	}
	depts, err := deptsOf(e.App, e.Row.Accounts())
	if err != nil {
		return err
	}
	e.Row.SetDepts(depts)
	_, changed := gate.Difference(e.Row.Raw(), []string{records.ActivityColAccounts, records.ActivityColDepts})
	isNew := e.Row.IsNew()
	if err := e.Next(); err != nil || isNew || len(changed) == 0 {
		return err
	}
	return showParts(e.Context, e.App, e.Row)
}
