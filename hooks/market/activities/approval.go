package activities

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/market"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// activityApproval is of the head of market, of those who head the departments of the
// accounts, and of the management if the activity is dear.
func (s service) activityApproval() kit.Approval {
	return kit.Approval{
		Collection: records.ActivityTable,
		Content: []string{
			records.ActivityColPromoPlan, records.ActivityColName, records.ActivityColKind, records.ActivityColFromDate, records.ActivityColToDate,
			records.ActivityColPlace, records.ActivityColAccounts, records.ActivityColProducts,
		},
		Title:      func(activity *core.Record) string { return records.Activities.Of(activity).Name() },
		Snapshot:   costsSigned,
		Route:      activityRoute,
		OnSubmit:   submitted,
		OnApproved: s.agreed,
	}
}

func activityRoute(tx core.App, subject *core.Record) ([]people.ApprovalStep, error) {
	activity := records.Activities.Of(subject)
	most, err := gate.SettingsNow(tx).ActivityExecutiveFen()
	if err != nil {
		return nil, err
	}
	steps := []people.ApprovalStep{ofMarket}
	for _, id := range activity.Depts() {
		dept, err := records.Departments.Require(tx, id)
		if err != nil {
			return nil, err
		}
		steps = append(steps, people.ApprovalStep{Key: "accounts", By: people.ByPerson, Person: string(dept.Head())})
	}
	return withManagement(steps, activity.PlannedFen(), most), nil
}

// signedCost is a line of what an activity is to cost, as it is signed.
type signedCost struct {
	Kind       string `json:"kind"`
	PlannedFen int    `json:"planned_fen"`
	Note       string `json:"note"`
	Node       string `json:"node,omitzero"`
}

// costsSigned is what an activity is to cost.
func costsSigned(tx core.App, subject *core.Record) (map[string]any, error) {
	rows, err := records.ActivityCosts.All(tx, "activity = {:a}", dbx.Params{"a": subject.Id}, "kind, id")
	if err != nil {
		return nil, err
	}
	costs := make([]signedCost, len(rows))
	for i, row := range rows {
		costs[i] = signedCost{string(row.Kind()), row.PlannedFen(), row.Note(), string(row.Node())}
	}
	return map[string]any{"costs": costs}, nil
}

// submitted wants costs, and a plan that is in force if it is part of one.
func submitted(_ context.Context, tx core.App, subject *core.Record) error {
	activity := records.Activities.Of(subject)
	lines, err := records.ActivityCosts.Count(tx, "activity = {:a}", dbx.Params{"a": activity.ID()})
	if err != nil {
		return err
	}
	if lines == 0 {
		return gate.Refuse("activity.costs_required")
	}
	plan, found, err := records.PromoPlans.Find(tx, activity.PromoPlan())
	if err != nil {
		return err
	}
	if activity.PromoPlan() != "" && (!found || plan.State() != market.PlanApproved) {
		return gate.RefuseField(records.ActivityColPromoPlan, "activity.plan_not_approved")
	}
	return nil
}

// agreed reserves what it is to cost, says by when the result is due, and tells those
// whose accounts take part.
func (s service) agreed(ctx context.Context, tx core.App, subject *core.Record) error {
	activity := records.Activities.Of(subject)
	if err := s.reserve(ctx, tx, activity); err != nil {
		return err
	}
	days, err := gate.SettingsNow(tx).ActivityResultDays()
	if err != nil {
		return err
	}
	activity.SetResultDue(market.ResultDue(activity.ToDate(), days))
	lines, err := linesOf(tx, activity.Accounts())
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, "activity.agreed", activityLink(activity), map[string]any{
		"name": activity.Name(), "from": activity.FromDate(), "to": activity.ToDate(),
	}, lines...)
}
