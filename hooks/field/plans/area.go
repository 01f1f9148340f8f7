// Package plans binds the rules of monthly plans: the manager's plan, the reps'
// visit plans, what is planned in them, how far it got, and why it was missed.
package plans

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	// Targets reads what the targets in force of a manager and his reps say of a month.
	Targets func(app core.App, manager records.UserID, month string) ([]sales.TargetShare, error)
}

type service struct{ Config }

// Area is what plans are.
func Area(cfg Config) kit.Area {
	s := service{cfg}
	return kit.Area{
		Name: "plans",
		Collections: []kit.Collection{
			s.plans(&field.MonthlyPlanMachine, records.MonthlyPlanColLate),
			s.plans(&field.VisitPlanMachine, records.VisitPlanColLate),
			s.items(),
			s.progress(),
			s.besideVisits(),
			s.besideTargets(),
		},
		Actions: []kit.Action{
			kit.Do(records.PlanItems, field.ItemExplain, s.explain),
			kit.Do(records.PlanItems, field.ItemDrop, s.drop),
		},
		Approvals: s.approvals(),
		Jobs: []gate.Job{
			{Name: "plansMonthEnd", Schedule: "20 16 * * *", Run: s.closeMonth}, // 00:20 in Shanghai
			{Name: "plansDue", Schedule: "0 1 * * *", Run: s.remind},            // 09:00
		},
	}
}

// besideVisits adds to the rules of visits; they run after the visits' own, which
// fill what these read.
func (s service) besideVisits() kit.Collection {
	return kit.Collection{Name: records.VisitTable, Rules: []kit.Rule{
		{On: kit.Create, Collection: records.VisitTable, Name: "plannedVisitCreate", Run: s.visitSaved},
		{On: kit.Update, Collection: records.VisitTable, Name: "plannedVisitUpdate", Run: s.visitSaved},
		{On: kit.UpdateExecute, Collection: records.VisitTable, Name: "plannedVisitCounted", Run: s.visitCounted},
		{On: kit.DeleteExecute, Collection: records.VisitTable, Name: "plannedVisitGone", Run: s.visitCounted},
	}}
}
