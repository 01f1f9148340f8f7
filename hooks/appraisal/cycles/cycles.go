// Package cycles binds appraisals (policy 6(2), R6.2 to R6.4 and R6.6): cycles that the
// clock opens, what is counted of people at cut-off, the forms that they and their
// superiors rate, the composite with its trace, calibration, publication, confirmation,
// appeal, lock and reopening.
package cycles

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what the area asks of others. Customers, Employed, Settle, Money and the
// three that are told of results may be nil.
type Config struct {
	gate.Config
	Figures Figures
	// Schemes are those in force for a kind of cycle in a department, one a role.
	Schemes func(app core.App, kind string, dept records.DepartmentID) ([]appraisal.Snapshot, error)
	// Draft is a version of a scheme, whatever its state.
	Draft func(app core.App, id string) (snapshot appraisal.Snapshot, found bool, err error)
	// Employed are the days on which somebody was employed; none if nobody knows.
	Employed func(app core.App, user records.UserID) ([]appraisal.Span, error)
	// Customers are the answers about somebody in a cycle; no account of them is ever shown.
	Customers func(app core.App, cycle records.AppraisalCycleID, subject records.UserID) ([]appraisal.Answer, error)
	// Settle settles the deductions of penalties that a locked appraisal took.
	Settle func(ctx context.Context, tx core.App, owner records.UserID, p domain.Period) error
	// Money is what a result of an appraisal's cycle is worth; not known without a base.
	Money func(app core.App, of records.Appraisal, result appraisal.Result) (fen int, known bool, err error)
	// Published, Locked and Reopened are told of a result in the transaction of the step.
	Published, Locked, Reopened func(ctx context.Context, tx core.App, of records.Appraisal) error
}

// Figures is what the analysis counts.
type Figures struct {
	Each   func(ctx context.Context, app core.App, key string, p domain.Period, by analysis.Dimension, only []string, give func(analysis.Line)) error
	Page   func(app core.App, reader records.User, key string, p domain.Period, by analysis.Dimension, id, after string, limit int) ([]analysis.Line, error)
	Since  func(app core.App, key string, p domain.Period, by analysis.Dimension, ids []string) ([]analysis.Line, error)
	Frozen func(app core.App, p domain.Period) (bool, error)
	Tells  func(role, key string) bool
}

// Service appraises.
type Service struct {
	cfg Config

	mu        sync.Mutex
	reckoners map[string]*appraisal.Reckoner // by cycle and role: a cycle keeps its schemes
}

// New makes the service.
func New(cfg Config) *Service {
	return &Service{cfg: cfg, reckoners: map[string]*appraisal.Reckoner{}}
}

// Area is what appraisals are.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name: "appraisals",
		Collections: []kit.Collection{
			s.cycles(), s.appraisals(), s.ratings(),
			{Name: records.UserTable, Rules: []kit.Rule{kit.On(kit.UpdateExecute, records.Users, "userAppraisals", s.moved)}},
		},
		Actions: []kit.Action{
			kit.Do(records.AppraisalCycles, appraisal.CycleAdvance, s.advance),
			kit.Do(records.AppraisalCycles, appraisal.CyclePublish, s.publish),
			kit.Do(records.AppraisalRatings, appraisal.RatingSubmit, s.submit),
			kit.Do(records.Appraisals, appraisal.StepCalibrate, s.calibrate),
			kit.Do(records.Appraisals, appraisal.StepConfirm, s.confirm),
			kit.Do(records.Appraisals, appraisal.StepAppeal, s.appeal),
			kit.Do(records.Appraisals, appraisal.StepDecide, s.decide),
			kit.Do(records.Appraisals, appraisal.StepReopen, s.reopen),
			kit.Do(records.Appraisals, "discuss", s.discuss),
			kit.Do(records.Appraisals, "interview", s.interview),
			kit.Do(records.Appraisals, "republish", s.republish),
		},
		Jobs: []gate.Job{{Name: "appraisals", Schedule: "11 18 * * *", Run: s.run}}, // 02:11 in Shanghai, after months are frozen
		Routes: []kit.Route{
			{Method: http.MethodGet, Path: "/api/ka/appraisals/{id}/trace", Run: s.answerTrace},
			{Method: http.MethodGet, Path: "/api/ka/appraisals/{id}/records", Run: s.answerRecords},
			{Method: http.MethodGet, Path: "/api/ka/appraisals/{id}/corrections", Run: s.answerCorrections},
			{Method: http.MethodGet, Path: "/api/ka/appraisal_cycles/{id}/dry_run", Run: s.answerDryRun},
		},
	}
}

// run does what is due: cycles of the period that is over, then each one's next step.
func (s *Service) run(ctx context.Context, app core.App, now time.Time) error {
	if err := s.open(ctx, app, now); err != nil {
		return err
	}
	if err := s.advanceAll(ctx, app, now); err != nil {
		return err
	}
	return s.endWindows(ctx, app, now)
}
