// Package plans binds the rules of monthly plans: the manager's plan, the reps'
// visit plans, what is planned in them, how far it got, and why it was missed.
package plans

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Service is the area's state.
type Service struct {
	now   func() time.Time
	clock gate.Config
}

// planMonths is how many months back and ahead somebody plans.
const planMonths = 12

// Bind registers the area's events and crons.
func Bind(app core.App, cfg gate.Config) *Service {
	s := &Service{now: cfg.Now, clock: cfg}
	for _, name := range []string{monthly, visiting} {
		app.OnRecordCreate(name).Bind(gate.Named("planCreate:"+name, gate.Atomic(s.planCreate)))
		app.OnRecordUpdate(name).Bind(gate.Named("planUpdate:"+name, gate.Atomic(s.planUpdate)))
	}
	app.OnRecordCreate(items).Bind(gate.Named("planItemCreate", gate.Atomic(s.itemSave)))
	app.OnRecordUpdate(items).Bind(gate.Named("planItemUpdate", gate.Atomic(s.itemSave)))
	app.OnRecordDelete(items).Bind(gate.Named("planItemDelete", gate.Atomic(s.itemDelete)))
	app.OnRecordCreate(progress).Bind(gate.Named("planProgressCreate", gate.Atomic(s.progressCreate)))
	app.OnRecordUpdate(progress).Bind(gate.Named("planProgressUpdate", gate.Atomic(onlyServer)))
	app.OnRecordCreate(visits).Bind(gate.Named("plannedVisitCreate", gate.Atomic(s.visitSaved)))
	app.OnRecordUpdate(visits).Bind(gate.Named("plannedVisitUpdate", gate.Atomic(s.visitSaved)))
	app.OnRecordUpdateExecute(visits).Bind(gate.Named("plannedVisitCounted", gate.Atomic(s.visitCounted)))
	app.OnRecordDeleteExecute(visits).Bind(gate.Named("plannedVisitGone", gate.Atomic(s.visitCounted)))
	return s
}

// Keeps declares that items go while their plan is written, which is also after
// it came back, and that progress is never changed.
func Keeps() gate.Keeps {
	written := []string{domain.PlanDraft, domain.PlanReturned, domain.PlanRejected}
	return gate.Keeps{visiting: {Parts: written}, monthly: {Parts: written}, progress: {Log: true}}
}

// Actions are the area's state changes beside those of the approval.
func Actions(cfg gate.Config) gate.Actions {
	s := &Service{now: cfg.Now}
	return gate.Actions{
		items + "." + domain.ItemExplain: s.explain,
		items + "." + domain.ItemDrop:    s.drop,
	}
}

func onlyServer(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	return gate.Refuse("plan.locked")
}

// planCreate starts a plan of its owner's; there is one for each month.
func (s *Service) planCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.PlanDraft)
	}
	if !domain.IsMonth(monthOf(e.Record)) {
		return gate.RefuseField(fieldMonth, "plan.month_invalid")
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if this := domain.Month(domain.BusinessDay(s.clock.Arrived(e.Context))); monthOf(e.Record) < domain.AddMonths(this, -planMonths) || monthOf(e.Record) > domain.AddMonths(this, planMonths) {
		return gate.RefuseField(fieldMonth, "plan.month_invalid")
	}
	if stateOf(e.Record) != domain.PlanDraft {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, planFilled...); err != nil {
		return err
	}
	if actor := gate.From(e).Author(); actor != nil {
		if ownerOf(e.Record) == "" {
			e.Record.Set(fieldOwner, actor.Id)
		}
		if ownerOf(e.Record) != actor.Id {
			return gate.Refuse("plan.not_owner")
		}
	}
	owner, err := e.App.FindRecordById(gate.Users, ownerOf(e.Record))
	if err != nil {
		return e.Next() // the relation's own validation refuses it
	}
	role := owner.GetString("role")
	if role != "ka_manager" && (e.Record.Collection().Name == monthly || role != "rep") {
		return gate.Refuse("record.not_allowed")
	}
	taken, err := e.App.CountRecords(e.Record.Collection().Name, dbx.HashExp{fieldOwner: owner.Id, fieldMonth: monthOf(e.Record)})
	if err != nil {
		return err
	}
	if taken > 0 {
		return gate.Refuse("plan.month_taken", "month", monthOf(e.Record))
	}
	setLine(e.Record, owner)
	return e.Next()
}

// planUpdate lets the owner write drafts and what was returned to him.
func (s *Service) planUpdate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, append(planFilled, fieldState, fieldOwner, fieldMonth)...); err != nil {
		return err
	}
	if actor := gate.From(e).Author(); actor != nil && ownerOf(e.Record) != actor.Id {
		return gate.Refuse("plan.not_owner")
	}
	if !domain.PlanEditable(stateOf(e.Record)) && len(gate.Changed(e.Record)) > 0 {
		return gate.Refuse("plan.locked")
	}
	return e.Next()
}

// superior tells whether who acts is over the owner of a plan or an item.
func superior(actor, row *core.Record) bool {
	if actor == nil || actor.Id == ownerOf(row) {
		return false
	}
	head := actor.GetString("role") == "dept_manager" && deptOf(row) != "" && actor.GetString("department") == deptOf(row)
	return actor.Id == managerOf(row) || head
}

// mustPlan asks whether who acts may write the items of a plan: plan.not_owner
// and plan.locked. change tells that he is the superior, and that the plan is
// approved: what he writes changes what was agreed.
func mustPlan(e *core.RecordEvent, plan *core.Record) (change bool, err error) {
	actor := gate.From(e).Author()
	own := actor == nil || actor.Id == ownerOf(plan)
	switch {
	case own && domain.PlanEditable(stateOf(plan)):
		return false, nil
	case own:
		return false, gate.Refuse("plan.locked")
	case !superior(actor, plan):
		return false, gate.Refuse("plan.not_owner")
	case stateOf(plan) != domain.PlanApproved:
		return false, gate.Refuse("plan.locked")
	}
	return true, nil
}

func anyOf(list []string, s string) bool { return slices.Contains(list, s) }
