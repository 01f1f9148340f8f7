package incentives

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/incentive"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// plans are what holds of every plan of commission. A draft that says nothing of its rules
// takes the company's settings; nothing else reads those.
func (s *Service) plans() kit.Collection {
	return kit.Collection{
		Name:    records.CommissionPlanTable,
		Machine: &incentive.PlanMachine,
		Parties: kit.Parties(records.CommissionPlans, func(ctx context.Context, _ core.App, row records.CommissionPlan) ([]domain.Party, error) {
			if author := gate.Of(ctx).Author(); author != nil && gate.Heads(author, string(row.Dept())) {
				return []domain.Party{domain.PartyHead}, nil
			}
			return nil, nil
		}),
		Server: []string{records.CommissionPlanColVersion, records.CommissionPlanColPublishedBy, records.CommissionPlanColPublishedAt},
		Once:   []string{records.CommissionPlanColDept},
		Audit:  gate.Audit{Create: true, Fields: []string{records.CommissionPlanColState, records.CommissionPlanColRules, records.CommissionPlanColFromDate}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.CommissionPlans, "commissionPlanCreate", s.planCreated),
			kit.On(kit.Update, records.CommissionPlans, "commissionPlanUpdate", planChecked),
			kit.On(kit.Delete, records.CommissionPlans, "commissionPlanDelete", func(e *kit.Change[records.CommissionPlan]) error {
				if e.Row.State() != incentive.PlanDraft {
					return gate.Refuse("commission_plan.locked")
				}
				return planHead(e)
			}),
		},
	}
}

// planHead refuses a draft to everybody but who heads its department.
func planHead(e *kit.Change[records.CommissionPlan]) error {
	if author := gate.From(e.RecordEvent).Author(); !gate.ByServer(e.RecordEvent) && author != nil && !gate.Heads(author, string(e.Row.Dept())) {
		return gate.Refuse("commission_plan.not_head")
	}
	return e.Next()
}

// planCreated numbers a draft, and fills in the company's rules.
func (s *Service) planCreated(e *kit.Change[records.CommissionPlan]) error {
	last, found, err := records.CommissionPlans.First(e.App, "dept = {:d}", dbx.Params{"d": e.Row.Dept()}, "version DESC")
	if err != nil {
		return err
	}
	e.Row.SetVersion(1)
	if found {
		e.Row.SetVersion(last.Version() + 1)
	}
	rules, err := e.Row.Rules()
	if err != nil {
		return gate.RefuseField(records.CommissionPlanColRules, "commission_plan.value", "field", records.CommissionPlanColRules)
	}
	if len(rules.Tiers) == 0 {
		if rules, err = defaults(e.App); err != nil {
			return err
		}
		e.Row.SetRules(rules)
	}
	return planChecked(e)
}

// planChecked judges a draft's rules and its day.
func planChecked(e *kit.Change[records.CommissionPlan]) error {
	rules, err := e.Row.Rules()
	if err != nil {
		return gate.RefuseField(records.CommissionPlanColRules, "commission_plan.value", "field", records.CommissionPlanColRules)
	}
	if err := rules.Check(); err != nil {
		return gate.WrapError(err)
	}
	if !domain.IsPlausibleDay(e.Row.FromDate()) {
		return gate.RefuseField(records.CommissionPlanColFromDate, "commission_plan.day_invalid")
	}
	return planHead(e)
}

// defaults are the rules that the settings give a new plan.
func defaults(app core.App) (p incentive.Plan, err error) {
	now := gate.SettingsNow(app)
	gateOf, err := now.CommissionGate()
	if err != nil {
		return p, err
	}
	if p.Tiers, err = now.CommissionTiers(); err != nil {
		return p, err
	}
	for _, number := range []struct {
		to   *int
		read func() (int, error)
	}{
		{&p.FloorBP, now.CommissionFloorBp},
		{&p.LowBP, now.CommissionLowBp},
		{&p.HoldDays, now.CommissionHoldDays},
		{&p.ManagerBP, now.CommissionManagerBp},
	} {
		if *number.to, err = number.read(); err != nil {
			return p, err
		}
	}
	if p.PayLate, err = now.CommissionPayLate(); err != nil {
		return p, err
	}
	p.GateBP, p.GateGrade = gateOf.AttainmentBP, gateOf.Grade
	return p, nil
}

// publishPlan puts a plan in force; the one before it is retired.
func (s *Service) publishPlan(ctx context.Context, tx core.App, plan records.CommissionPlan, _ kit.None) error {
	if user, found := author(ctx); found {
		plan.SetPublishedBy(user.ID())
	}
	plan.SetPublishedAt(s.Now())
	before, err := records.CommissionPlans.All(tx, "dept = {:d} AND state = 'published' AND from_date >= {:f} AND id <> {:id}",
		dbx.Params{"d": plan.Dept(), "f": plan.FromDate(), "id": plan.ID()}, "id")
	if err != nil {
		return err
	}
	for _, row := range before { // it would never hold again
		next, err := incentive.PlanMachine.OwnNext(string(row.State()), incentive.PlanReplace)
		if err != nil {
			return gate.WrapError(err)
		}
		row.SetState(records.CommissionPlanState(next))
		if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
			return err
		}
	}
	return nil
}

// planOf is the plan by which a department's commission of a period is reckoned: the last
// that was in force when the period began.
func planOf(app core.App, dept records.DepartmentID, p domain.Period) (plan records.CommissionPlan, rules incentive.Plan, found bool, err error) {
	plan, found, err = records.CommissionPlans.First(app, "dept = {:d} AND state = 'published' AND from_date <= {:f}", dbx.Params{"d": dept, "f": p.From}, "from_date DESC, version DESC")
	if err != nil || !found {
		return plan, rules, false, err
	}
	rules, err = plan.Rules()
	return plan, rules, err == nil, err
}
