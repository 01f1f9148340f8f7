// Package plans binds the rules of monthly plans: the manager's plan, the reps'
// visit plans, what is planned in them, how far it got, and why it was missed.
package plans

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
	"satchel/records"
)

// service knows the time.
type service struct {
	now   func() time.Time
	clock gate.Config
}

// Area is what plans are.
func Area(cfg gate.Config) kit.Area {
	s := service{now: cfg.Now, clock: cfg}
	return kit.Area{
		Name: "plans",
		Collections: []kit.Collection{
			s.plans(&domain.MonthlyPlanMachine, records.MonthlyPlanColLate),
			s.plans(&domain.VisitPlanMachine, records.VisitPlanColLate),
			s.items(),
			s.progress(),
		},
		Actions: []kit.Action{
			kit.Do(records.PlanItems, domain.ItemExplain, s.explain),
			kit.Do(records.PlanItems, domain.ItemDrop, s.drop),
		},
		Approvals: s.approvals(),
		Jobs: []gate.Job{
			{Name: "plansMonthEnd", Schedule: "20 16 * * *", Run: s.closeMonth}, // 00:20 in Shanghai
			{Name: "plansDue", Schedule: "0 1 * * *", Run: s.remind},            // 09:00
		},
		Bind: s.bindVisits,
	}
}

// bindVisits adds to the rules of visits; they run after the visits' own, which
// fill what these read.
func (s service) bindVisits(app core.App) {
	app.OnRecordCreate(records.VisitTable).Bind(gate.Named("plannedVisitCreate", gate.Atomic(s.visitSaved)))
	app.OnRecordUpdate(records.VisitTable).Bind(gate.Named("plannedVisitUpdate", gate.Atomic(s.visitSaved)))
	app.OnRecordUpdateExecute(records.VisitTable).Bind(gate.Named("plannedVisitCounted", gate.Atomic(s.visitCounted)))
	app.OnRecordDeleteExecute(records.VisitTable).Bind(gate.Named("plannedVisitGone", gate.Atomic(s.visitCounted)))
}
