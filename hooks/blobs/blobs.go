// Package blobs gives out the bytes of photos and papers by addresses that live
// for minutes, keeps what is under a hold, and removes what is past its time.
package blobs

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// Config holds what the area takes from outside.
type Config struct {
	Now func() time.Time

	// Head numbers the changes that readers see: while it stands still, so does
	// what anybody may see.
	Head func() int64

	// Session refuses a session of the user that is over.
	Session func(app core.App, user *core.Record, session gate.Session) error
}

// Service is the area's state.
type Service struct {
	cfg   Config
	known admissions
}

// Bind registers the area's routes and its cron.
func Bind(app core.App, cfg Config) *Service {
	s := &Service{cfg: cfg}
	app.OnServe().Bind(gate.Named("blobRoutes", func(e *core.ServeEvent) error {
		e.Router.POST("/api/ka/blobs/sign", s.sign).Bind(apis.RequireAuth(gate.Users))
		// An address is its own proof; whoever comes by it needs no token.
		e.Router.GET("/api/ka/blobs/{id}/{variant}", s.serve).Unbind(apis.DefaultLoadAuthTokenMiddlewareId).Bind(apis.SkipSuccessActivityLog())
		return e.Next()
	}))
	app.OnFileDownloadRequest(collection).Bind(gate.Named("blobOriginals", guardOriginal))
	app.Cron().MustAdd("blobRetention", "41 2 * * *", func() {
		if _, err := s.Retain(context.Background(), app, s.cfg.Now()); err != nil {
			app.Logger().Error("failed to remove bytes that are past their time", "error", err)
		}
	})
	return s
}

// Actions are the area's state changes.
func (s *Service) Actions() gate.Actions {
	return gate.Actions{collection + ".hold": s.hold, collection + ".release": s.release}
}
