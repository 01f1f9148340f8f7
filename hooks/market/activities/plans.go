package activities

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/market"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) plans() kit.Collection {
	return kit.Collection{
		Name:     records.PromoPlanTable,
		Machine:  &market.PlanMachine,
		Parties:  kit.Parties(records.PromoPlans, planParties),
		Personal: &kit.Personal{Stranger: "activity.not_owner"},
		Server:   []string{records.PromoPlanColDepts, records.PromoPlanColOutcome, records.PromoPlanColClosedAt},
		Audit:    gate.Audit{Fields: []string{records.PromoPlanColState, records.PromoPlanColOwner, records.PromoPlanColPlannedFen}, Create: true},
		Open:     kit.Open(records.PromoPlans, "owner = {:user} AND state NOT IN ('closed', 'rejected')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.PromoPlans, "promoPlanCreate", planSaved),
			kit.On(kit.Update, records.PromoPlans, "promoPlanUpdate", planSaved),
		},
	}
}

// planSaved checks the days and names the departments of the accounts.
func planSaved(e *kit.Change[records.PromoPlan]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := market.CheckDays(e.Row.FromDate(), e.Row.ToDate()); err != nil {
		return gate.RefuseField(records.PromoPlanColToDate, domain.CodeOf(err))
	}
	depts, err := deptsOf(e.App, e.Row.Accounts())
	if err != nil {
		return err
	}
	e.Row.SetDepts(depts)
	return e.Next()
}

// planApproval is of the head of market, and of the management if the plan is dear.
func planApproval() kit.Approval {
	return kit.Approval{
		Collection: records.PromoPlanTable,
		Content: []string{
			records.PromoPlanColName, records.PromoPlanColYear, records.PromoPlanColFromDate, records.PromoPlanColToDate, records.PromoPlanColGoal,
			records.PromoPlanColAccounts, records.PromoPlanColTiers, records.PromoPlanColProducts, records.PromoPlanColPlannedFen,
		},
		Title: func(plan *core.Record) string { return records.PromoPlans.Of(plan).Name() },
		Route: func(tx core.App, subject *core.Record) ([]people.ApprovalStep, error) {
			most, err := gate.SettingsNow(tx).PromoPlanExecutiveFen()
			if err != nil {
				return nil, err
			}
			return withManagement([]people.ApprovalStep{ofMarket}, records.PromoPlans.Of(subject).PlannedFen(), most), nil
		},
	}
}

// ofMarket is the head of market's step of a chain.
var ofMarket = people.ApprovalStep{Key: "market", By: people.ByHead}

// withManagement adds the management to the chain of what costs more than an amount.
func withManagement(steps []people.ApprovalStep, fen, most int) []people.ApprovalStep {
	if fen <= most {
		return steps
	}
	return append(steps, people.ApprovalStep{Key: "management", By: people.ByRole, Role: people.RoleExecutive})
}

func planLink(plan records.PromoPlan) string {
	return records.PromoPlanTable + "/" + string(plan.ID())
}

func planGuards(_ context.Context, tx core.App, plan records.PromoPlan) (func(string) bool, error) {
	open, err := records.Activities.Count(tx, "promo_plan = {:p} AND state IN ('submitted', 'approved', 'running', 'ended', 'reported')", dbx.Params{"p": plan.ID()})
	if err != nil {
		return nil, err
	}
	return func(guard string) bool { return guard == market.PlanOpen && open == 0 }, nil
}

// planOutcome says what came of a plan.
type planOutcome struct {
	Outcome string `json:"outcome"`
}

func (s service) closePlan(_ context.Context, _ core.App, plan records.PromoPlan, args planOutcome) error {
	plan.SetOutcome(args.Outcome)
	plan.SetClosedAt(s.Now())
	return nil
}

func (s service) assignPlan(ctx context.Context, tx core.App, plan records.PromoPlan, args assignment) error {
	if err := assign(tx, plan, args.Owner); err != nil {
		return err
	}
	return s.tell(ctx, tx, "promo_plan.assigned", planLink(plan), map[string]any{"name": plan.Name()}, plan.Owner())
}
