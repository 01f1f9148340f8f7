// Package edges is what every request meets before it reaches an area: who it is
// and what his bodies may take, bodies that can be read and kept as they are, a
// disk that cannot be written, headers that pages of other origins may read, what
// a browser may do with an answer, and what a log does not say of it.
package edges

import (
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	Limits  Limits
	Planted syncer.Planted // a fault, for tests of the tests
}

// Deadlines and size of what a line brings before anybody knows who it is.
const (
	headersWithin = 20 * time.Second // a handshake over 2G takes several
	idleLine      = 2 * time.Minute
	headersMost   = 64 << 10 // bytes; the longest filters and tokens take a few thousand
)

// Service is the area's state.
type Service struct {
	cfg    Config
	budget *budget
}

// Ways are the bodies that are being read of a session that was good when they began.
func (s *Service) Ways() []gate.Way { return []gate.Way{{Name: "bodies", End: s.budget.end}} }

// Bind registers the area's events.
func Bind(app core.App, cfg Config) *Service {
	cfg.Limits = cfg.Limits.orUsual()
	s := &Service{cfg: cfg, budget: &budget{now: time.Now, pools: map[string]*pool{}}} //nolint:forbidigo // lines are as fast as they are in real time
	app.OnServe().Bind(gate.Named("edges", func(e *core.ServeEvent) error {
		if e.Server != nil { // tests take the routes alone
			e.Server.ReadHeaderTimeout, e.Server.IdleTimeout, e.Server.MaxHeaderBytes = headersWithin, idleLine, headersMost
			cfg.waits(e.Server)
		}
		e.Router.Bind(exposed())
		e.Router.Bind(spoken())
		e.Router.Bind(remember())
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "lines", Priority: apis.DefaultWWWRedirectMiddlewarePriority - 1, Func: s.receive,
		})
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{ // who asks is known, and whether his session is open
			Id: gate.BodiesMiddleware, Priority: apis.DefaultRateLimitMiddlewarePriority - 1, Func: s.weigh,
		})
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "storage", Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 1, Func: stored,
		})
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "readableBodies", Priority: apis.DefaultBodyLimitMiddlewarePriority + 5, Func: cfg.readable,
		})
		if err := e.Next(); err != nil { // the last of all makes what answers
			return err
		}
		if e.Server != nil && e.Server.Handler != nil {
			e.Server.Handler = cfg.held(e.Server.Handler)
		}
		return nil
	}))
	app.OnRecordValidate().Bind(gate.Named("keepableJSON", cfg.keepable))
	app.OnModelCreate(core.LogsTableName).Bind(gate.Named("discreetLog", cfg.discreet))
	return s
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
// is, and a form that holds such. Sync reads its own, mutation by mutation.
func (c Config) readable(e *core.RequestEvent) error {
	r := e.Request
	carries := r.Method == http.MethodPost || r.Method == http.MethodPatch || r.Method == http.MethodPut
	if !carries || c.Planted == syncer.PlantDepth || r.ContentLength == 0 || strings.HasPrefix(r.URL.Path, "/api/sync/") || !strings.HasPrefix(r.URL.Path, "/api/") {
		return e.Next()
	}
	var problem *syncer.Problem
	var err error
	switch kind := r.Header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "application/json"):
		problem, err = syncer.ReadableStream(&once{Reader: r.Body})
	case (strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "application/x-www-form-urlencoded")) && !strings.HasPrefix(r.URL.Path, "/api/ka/import/"): // that keeps nothing of it in memory
		problem, err = readableForm(r)
	default:
		return e.Next()
	}
	if err != nil {
		return err // of the line, or the body is larger than its route takes
	}
	rewind(r.Body)
	if problem != nil {
		return gate.Fail(http.StatusBadRequest, problem.Code, problem.Params)
	}
	return e.Next()
}
