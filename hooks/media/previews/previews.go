// Package previews answers ?thumb= of PocketBase's file route, for every picture
// of every collection. PocketBase would decode it in the server, by its content's
// type alone: a few kilobytes ask for gigabytes there. Here a process of its own
// makes the preview behind the guard, and keeps it where PocketBase keeps its own,
// so that it goes with its file.
package previews

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/media"
	"satchel/syncer"
)

const (
	// waiting is how many previews one holder waits for at once. A page of the
	// dashboard asks for about as many.
	waiting = 64

	// patience is how long a request waits for its turn and its preview.
	patience = time.Minute

	// last: who may have the file, and whether as it is, is decided before.
	last = 900

	askedKey = "previewAsked"
)

// Config is what the area takes from outside.
type Config struct {
	Now func() time.Time

	// Make is media.Preview of the file at path, in another process. Without it
	// files are served as they are.
	Make func(ctx context.Context, path string, limits media.Limits, size string) ([]byte, error)

	Planted syncer.Planted // a fault, for tests of the tests
}

// service is the area's state.
type service struct {
	cfg     Config
	turns   turns       // one preview is made at a time, beside what else the process does
	places  gate.Places // of requests that wait, by who asks
	refused refusals
}

// Area is how previews are made.
func Area(cfg Config) kit.Area {
	s := &service{cfg: cfg, turns: turns{all: make(chan struct{}, 1), of: map[string]*queue{}}}
	return kit.Area{Name: "previews", Bind: func(app core.App) {
		app.OnServe().Bind(gate.Named("previewRoutes", func(e *core.ServeEvent) error {
			e.Router.Bind(gate.Named("previewAsked", s.asked))
			return e.Next()
		}))
		app.OnFileDownloadRequest().Bind(&hook.Handler[*core.FileDownloadRequestEvent]{Id: "previews", Priority: last, Func: s.download})
	}}
}

// asked takes the size off the request, whatever its route: no handler of
// PocketBase's learns of it.
func (s *service) asked(e *core.RequestEvent) error {
	if e.Request.URL.RawQuery == "" || s.cfg.Planted == syncer.PlantThumbUnguarded {
		return e.Next()
	}
	if query := e.Request.URL.Query(); query.Has("thumb") {
		e.Set(askedKey, query.Get("thumb"))
		query.Del("thumb")
		e.Request.URL.RawQuery = query.Encode()
	}
	return e.Next()
}
