package kit

import (
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks/platform/gate"
)

// Route answers one method of a path. Whoever asks has signed in, as one of the
// company's people unless Who says otherwise.
type Route struct {
	Method, Path string
	Who          *hook.Handler[*core.RequestEvent] // AnyReader, SuperuserOnly, Anyone
	Bind         func(*router.Route[*core.RequestEvent])
	Run          func(e *core.RequestEvent) error
}

// AnyReader lets in people and superusers.
func AnyReader() *hook.Handler[*core.RequestEvent] {
	return apis.RequireAuth(gate.Users, core.CollectionNameSuperusers)
}

// SuperuserOnly lets in superusers alone.
func SuperuserOnly() *hook.Handler[*core.RequestEvent] { return apis.RequireSuperuserAuth() }

// Anyone lets in whoever comes: the route asks by itself, or what is asked for is
// proof enough.
func Anyone() *hook.Handler[*core.RequestEvent] {
	return gate.Named("anyone", func(e *core.RequestEvent) error { return e.Next() })
}

// offer registers the routes of an area.
func (a Area) offer(app core.App) {
	if len(a.Routes) == 0 {
		return
	}
	app.OnServe().Bind(gate.Named("routes of "+a.Name, func(e *core.ServeEvent) error {
		for _, r := range a.Routes {
			who := r.Who
			if who == nil {
				who = apis.RequireAuth(gate.Users)
			}
			route := e.Router.Route(r.Method, r.Path, r.Run).Bind(who)
			if r.Bind != nil {
				r.Bind(route)
			}
		}
		return e.Next()
	}))
}
