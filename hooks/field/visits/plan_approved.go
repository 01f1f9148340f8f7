package visits

import (
	"fmt"

	"github.com/pocketbase/dbx"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// planDevice stands for the plan where others have a phone.
const planDevice = "plan"

// planApproved follows a rep's visit plan: when it is approved, the visits that
// were made for its items are, and those of its days that nobody made yet are
// there for the rep to see.
func (s *service) planApproved(e *kit.Change[records.VisitPlan]) error {
	now, before := e.Row.State(), e.Before().State()
	if err := e.Next(); err != nil || now != field.PlanApproved || before == field.PlanApproved {
		return err
	}
	items, err := records.PlanItems.All(e.App, "visit_plan = {:p} AND kind = 'visit'", dbx.Params{"p": e.Row.ID()}, "")
	if err != nil {
		return err
	}
	owner, err := records.Users.Require(e.App, e.Row.Owner())
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := s.itemApproved(e, owner, item); err != nil {
			return err
		}
	}
	return nil
}

// itemApproved approves the visits of an item, and makes those of its days that
// are missing, as many as it asks for.
func (s *service) itemApproved(e *kit.Change[records.VisitPlan], owner records.User, item records.PlanItem) error {
	made, err := records.Visits.All(e.App, "plan_item = {:i}", dbx.Params{"i": item.ID()}, "")
	if err != nil {
		return err
	}
	days := map[string]bool{}
	for _, visit := range made {
		if visit.State() != field.VisitCancelled {
			days[visit.PlannedDate()] = true
		}
		if err := s.approve(e, visit); err != nil {
			return err
		}
	}
	planned, err := item.Dates()
	if err != nil {
		return err
	}
	for _, day := range planned {
		if days[day] || len(days) >= max(1, item.Qty()) {
			continue
		}
		days[day] = true
		if err := s.makePlanned(e, owner, item, day); err != nil {
			return fmt.Errorf("make a visit of plan item %s: %w", item.ID(), err)
		}
	}
	return nil
}

// makePlanned makes a visit under the rep's own rules: the account may have left
// him since, and then there is none.
func (s *service) makePlanned(e *kit.Change[records.VisitPlan], owner records.User, item records.PlanItem, day string) error {
	visit, err := records.Visits.New(e.App)
	if err != nil {
		return err
	}
	visit.SetAccount(item.Account())
	visit.SetOwner(owner.ID())
	visit.SetType("planned")
	visit.SetPlannedDate(day)
	visit.SetPlanItem(item.ID())
	visit.SetObjective(item.Title())
	err = e.App.SaveWithContext(gate.With(e.Context, gate.Actor{User: owner.Raw(), Device: planDevice}), visit.Raw())
	if _, _, refused := gate.ProblemOf(err); refused {
		return nil
	}
	if err != nil {
		return err
	}
	return s.approve(e, visit)
}

// approve approves a visit, unless it has moved on: what happened needs no
// approval any more.
func (s *service) approve(e *kit.Change[records.VisitPlan], visit records.Visit) error {
	taken, fits := own(visit, field.VisitApprove)
	if !fits {
		return nil
	}
	ctx := contextOf(e.RecordEvent)
	if err := s.done(ctx, e.App, visit, taken); err != nil {
		return err
	}
	return e.App.SaveWithContext(gate.AsServer(ctx), visit.Raw())
}
