package uploads

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain/evidence"
	"satchel/hooks/platform/kit"
)

// routes are those of the protocol. Who asks is a device, which each handler looks at.
func (s *Service) routes() (all []kit.Route) {
	for _, r := range []struct {
		method, path string
		run          func(*core.RequestEvent) error
	}{
		{http.MethodOptions, Path, discover},
		{http.MethodOptions, Path + "/{id}", discover},
		{http.MethodPost, Path, answered(s.create)},
		{http.MethodHead, Path + "/{id}", answered(s.resume(s.tus.HeadFile))},
		{http.MethodPost, Path + "/{id}", s.overridden},
		{http.MethodPatch, Path + "/{id}", answered(s.resume(s.tus.PatchFile))},
		{http.MethodDelete, Path + "/{id}", answered(s.resume(s.tus.DelFile))},
	} {
		all = append(all, kit.Route{Method: r.method, Path: r.path, Who: kit.Anyone(), Bind: s.streams, Run: r.run})
	}
	return all
}

// streams takes PocketBase's limit off a route, which would keep a copy of every
// body in memory; here the announced length bounds it.
func (s *Service) streams(r *router.Route[*core.RequestEvent]) {
	r.Unbind(apis.DefaultBodyLimitMiddlewareId).Bind(protocolHeaders(), s.entrance.before(), s.entrance.after())
}

// protocolHeaders runs before PocketBase answers a preflight by itself, so
// that browsers elsewhere also learn what is offered and may read the answers.
func protocolHeaders() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "uploadProtocol", Priority: apis.DefaultCorsMiddlewarePriority - 1,
		Func: func(e *core.RequestEvent) error {
			h := e.Response.Header()
			h.Set("Tus-Resumable", "1.0.0")
			if kind, _, err := mime.ParseMediaType(e.Request.Header.Get("Content-Type")); err == nil && kind == bytesType {
				e.Request.Header.Set("Content-Type", bytesType) // tusd knows it without parameters only
			}
			if e.Request.Method == http.MethodOptions {
				h.Set("Tus-Version", "1.0.0")
				h.Set("Tus-Extension", extensions)
				h.Set("Tus-Max-Size", strconv.FormatInt(evidence.MaxBlobBytes, 10))
				h.Set("Tus-Checksum-Algorithm", checksumNames)
			}
			return e.Next()
		},
	}
}

// overridden serves a proxy or client that knows no other method than POST.
func (s *Service) overridden(e *core.RequestEvent) error {
	serve := map[string]http.HandlerFunc{http.MethodPatch: s.tus.PatchFile, http.MethodDelete: s.tus.DelFile}
	method := strings.ToUpper(e.Request.Header.Get("X-HTTP-Method-Override"))
	if serve[method] == nil {
		return refuse(http.StatusNotFound, codeUpload)
	}
	e.Request.Method = method
	return answered(s.resume(serve[method]))(e)
}

// discover tells the protocol's extensions; it needs no login, as a browser's
// preflight carries none.
func discover(e *core.RequestEvent) error { return e.NoContent(http.StatusNoContent) }
