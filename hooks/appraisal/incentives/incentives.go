// Package incentives binds what follows from a locked cycle (policy 6, R6.7 to R6.11):
// bonus and commission with what is held of them, statements and payroll's list, who may
// be promoted, who is honoured, and how people are developed.
package incentives

import (
	"context"
	"io"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/domain/incentive"
	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config

	Planted  syncer.Planted // a fault, for tests of the tests
	Bases    func(app core.App, person records.UserID) ([]incentive.Base, error)
	Standing func(app core.App, person records.UserID, day string) (gradeSince, left string, err error)
	Reached  func(app core.App, year, dept, seller string) (sales.TargetSales, error)
	Write    func(w io.Writer, format, mark string, heads []string, rows [][]any) error
}

// Service reckons incentives.
type Service struct{ Config }

// New makes the service.
func New(cfg Config) *Service { return &Service{cfg} }

// Area is what incentives are.
func (s *Service) Area() kit.Area {
	own := func(r *router.Route[*core.RequestEvent]) { r.BindFunc(gate.OwnFaults) }
	return kit.Area{
		Name:        "incentives",
		Collections: []kit.Collection{s.plans(), results(), lines(), candidates(), honours(), development()},
		Actions: []kit.Action{
			kit.Do(records.CommissionPlans, incentive.PlanPublish, s.publishPlan),
			kit.Guarded(records.IncentiveResults, kit.Do(records.IncentiveResults, incentive.ResultApprove, s.approve), s.signed),
			kit.Do(records.IncentiveResults, incentive.ResultPay, s.pay),
			kit.DoAny(records.AppraisalCycleTable, "settle", s.settleAction),
			kit.DoAny(records.AppraisalCycleTable, "payroll", s.payroll),
			kit.Do(records.PromotionCandidates, incentive.CandidatePromote, s.promote),
			kit.Guarded(records.PromotionCandidates, kit.Do(records.PromotionCandidates, incentive.CandidateDecline, s.decline), given[records.PromotionCandidate](incentive.CandidateReason)),
			kit.Do(records.Honors, incentive.HonourPublish, s.honour),
			kit.Guarded(records.Honors, kit.Do(records.Honors, incentive.HonourWithdraw, withdraw), given[records.Honor](incentive.HonourReason)),
			kit.Do(records.DevelopmentActions, incentive.DevelopmentPlan, s.plan),
			kit.Do(records.DevelopmentActions, incentive.DevelopmentFinish, finish),
			kit.Do(records.DevelopmentActions, incentive.DevelopmentCancel, finish),
		},
		Jobs: []gate.Job{{Name: "incentives", Schedule: "40 17 * * *", Run: s.settleLocked}}, // 01:40 in Shanghai
		Routes: []kit.Route{
			{Method: http.MethodGet, Path: "/api/ka/incentive_results/{id}/pdf", Bind: own, Run: s.statement},
			{Method: http.MethodGet, Path: "/api/ka/honors/{id}/pdf", Bind: own, Run: s.certificate},
			// ?format=csv|xlsx
			{Method: http.MethodGet, Path: "/api/ka/appraisal_cycles/{id}/payroll", Bind: own, Run: s.payrollList},
		},
	}
}

// because is why something is decided so.
type because struct {
	Reason string `json:"reason"`
}

// given is the guard of a step that wants a reason.
func given[R any](code string) func(context.Context, core.App, R) (func(string) bool, error) {
	return func(ctx context.Context, _ core.App, _ R) (func(string) bool, error) {
		var why because
		if err := gate.Args(kit.StepOf(ctx).Raw, &why); err != nil {
			return nil, err
		}
		return func(guard string) bool { return guard == code && why.Reason != "" }, nil
	}
}

// whose is a row about a person of a department.
type whose interface {
	Person() records.UserID
	Dept() records.DepartmentID
}

// heads makes of who decides on a person the party of heads: the department's manager, and
// the management of him. Nobody decides on himself.
func heads[R whose](ctx context.Context, tx core.App, row R) ([]domain.Party, error) {
	author := gate.Of(ctx).Author()
	if author == nil || author.Id == string(row.Person()) {
		return nil, nil
	}
	person, err := records.Users.Require(tx, row.Person())
	if err != nil {
		return nil, err
	}
	role := records.Users.Of(author).Role()
	if gate.Heads(author, string(row.Dept())) || role == people.RoleExecutive && person.Role() == people.RoleDeptManager {
		return []domain.Party{domain.PartyHead}, nil
	}
	return nil, nil
}

// serverAlone are the rules of rows that this area alone writes.
func serverAlone(collection, name string) []kit.Rule {
	return []kit.Rule{
		{On: kit.Create, Collection: collection, Name: name + "Made", Run: gate.OnlyServer},
		{On: kit.Update, Collection: collection, Name: name + "Steps", Run: gate.OnlyServer},
		{On: kit.Delete, Collection: collection, Name: name + "Stay", Run: gate.OnlyServer},
	}
}

// author is who acts; found is false for our own code.
func author(ctx context.Context) (user records.User, found bool) {
	record := gate.Of(ctx).Author()
	if record == nil {
		return user, false
	}
	return records.Users.Of(record), true
}
