package plans

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// planMonths is how many months back and ahead somebody plans.
const planMonths = 12

// plan is a row of either collection of plans.
type plan struct {
	row
	state string
}

type row interface {
	kit.Whose
	Month() string
	SetLate(bool)
	Raw() *core.Record
}

func planIn(record *core.Record) plan {
	if record.Collection().Name == records.MonthlyPlanTable {
		row := records.MonthlyPlans.Of(record)
		return plan{row, string(row.State())}
	}
	row := records.VisitPlans.Of(record)
	return plan{row, string(row.State())}
}

// ofMonth reports whether it is a manager's plan, for all his team.
func (p plan) ofMonth() bool { return p.Raw().Collection().Name == records.MonthlyPlanTable }

// items are what is planned in it.
func (p plan) items(app core.App) ([]records.PlanItem, error) {
	where := "visit_plan = {:p}"
	if p.ofMonth() {
		where = "monthly_plan = {:p}"
	}
	return records.PlanItems.All(app, where, dbx.Params{"p": p.Raw().Id}, "id")
}

// planOf finds the plan of an item.
func planOf(app core.App, item records.PlanItem) (plan, bool, error) {
	if item.VisitPlan() != "" {
		row, found, err := records.VisitPlans.Find(app, item.VisitPlan())
		if err != nil || !found {
			return plan{}, false, err
		}
		return planIn(row.Raw()), true, nil
	}
	row, found, err := records.MonthlyPlans.Find(app, item.MonthlyPlan())
	if err != nil || !found {
		return plan{}, false, err
	}
	return planIn(row.Raw()), true, nil
}

// plans is either collection of plans. Items go while their plan is written,
// which is also after it came back.
func (s service) plans(machine *domain.Machine, late string) kit.Collection {
	name := machine.Collection
	server := []string{late}
	if name == records.MonthlyPlanTable {
		server = append(server, records.MonthlyPlanColTargets)
	}
	return kit.Collection{
		Name:     name,
		Machine:  machine,
		Personal: &kit.Personal{Stranger: "plan.not_owner"},
		Server:   server,
		Once:     []string{records.VisitPlanColMonth},
		Audit:    gate.Audit{Fields: []string{machine.StateField()}},
		Keep:     &gate.Keep{Parts: machine.Editable()},
		Rules: []kit.Rule{
			{On: kit.Create, Collection: name, Name: "planCreate:" + name, Run: s.planCreate},
			{On: kit.Update, Collection: name, Name: "planUpdate:" + name, Run: planUpdate},
		},
	}
}

// planCreate starts a plan of a month that people plan now; there is one for each.
func (s service) planCreate(e *core.RecordEvent) error {
	p := planIn(e.Record)
	if !field.IsMonth(p.Month()) {
		return gate.RefuseField(records.VisitPlanColMonth, "plan.month_invalid")
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if this := domain.Month(domain.BusinessDay(s.Arrived(e.Context))); p.Month() < field.AddMonths(this, -planMonths) || p.Month() > field.AddMonths(this, planMonths) {
		return gate.RefuseField(records.VisitPlanColMonth, "plan.month_invalid")
	}
	owner, found, err := records.Users.Find(e.App, p.Owner())
	if err != nil {
		return err
	}
	if !found {
		return e.Next() // the relation's own validation refuses it
	}
	if owner.Role() != "ka_manager" && (p.ofMonth() || owner.Role() != "rep") {
		return gate.Refuse("record.not_allowed")
	}
	taken, err := e.App.CountRecords(e.Record.Collection().Name, dbx.HashExp{records.VisitPlanColOwner: owner.ID(), records.VisitPlanColMonth: p.Month()})
	if err != nil {
		return err
	}
	if taken > 0 {
		return gate.Refuse("plan.month_taken", "month", p.Month())
	}
	if p.ofMonth() {
		if err := s.takeTargets(e.App, records.MonthlyPlans.Of(e.Record)); err != nil {
			return err
		}
	}
	return e.Next()
}

// planUpdate lets the owner write drafts and what was returned to him.
func planUpdate(e *core.RecordEvent) error {
	if !gate.ByServer(e) && !field.PlanEditable(planIn(e.Record).state) && gate.HasChanged(e.Record) {
		return gate.Refuse("plan.locked")
	}
	return e.Next()
}

// mustPlan asks whether who acts may write the items of a plan: plan.not_owner
// and plan.locked. change tells that he is the superior, and that the plan is
// approved: what he writes changes what was agreed.
func mustPlan(e *core.RecordEvent, p plan) (change bool, err error) {
	author := gate.From(e).Author()
	own := author == nil || author.Id == string(p.Owner())
	switch {
	case own && field.PlanEditable(p.state):
		return false, nil
	case own:
		return false, gate.Refuse("plan.locked")
	case !kit.Superior(author, p):
		return false, gate.Refuse("plan.not_owner")
	case p.state != field.PlanApproved:
		return false, gate.Refuse("plan.locked")
	}
	return true, nil
}
