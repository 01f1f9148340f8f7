package filters

import (
	"math"
	"net/url"
	"strconv"

	"github.com/ganigeorgiev/fexpr"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"
)

// totalKey keeps the count of a list's rows for the end of its request.
const totalKey = "satchelTotal"

// skipTotal has the rows of a list counted by indexes. PocketBase joins what a rule
// names to each row to count it; here a rule is read for the one who asks, so that
// what does not concern him is not looked at, and ways over a relation are asked once.
// What is not understood PocketBase counts.
func skipTotal(e *core.RequestEvent, query url.Values) {
	if skip, err := strconv.ParseBool(query.Get(search.SkipTotalQueryParam)); query.Get(search.SkipTotalQueryParam) != "" && (err != nil || skip) {
		return
	}
	coll, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	if err != nil || coll.IsView() || coll.ListRule == nil && !e.HasSuperuserAuth() {
		return // PocketBase says why it is none
	}
	if count, ok := countQuery(e.App, coll, e.Auth, query.Get(search.FilterQueryParam)); ok {
		e.Set(totalKey, count)
		query.Set(search.SkipTotalQueryParam, "1")
		e.Request.URL.RawQuery = query.Encode()
	}
}

// fillTotal counts after the page was read.
func fillTotal(e *core.RecordsListRequestEvent) error {
	count, ok := e.Get(totalKey).(*dbx.SelectQuery)
	if !ok || e.Result.TotalItems >= 0 {
		return e.Next()
	}
	if err := count.WithContext(e.Request.Context()).Row(&e.Result.TotalItems); err != nil {
		return err
	}
	e.Result.TotalPages = int(math.Ceil(float64(e.Result.TotalItems) / float64(e.Result.PerPage)))
	return e.Next()
}

// countQuery counts the rows of a collection that somebody may list and that a filter
// lets through; ok is false if it is not understood.
func countQuery(app core.App, coll *core.Collection, who *core.Record, filter string) (query *dbx.SelectQuery, ok bool) {
	if who == nil {
		return nil, false
	}
	r := &reading{app: app, who: who, params: dbx.Params{}}
	all := allOf{}
	if coll.ListRule != nil && *coll.ListRule != "" && !who.IsSuperuser() {
		list, err := fexpr.Parse(*coll.ListRule)
		if err != nil {
			return nil, false
		}
		all = append(all, r.any(coll, list, true))
	}
	if filter != "" {
		if len(filter) > search.MaxFilterLength {
			return nil, false
		}
		list, err := fexpr.Parse(filter)
		if err != nil {
			return nil, false
		}
		all = append(all, r.any(coll, list, false))
	}
	if r.lost {
		return nil, false
	}
	return app.ConcurrentDB().Select("COUNT(*)").From(coll.Name).AndWhere(dbx.NewExp(all.sql(coll), r.params)), true
}
