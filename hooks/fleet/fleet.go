// Package fleet knows how each phone's syncing goes: figures per device, who
// may see them, and alerts about phones that do not sync.
//
// Figures gather in memory and are written once a minute past PocketBase's
// events, so that no pull writes and nobody's phone is told of them.
package fleet

import (
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

const (
	devices = "sync_devices"
	alerts  = "sync_alerts"

	// staleKey is the setting of the hours after which an unsynced phone is
	// reported.
	staleKey     = "sync.stale_hours"
	defaultStale = 72
	// settle is how long phones have to come back after the server was away,
	// before it reports them.
	settle = time.Hour
)

// Service is the area's state. Safe for concurrent use.
type Service struct {
	now    func() time.Time
	buffer buffer
	since  atomic.Int64 // Unix seconds of when serving began
}

// Bind registers the area's route and events.
func Bind(app core.App, cfg gate.Config) *Service {
	s := &Service{now: cfg.Now}
	app.OnServe().Bind(gate.Named("fleetRoutes", func(e *core.ServeEvent) error {
		s.since.Store(s.now().Unix())
		e.Router.GET("/api/sync/fleet", s.list).
			Unbind(apis.DefaultRateLimitMiddlewareId).
			Bind(apis.RequireAuth(gate.Users, core.CollectionNameSuperusers))
		return e.Next()
	}))
	bindPage(app)
	app.OnTerminate().Bind(gate.Named("fleetFlush", func(e *core.TerminateEvent) error {
		logged(app, "write the fleet's figures", s.Flush(app))
		return e.Next()
	}))
	return s
}

// Jobs are the area's work of the clock.
func (s *Service) Jobs() []gate.Job {
	return []gate.Job{
		{Name: "fleetFlush", Schedule: "* * * * *", Run: func(app core.App, _ time.Time) error { return s.Flush(app) }},
		{Name: "fleetWatch", Schedule: "23 * * * *", Run: s.hourly},
	}
}

// hourly counts anew what changes without the phones, and looks after alerts.
func (s *Service) hourly(app core.App, now time.Time) error {
	if err := s.Flush(app); err != nil {
		return err
	}
	if err := Count(app); err != nil {
		return err
	}
	if now.Sub(time.Unix(s.since.Load(), 0)) < settle {
		return nil
	}
	return Watch(app, now)
}

func logged(app core.App, what string, err error) {
	if err != nil {
		app.Logger().Error("Failed to "+what, "error", err)
	}
}
