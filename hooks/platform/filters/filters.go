// Package filters bounds what a client's filter, sort and expand may cost: by
// their shape before any SQL, by time while they run, and by how many of one user
// run at once. Rules of collections and our own code are not held to it, nor are
// superusers, who have a console for SQL.
package filters

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"satchel/hooks/platform/gate"
	"satchel/internal/store"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	Planted syncer.Planted // a fault, for tests of the tests
	Slack   int            // times that all may take longer than the setting says, for tests of other things on a busy machine; 0 for once
}

// Service is the area's state.
type Service struct {
	cfg   Config
	lines lines // reads of each user
}

// Bind registers the area's events.
func Bind(app core.App, cfg Config) *Service {
	s := &Service{cfg: cfg}
	app.OnServe().Bind(gate.Named("filters", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "filters", Priority: apis.DefaultBodyLimitMiddlewarePriority - 1, Func: s.request, // it is known who asks
		})
		return e.Next()
	}))
	app.OnRecordsListRequest().Bind(gate.Named("totals", fillTotal))
	app.OnBatchRequest().Bind(gate.Named("filtersOfBatch", s.batch))
	app.OnRealtimeSubscribeRequest().Bind(gate.Named("filtersSubscribed", s.subscribe))
	app.OnRecordEnrich().Bind(gate.Named("filtersExpand", s.enrich))
	return s
}

// request holds any request of a client to its shape, and one that reads records
// also to its time and to its user's places. Nobody is answered with rows that
// broke off.
func (s *Service) request(e *core.RequestEvent) error {
	if !strings.HasPrefix(e.Request.URL.Path, "/api/") {
		return e.Next()
	}
	query, free := e.Request.URL.Query(), e.HasSuperuserAuth()
	if !free && asks(query) {
		coll, _ := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
		if err := hold(measure(e.App, coll, query), most); err != nil {
			return err
		}
	}
	_, route, _ := strings.Cut(e.Request.Pattern, " ")
	list := route == "/api/collections/{collection}/records"
	reads := e.Request.Method == http.MethodGet || e.Request.Method == http.MethodHead
	if !reads || !list && (route != "/api/collections/{collection}/records/{id}" || !asks(query)) {
		return e.Next()
	}
	if list {
		skipTotal(e, query)
	}
	if free {
		return whole(e, unbounded)
	}
	return s.inTurn(e, func() error { return whole(e, s.bounded) })
}

// hold refuses more than somebody may ask for.
func hold(asked, most Shape) error {
	if asked.within(most) {
		return nil
	}
	return gate.Refuse("filter.too_complex",
		"backs", asked.Backs, "joins", asked.Joins, "terms", asked.Terms, "fields", asked.Fields,
		"most_backs", most.Backs, "most_joins", most.Joins, "most_terms", most.Terms, "most_fields", most.Fields)
}

// batch holds the requests of a batch to their shape, each and together.
func (s *Service) batch(e *core.BatchRequestEvent) error {
	if e.HasSuperuserAuth() {
		return e.Next()
	}
	var all Shape
	for _, r := range e.Batch {
		u, err := url.Parse(r.URL)
		if err != nil {
			continue // PocketBase takes none that is no address
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/api/collections/"), "/")
		coll, _ := e.App.FindCachedCollectionByNameOrId(name)
		one := measure(e.App, coll, u.Query())
		if err := hold(one, most); err != nil {
			return err
		}
		all = all.plus(one)
	}
	if err := hold(all, mostOfBatch); err != nil {
		return err
	}
	return e.Next()
}

// subscribe holds the options of subscriptions to their shape, each and together.
func (s *Service) subscribe(e *core.RealtimeSubscribeRequestEvent) error {
	if e.HasSuperuserAuth() {
		return e.Next()
	}
	var all Shape
	for _, text := range e.Subscriptions {
		read := subscriptions.NewDefaultClient() // options as PocketBase will read them
		read.Subscribe(text)
		topic, _, _ := strings.Cut(text, "?")
		name, _, _ := strings.Cut(topic, "/")
		coll, _ := e.App.FindCachedCollectionByNameOrId(name)
		for _, options := range read.Subscriptions() {
			query := url.Values{}
			for key, value := range options.Query {
				query.Set(key, value)
			}
			one := measure(e.App, coll, query)
			if err := hold(one, mostOfOne); err != nil {
				return err
			}
			if len(query) > 0 {
				one.Terms++
			}
			all = all.plus(one)
		}
	}
	if err := hold(all, mostSubscribed); err != nil {
		return err
	}
	return e.Next()
}

// enrich bounds the time of a client's expand where the request itself may take
// longer: behind a write, in a batch, at a login, for a subscriber. There a record
// goes without what was not found in time, as without what its reader may not see.
func (s *Service) enrich(e *core.RecordEnrichEvent) error {
	if e.RequestInfo == nil || e.RequestInfo.Query["expand"] == "" || e.RequestInfo.HasSuperuserAuth() ||
		e.RequestInfo.Context == core.RequestInfoContextExpand {
		return e.Next()
	}
	_, err := s.bounded(e.App, context.Background(), e.Next)
	return err
}

// bytesMost is how much the rows of a list, a view or a page of an export may be
// together: an answer takes several times as much of the server's memory.
const bytesMost = 16 << 20

// bounded gives fn, and what it asks of the databases, the time and the bytes of a
// client's filter. If it is cut off, cut says why.
func (s *Service) bounded(app core.App, ctx context.Context, fn func() error) (cut, err error) {
	ms, err := gate.SettingsNow(app).FilterMilliseconds()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(ms*max(1, s.cfg.Slack))*time.Millisecond)
	defer cancel()
	if s.cfg.Planted == syncer.PlantFilterEndless {
		ctx = store.TillFirstRow(ctx)
	}
	most := int64(bytesMost)
	if s.cfg.Planted == syncer.PlantAnswerUnweighed {
		most = math.MaxInt64
	}
	ctx, weight := store.Weighed(ctx, most)
	over, err := store.Within(ctx, fn)
	switch {
	case weight.Over():
		return gate.Refuse("filter.too_large", "limit", bytesMost>>20), err
	case over:
		return gate.Refuse("filter.too_slow"), err
	}
	return nil, err
}

// unbounded is bounded for who has no bound: of rows that broke off he is told.
func unbounded(_ core.App, ctx context.Context, fn func() error) (cut, err error) {
	_, err = store.Within(context.WithoutCancel(ctx), fn)
	return nil, err
}

// Turn carries out what a request reads when its user has a place: as many lists at
// once, and others that take as long, as the setting says.
func (s *Service) Turn(e *core.RequestEvent, fn func() error) error { return s.inTurn(e, fn) }

// Page gives one page of a long answer, such as an export, the time and the bytes
// of a client's filter: refused if they are over. Superusers have no bound.
func (s *Service) Page(e *core.RequestEvent, fn func() error) error {
	within := s.bounded
	if e.HasSuperuserAuth() {
		within = unbounded
	}
	cut, err := within(e.App, e.Request.Context(), fn)
	if cut != nil {
		return cut
	}
	return err
}
