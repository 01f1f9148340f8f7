// Package importexport takes lists in and gives them out: people, accounts and
// contacts from CSV and Excel, with a trial run that names each bad row, and
// every list that somebody may see as CSV or Excel. Both act as who asks, under
// the rules of the collections.
package importexport

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	Head    func() int64 // the last change that phones can see
	Unseen  gate.Unseen
	Page    func(e *core.RequestEvent, read func() error) error // gives each page of an export its time
	Planted syncer.Planted                                      // a fault, for tests of the tests
	// Complete, by collection, fills what a line of a list leaves out of a row, and judges it.
	Complete map[string]func(app core.App, row *core.Record, wrote map[string]any) error
}

// Area is what is imported, and the ways in and out.
func Area(cfg Config) kit.Area {
	s := &service{now: cfg.Now, head: cfg.Head, unseen: cfg.Unseen, page: cfg.Page, planted: cfg.Planted, complete: cfg.Complete, bounds: usual, turns: make(chan struct{}, inAll)}
	if cfg.Planted == syncer.PlantImportUnbounded {
		s.bounds = boundless
	}
	imports, exports := gate.Settings.ImportAtOncePerUser, gate.Settings.ExportAtOncePerUser
	unlimited := func(r *router.Route[*core.RequestEvent]) { r.Bind(apis.BodyLimit(0)) } // receive has the limit, in words
	return kit.Area{
		Name: "importexport",
		Routes: []kit.Route{
			// ?mode=all|rows&dry_run=true, multipart, the field file
			{Method: http.MethodPost, Path: "/api/ka/import/{collection}", Who: kit.AnyReader(), Bind: unlimited, Run: inOffice(mayImport(s.few("import", imports, s.take)))},
			// ?format=csv|xlsx&lang=zh|en: the heads of a list, to be filled in
			{Method: http.MethodGet, Path: "/api/ka/import/{collection}", Who: kit.AnyReader(), Run: inOffice(mayImport(s.template))},
			// {reason}
			{Method: http.MethodPost, Path: "/api/ka/imports/{id}/undo", Who: kit.AnyReader(), Run: inOffice(s.few("import", imports, s.undo))},
			// ?format=csv|xlsx&filter=&lang=zh|en
			{Method: http.MethodGet, Path: "/api/ka/export/{collection}", Who: kit.AnyReader(), Run: inOffice(s.few("export", exports, s.give))},
		},
	}
}

type service struct {
	now     func() time.Time
	head    func() int64
	unseen  gate.Unseen
	page    func(e *core.RequestEvent, read func() error) error
	places  gate.Places // of imports and exports at work, by user
	bounds  bounds
	planted syncer.Planted

	complete map[string]func(app core.App, row *core.Record, wrote map[string]any) error
	turns    chan struct{} // of the imports that have a table in memory
}

// inAll is how many tables are in memory at once; whose file is on the disk waits
// his turn.
const inAll = 2

// comeAgain is when somebody who has as many at work as he may should ask again.
const comeAgain = "10" // seconds

// few carries out only so many at once for each user, before it reads a byte of what he sends.
func (s *service) few(what string, setting func(gate.Settings) (int, error), fn func(e *core.RequestEvent) error) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		most, err := setting(gate.SettingsNow(e.App))
		if err != nil {
			return err
		}
		place, ok := s.places.Open(nil, gate.Share{Of: what + " of " + e.Auth.Id, Most: most})
		if !ok {
			e.Response.Header().Set("Retry-After", comeAgain)
			return gate.Answer(http.StatusTooManyRequests, domain.Problem{Code: what + ".at_once", Params: map[string]any{"limit": most}}, nil)
		}
		defer place.Close()
		return fn(e)
	}
}

// mayImport turns away who may neither make nor change a row of the collection.
func mayImport(fn func(e *core.RequestEvent) error) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		name := e.Request.PathValue("collection")
		l, ok := lists[name]
		switch {
		case !ok:
			return gate.Refuse("import.unknown", "collection", name)
		case !e.Auth.IsSuperuser() && !slices.Contains(l.by, string(records.Users.Of(e.Auth).Role())):
			return gate.Answer(http.StatusForbidden, domain.Problem{Code: "import.not_allowed", Params: map[string]any{"collection": name}}, nil)
		}
		return fn(e)
	}
}

// inOffice turns away whoever is no longer active.
func inOffice(fn func(e *core.RequestEvent) error) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		if !e.Auth.IsSuperuser() && !records.Users.Of(e.Auth).Active() {
			return gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
		}
		return fn(e)
	}
}
