// Package files gives out the bytes of photos and papers by addresses that live
// for minutes, keeps what is under a hold, and removes what is past its time.
package files

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
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

// New makes the area's state.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// Area is what bytes are to those who read them.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name: "files",
		Actions: []kit.Action{
			kit.Do(records.Blobs, "hold", s.hold),
			kit.Do(records.Blobs, "release", s.release),
		},
		Jobs: []gate.Job{{Name: "blobRetention", Schedule: "41 2 * * *", Run: func(ctx context.Context, app core.App, now time.Time) error {
			_, err := s.Retain(ctx, app, now)
			return err
		}}},
		Routes: []kit.Route{
			{Method: http.MethodPost, Path: "/api/ka/blobs/sign", Run: s.sign},
			{Method: http.MethodGet, Path: "/api/ka/blobs/{id}/{variant}", Who: kit.Anyone(), Bind: proven, Run: s.serve},
		},
		Bind: func(app core.App) {
			app.OnFileDownloadRequest(records.BlobTable).Bind(gate.Named("blobOriginals", guardOriginal))
		},
	}
}

// proven: an address is its own proof; whoever comes by it needs no token.
func proven(r *router.Route[*core.RequestEvent]) {
	r.Unbind(apis.DefaultLoadAuthTokenMiddlewareId).Bind(apis.SkipSuccessActivityLog())
}
