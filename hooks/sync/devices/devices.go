// Package devices knows how each phone's syncing goes: figures per device, who
// may see them, and alerts about phones that do not sync.
//
// Figures gather in memory and are written once a minute past PocketBase's
// events, so that no pull writes and nobody's phone is told of them.
package devices

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
)

// settle is how long phones have to come back after the server was away, before
// it reports them.
const settle = time.Hour

// Service is the area's state. Safe for concurrent use.
type Service struct {
	now    func() time.Time
	buffer buffer
	since  atomic.Int64 // Unix seconds of when serving began
}

// New makes the area's state.
func New(cfg gate.Config) *Service { return &Service{now: cfg.Now} }

// Area is what is known of phones' syncing.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name: "devices",
		Jobs: []gate.Job{
			{Name: "fleetFlush", Schedule: "* * * * *", Run: func(_ context.Context, app core.App, _ time.Time) error { return s.Flush(app) }},
			{Name: "fleetWatch", Schedule: "23 * * * *", Run: s.hourly},
		},
		Routes: []kit.Route{{
			Method: http.MethodGet, Path: "/api/sync/fleet", Who: kit.AnyReader(), Run: s.list,
			Bind: func(r *router.Route[*core.RequestEvent]) { r.Unbind(apis.DefaultRateLimitMiddlewareId) },
		}},
		Bind: s.bind,
	}
}

// bind notes when serving begins, adds the dashboard's page, and writes what was
// seen before the process ends.
func (s *Service) bind(app core.App) {
	app.OnServe().Bind(gate.Named("fleetServed", func(e *core.ServeEvent) error {
		s.since.Store(s.now().Unix())
		if err := addPage(e); err != nil {
			return err
		}
		return e.Next()
	}))
	app.OnTerminate().Bind(gate.Named("fleetFlush", func(e *core.TerminateEvent) error {
		if err := s.Flush(app); err != nil {
			app.Logger().Error("Failed to write the fleet's figures", "error", err)
		}
		return e.Next()
	}))
}

// hourly counts anew what changes without the phones, and looks after alerts.
func (s *Service) hourly(_ context.Context, app core.App, now time.Time) error {
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
