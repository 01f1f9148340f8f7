// Package visits binds the rules of visits: from the draft to the verdict, with
// their steps, photos, feedback, shelf checks and audits. What speaks against a
// visit is summed in one place, judge; nothing is blocked by it.
package visits

import (
	"time"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	Routes  gate.Routes    // where feedback may go
	Planted syncer.Planted // a fault, for tests of the tests
}

// service is the area's state.
type service struct {
	now    func() time.Time
	clock  gate.Config
	routes gate.Routes
	plant  syncer.Planted
}

// Area is what visits are.
func Area(cfg Config) kit.Area {
	s := &service{now: cfg.Now, clock: cfg.Config, routes: cfg.Routes, plant: cfg.Planted}
	return kit.Area{
		Name: "visits",
		Collections: []kit.Collection{
			s.visits(), s.steps(), s.checks(), s.feedback(), s.audits(), s.positions(), chain(),
			{Name: records.VisitTemplateTable},
			s.photos(), s.accounts(), s.plans(),
		},
		Actions: []kit.Action{
			kit.Do(records.Visits, field.VisitPlan, s.plan),
			kit.Free(kit.Do(records.Visits, field.VisitCheckIn, s.checkIn)),
			kit.Do(records.Visits, field.VisitCheckOut, s.checkOut),
			kit.Do(records.Visits, field.VisitReport, s.report),
			kit.Do(records.Visits, field.VisitCancel, s.cancel),
			kit.Do(records.Visits, field.VisitAnswer, s.answer),
			kit.Guarded(records.Visits, kit.Do(records.Visits, field.VisitReopen, s.reopen), claimed),
			kit.Do(records.Visits, field.VisitAccept, s.accept),
			kit.Do(records.Visits, field.VisitQuestion, s.question),
			kit.Do(records.Visits, field.VisitVoid, s.void),
			kit.Guarded(records.Visits, kit.Do(records.Visits, field.VisitConfirmVoid, s.confirmVoid), claimed),
			kit.Guarded(records.Visits, kit.Do(records.Visits, field.VisitRefuseVoid, s.refuseVoid), claimed),
			kit.Do(records.Accounts, "propose_place", s.proposePlace),
			kit.Do(records.AccountPositions, field.PositionConfirm, s.confirmPosition),
			kit.Do(records.AccountPositions, field.PositionRefuse, s.refusePosition),
			kit.Do(records.VisitAudits, field.AuditFinish, s.finishAudit),
			kit.Do(records.VisitAudits, field.AuditCancel, cancelAudit),
		},
		Jobs: []gate.Job{
			{Name: "visitsMissed", Schedule: "30 16 * * *", Run: s.missed}, // 00:30 in Shanghai
			{Name: "visitsAutoClose", Schedule: "*/10 * * * *", Run: s.autoClose},
			{Name: "visitAuditSample", Schedule: "0 17 * * *", Run: s.sample}, // 01:00
		},
	}
}

// accounts are others' rows: where one is, is said by proposals.
func (s *service) accounts() kit.Collection {
	return kit.Collection{Name: records.AccountTable, Rules: []kit.Rule{
		kit.On(kit.CreateExecute, records.Accounts, "accountProposed", s.accountProposed),
		kit.On(kit.UpdateExecute, records.Accounts, "accountFenced", s.accountFenced),
	}}
}

// plans are others' rows: an approved one makes visits.
func (s *service) plans() kit.Collection {
	return kit.Collection{Name: records.VisitPlanTable, Rules: []kit.Rule{
		kit.On(kit.UpdateExecute, records.VisitPlans, "visitsOfPlan", s.planApproved),
	}}
}
