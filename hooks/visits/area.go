// Package visits binds the rules of visits: from the draft to the verdict, with
// their steps, photos, feedback, shelf checks and audits. What speaks against a
// visit is summed in one place, judge; nothing is blocked by it.
package visits

import (
	"time"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
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
			kit.Do(records.Visits, domain.VisitPlan, s.plan),
			kit.Free(kit.Do(records.Visits, domain.VisitCheckIn, s.checkIn)),
			kit.Do(records.Visits, domain.VisitCheckOut, s.checkOut),
			kit.Do(records.Visits, domain.VisitReport, s.report),
			kit.Do(records.Visits, domain.VisitCancel, s.cancel),
			kit.Do(records.Visits, domain.VisitAnswer, s.answer),
			kit.Guarded(records.Visits, kit.Do(records.Visits, domain.VisitReopen, s.reopen), claimed),
			kit.Do(records.Visits, domain.VisitAccept, s.accept),
			kit.Do(records.Visits, domain.VisitQuestion, s.question),
			kit.Do(records.Visits, domain.VisitVoid, s.void),
			kit.Guarded(records.Visits, kit.Do(records.Visits, domain.VisitConfirmVoid, s.confirmVoid), claimed),
			kit.Guarded(records.Visits, kit.Do(records.Visits, domain.VisitRefuseVoid, s.refuseVoid), claimed),
			kit.Do(records.Accounts, "propose_place", s.proposePlace),
			kit.Do(records.AccountPositions, domain.PositionConfirm, s.confirmPosition),
			kit.Do(records.AccountPositions, domain.PositionRefuse, s.refusePosition),
			kit.Do(records.VisitAudits, domain.AuditFinish, s.finishAudit),
			kit.Do(records.VisitAudits, domain.AuditCancel, cancelAudit),
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
