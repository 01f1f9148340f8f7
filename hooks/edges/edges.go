// Package edges is what every request meets before it reaches an area: bodies
// that can be read and kept as they are, and headers that pages of other origins
// may read.
package edges

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/hooks/gate"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	Planted syncer.Planted // a fault, for tests of the tests
}

// Bind registers the area's events.
func Bind(app core.App, cfg Config) {
	app.OnServe().Bind(gate.Named("edges", func(e *core.ServeEvent) error {
		e.Router.Bind(exposed())
		e.Router.Bind(spoken())
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "readableBodies", Priority: apis.DefaultBodyLimitMiddlewarePriority + 5, Func: cfg.readable,
		})
		return e.Next()
	}))
	app.OnRecordValidate().Bind(gate.Named("keepableJSON", cfg.keepable))
}

// exposes are the headers that a page of another origin needs: to go on with a
// cut answer or upload, to wait, and to compare clocks.
var exposes = strings.Join([]string{
	"Date", "ETag", "Content-Location", "Content-Range", "Accept-Ranges", "Retry-After",
	"Location", "Upload-Offset", "Upload-Length", "Upload-Expires", "Upload-Metadata",
	"Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm",
}, ", ")

// exposed runs before PocketBase answers a preflight by itself.
func exposed() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "exposedHeaders", Priority: apis.DefaultCorsMiddlewarePriority - 1,
		Func: func(e *core.RequestEvent) error {
			if strings.HasPrefix(e.Request.URL.Path, "/api/") {
				e.Response.Header().Set("Access-Control-Expose-Headers", exposes)
			}
			return e.Next()
		},
	}
}

// readable refuses a body of JSON that is not, or that could not be kept as it
// is. Sync reads its own, mutation by mutation.
func (c Config) readable(e *core.RequestEvent) error {
	r := e.Request
	carries := r.Method == http.MethodPost || r.Method == http.MethodPatch || r.Method == http.MethodPut
	if !carries || c.Planted == syncer.PlantDepth || r.ContentLength == 0 || strings.HasPrefix(r.URL.Path, "/api/sync/") || !strings.HasPrefix(r.URL.Path, "/api/") ||
		!strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return e.Next()
	}
	problem, err := syncer.ReadableStream(&once{Reader: r.Body})
	if err != nil {
		return err // of the line, or the body is larger than its route takes
	}
	rewind(r.Body)
	if problem != nil {
		return gate.Fail(http.StatusBadRequest, problem.Code, problem.Params)
	}
	return e.Next()
}
