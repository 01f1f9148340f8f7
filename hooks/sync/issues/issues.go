// Package issues keeps what was refused or overruled of the work of phones
// until somebody answers: it is resubmitted, discarded or acknowledged, or a value
// is chosen. What waited for an answer goes on after it.
package issues

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config holds what the area takes from outside.
type Config struct {
	Now func() time.Time
	// Member lets an active member of the company pass, at a desk or by a phone.
	Member func(e *core.RequestEvent) error
	// Planted is a fault for tests of the tests.
	Planted syncer.Planted
}

// Engine is what the area asks of the sync engine.
type Engine interface {
	// Keys are the server's secrets.
	Keys(app core.App) (syncer.Keys, error)
	// SeenBy reads the cursor that a phone held; one that cannot be read proves nothing.
	SeenBy(app core.App, device, text string) (syncer.Cursor, error)
	// Commit runs a job in a transaction with a session on it, and returns after its
	// commit. A *syncer.Problem of the job comes before it has written anything.
	Commit(app core.App, job func(tx core.App, session *syncer.Session) error) error
	// Begin opens a session in a transaction that is under way, and Publish tells the
	// phones after its commit.
	Begin(tx core.App) (*syncer.Session, error)
	Publish(app core.App, session *syncer.Session) error
	// Applier carries out work anew.
	Applier(ctx context.Context, tx core.App, w Work) syncer.Applier
}

// Work is what somebody captured, as the server heard of it.
type Work struct {
	User   *core.Record  // whose it is
	Device syncer.Device // that captured it, with what it had seen
	Kept   time.Time     // when the server first heard of it
	Sent   time.Time     // what the phone's clock said then; zero if unknown

	By        *core.Record // who stands in for the user; nil if he answers himself
	Corrected bool         // it is said only now
	Run       *Run         // that it is carried out in
}

// Service is the area's state.
type Service struct {
	cfg    Config
	engine Engine
	app    core.App
}

// New makes the service, which answers once its area is bound and it has been joined.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// Join gives it the engine.
func (s *Service) Join(engine Engine) { s.engine = engine }

// Area is what becomes of refused work. Answers run in a push, or in a transaction
// of their own for whoever sits at a desk.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "issues",
		Collections: []kit.Collection{{Name: records.SyncIssueTable, Machine: &sync.IssueMachine}},
		Actions: []kit.Action{
			kit.DoAny(records.SyncIssueTable, sync.IssueResubmit, s.resubmit),
			kit.DoAny(records.SyncIssueTable, sync.IssueDiscard, s.discard),
			kit.DoAny(records.SyncIssueTable, sync.IssueAcknowledge, s.acknowledge),
			kit.DoAny(records.SyncIssueTable, sync.IssueChoose, s.choose),
		},
		Bind: s.bind,
	}
}

func (s *Service) bind(app core.App) {
	s.app = app
	app.OnServe().Bind(gate.Named("syncIssueRoutes", func(e *core.ServeEvent) error {
		phones := e.Router.Group("/api/sync").Unbind(apis.DefaultRateLimitMiddlewareId)
		phones.BindFunc(gate.OwnFaults)
		phones.GET("/issues/summary", s.summary)
		return e.Next()
	}))
}
