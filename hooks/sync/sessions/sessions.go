// Package sessions knows who may come in by what: logins, the phones that they
// register, the tokens and credentials of both, and how all of them end.
//
// A login's token is a person's at a desk until it registers a phone by hello;
// from then on it opens nothing but hello for that phone. The phone goes on with
// tokens that are bound to it, and trades its credential for new ones. What ends
// sessions (a revocation, a new password, another role, a deactivation) changes
// what every one of these is checked by, and closes the ways that are open.
package sessions

import (
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// logins is the table of which phone a login has registered.
const logins = "_sync_login"

// Config holds what the area takes from outside.
type Config struct {
	Now func() time.Time
	// Planted is a fault for tests of the tests.
	Planted syncer.Planted
}

// Engine is what the area asks of the sync engine.
type Engine interface {
	// Keys are the server's secrets.
	Keys(app core.App) (syncer.Keys, error)
	// ForgetKeys is told that they changed.
	ForgetKeys()
	// Greet answers a phone that is registered: what it needs from now on, but
	// for its credential and token.
	Greet(e *core.RequestEvent, device records.SyncDevice) (syncer.HelloResponse, error)
	// Anchor is the server's time, signed for a phone.
	Anchor(app core.App, user string, device records.SyncDeviceID) *syncer.Anchor
	// Spend refuses a request of a kind (LimitHello, LimitToken) with 429 if the user asks too often.
	Spend(e *core.RequestEvent, kind, user string) error
	// Saw is told of a phone that came by.
	Saw(seen gate.Sighting)
}

// Kinds of requests that Engine.Spend counts.
const (
	LimitHello = "hello"
	LimitToken = "token"
)

// Service is the area's state.
type Service struct {
	cfg    Config
	engine Engine
	ways   []gate.Way
}

// New makes the service, which serves once its area is bound and it has been joined.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// Join gives it the engine, and the ways that are closed when a session ends.
func (s *Service) Join(engine Engine, ways ...gate.Way) { s.engine, s.ways = engine, ways }

// Area is who may come in by what, and for how long.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "sessions",
		Collections: []kit.Collection{s.devices(), s.users(), s.changes()},
		Actions: []kit.Action{
			kit.Do(records.SyncDevices, sync.DeviceRevoke, s.revoke),
			kit.DoAny(records.SyncDeviceTable, sync.DeviceRestore, s.restore),
		},
		Jobs: []gate.Job{{Name: "sessionSweep", Schedule: "41 3 * * *", Run: sweep}},
		Bind: s.bind,
	}
}

// bind registers what tokens carry, and the routes.
func (s *Service) bind(app core.App) {
	s.bindTokens(app)
	app.OnServe().Bind(gate.Named("sessionRoutes", func(e *core.ServeEvent) error {
		e.Router.Bind(s.requireOpen())
		phones := e.Router.Group("/api/sync").Unbind(apis.DefaultRateLimitMiddlewareId)
		phones.BindFunc(gate.OwnFaults)
		phones.POST("/hello", s.hello)
		phones.POST("/token", s.token)
		return e.Next()
	}))
}

// Ways lists what is closed when a session ends.
func (s *Service) Ways() []gate.Way { return s.ways }
