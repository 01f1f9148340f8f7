package filters_test

import (
	"context"
	"database/sql"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// world counts the statements that requests cause.
type world struct {
	*testapp.App
	t     *testing.T
	token string
	count atomic.Int64
	cells int
}

func newWorld(t *testing.T) *world {
	w := &world{App: testapp.New(t), t: t}
	w.Settings().Batch.Enabled, w.Settings().Batch.MaxRequests = true, 200
	w.token = w.Token("rep.chen")
	w.Handler()
	for _, db := range []dbx.Builder{w.ConcurrentDB(), w.NonconcurrentDB()} {
		db.(*dbx.DB).QueryLogFunc = func(context.Context, time.Duration, string, *sql.Rows, error) { w.count.Add(1) }
		db.(*dbx.DB).ExecLogFunc = func(context.Context, time.Duration, string, sql.Result, error) { w.count.Add(1) }
	}
	return w
}

// do sends a request and counts its statements.
func (w *world) do(method, path, body string) (*httptest.ResponseRecorder, int64) {
	w.t.Helper()
	before := w.count.Load()
	got := w.DoBy(w.token, method, path, body)
	return got, w.count.Load() - before
}

// refused wants 400 with both texts.
func refused(t *testing.T, what string, got *httptest.ResponseRecorder, code string) {
	t.Helper()
	var said struct {
		Data struct {
			Code string `json:"code"`
			Zh   string `json:"zh"`
			En   string `json:"en"`
		} `json:"data"`
	}
	if err := json.Unmarshal(got.Body.Bytes(), &said); err != nil || got.Code != http.StatusBadRequest || said.Data.Code != code || said.Data.Zh == "" || said.Data.En == "" {
		t.Errorf("%s: %d %s", what, got.Code, got.Body)
	}
}

// tooComplex are queries of each kind that a collection's client may not ask. way
// is a relation that leads back to the collection.
func tooComplex(way string) map[string]url.Values {
	q := func(key, value string) url.Values { return url.Values{key: {value}} }
	times := func(n int, part, by string) string { return strings.TrimSuffix(strings.Repeat(part+by, n), by) }
	return map[string]url.Values{
		"terms":                  q("filter", times(31, "id!='x'", "||")),
		"terms in groups":        q("filter", times(2, "("+times(16, "(id?!='x')", "&&")+")", "||")),
		"functions":              q("filter", times(11, "geoDistance(1,2,3,4)<strftime('%Y',id)", "||")),
		"ways back":              q("filter", times(3, way+".id!=''", "&&")),
		"any of ways back":       q("filter", times(3, way+".id?!=''", "||")),
		"ways back in a row":     q("filter", times(6, way, ".")+".id=''"),
		"ways back on the right": q("filter", times(3, "id="+way+".id:lower", "&&")),
		"ways back in functions": q("filter", "geoDistance("+times(4, way+".id", ",")+")>1"),
		"ways back in a comment": q("filter", times(3, way+".id!='' // &&", "\n&&")),
		"joins":                  q("filter", "a.b.c.d.e.f=''"),
		"joins of many":          q("filter", "a.x=''||b.x=''||c.x=''||d.x=''||e.x=''"),
		"each":                   q("filter", times(5, "a:each=''", "||")),
		"other collections":      q("filter", "@collection.users.id=''||@collection.accounts:x.id=''||@collection.visits.id=''"),
		"length":                 q("filter", "id='"+times(4000, "x", "")+"'"),
		"sort":                   q("sort", times(3, "-"+way+".id", ",")),
		"sort by joins":          q("sort", "a.x,b.x,-c.x,d.x,+e.x"),
		"expand":                 q("expand", times(6, way, ".")),
		"expand of many":         q("expand", times(3, way+".x", ",")),
		"expand as of old":       q("expand", times(3, strings.Replace(way, "_via_", "(", 1)+")", ".")),
		"expand of steps":        q("expand", times(31, "owner", ",")),
		"fields":                 q("fields", times(101, "id", ",")),
		"a sum":                  {"filter": {way + ".id=''"}, "sort": {way + ".id"}, "expand": {way}},
		"the second of two":      {"filter": {"id=''", times(31, "id!='x'", "||")}},
	}
}

// wayBack finds a relation that leads to a collection; one that there is not, if none does.
func wayBack(all []*core.Collection, to *core.Collection) string {
	for _, c := range all {
		for _, f := range c.Fields {
			if r, ok := f.(*core.RelationField); ok && r.CollectionId == to.Id && !r.Hidden {
				return c.Name + "_via_" + r.Name
			}
		}
	}
	return "things_via_it"
}

// TestWhatIsTooComplexIsRefusedBeforeAnySQL at every entrance of every collection:
// nothing is asked of the database but who it is.
func TestWhatIsTooComplexIsRefusedBeforeAnySQL(t *testing.T) {
	w := newWorld(t)
	all, err := w.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	client := subscriptions.NewDefaultClient()
	w.SubscriptionsBroker().Register(client)
	w.do(http.MethodGet, "/api/health", "") // what is read once
	_, identity := w.do(http.MethodGet, "/api/health", "")
	for _, c := range all {
		base := "/api/collections/" + c.Name + "/records"
		for kind, query := range tooComplex(wayBack(all, c)) {
			try := func(entrance, method, path, body string) {
				w.cells++
				got, n := w.do(method, path, body)
				for again := 0; again < 5 && n > identity; again++ { // work in the background counts, too
					got, n = w.do(method, path, body)
				}
				what := fmt.Sprintf("%s at %s of %s", kind, entrance, c.Name)
				refused(t, what, got, "filter.too_complex")
				if n > identity {
					t.Errorf("%s: %d statements, %d of them to know who it is", what, n, identity)
				}
			}
			text := query.Encode()
			try("list", http.MethodGet, base+"?"+text, "")
			main := c.Name == "accounts" || c.Name == "users" || c.Name == "visits"
			if main || kind == "ways back" {
				try("export", http.MethodGet, "/api/ka/export/"+c.Name+"?"+text, "")
			}
			if !main {
				continue // the rest is the same for all
			}
			try("view", http.MethodGet, base+"/x?"+text, "")
			try("create", http.MethodPost, base+"?"+text, "{}")
			try("update", http.MethodPatch, base+"/x?"+text, "{}")
			if c.IsAuth() {
				try("refresh", http.MethodPost, "/api/collections/"+c.Name+"/auth-refresh?"+text, "")
			}
			if kind == "length" {
				continue // PocketBase's own bounds of the two that follow are less
			}
			body, _ := json.Marshal(map[string]any{"requests": []any{
				map[string]any{"method": "POST", "url": base, "body": map[string]any{}},
				map[string]any{"method": "PATCH", "url": base + "/x?" + text, "body": map[string]any{}},
			}})
			try("batch", http.MethodPost, "/api/batch", string(body))
			if kind == "the second of two" {
				continue // options have one of each
			}
			flat := map[string]string{}
			for key := range query {
				flat[key] = query.Get(key)
			}
			options, _ := json.Marshal(map[string]any{"query": flat})
			body, _ = json.Marshal(map[string]any{"clientId": client.Id(), "subscriptions": []string{c.Name + "/*", c.Name + "/*?options=" + url.QueryEscape(string(options))}})
			if len(body) < 2500 {
				try("subscription", http.MethodPost, "/api/realtime", string(body))
			}
		}
	}
	t.Logf("%d cells", w.cells)
}

// TestWhatIsTooMuchTogether: in a batch, and in the subscriptions of a connection,
// of which none is.
func TestWhatIsTooMuchTogether(t *testing.T) {
	w := newWorld(t)
	client := subscriptions.NewDefaultClient()
	w.SubscriptionsBroker().Register(client)
	var requests []any
	for range 3 {
		requests = append(requests, map[string]any{"method": "POST", "url": "/api/collections/visits/records?expand=visit_steps_via_visit", "body": map[string]any{}})
	}
	body, _ := json.Marshal(map[string]any{"requests": requests})
	got, _ := w.do(http.MethodPost, "/api/batch", string(body))
	refused(t, "a batch", got, "filter.too_complex")
	subscribe := func(n int, query string) *httptest.ResponseRecorder {
		var list []string
		for i := range n {
			list = append(list, "accounts/*?options="+url.QueryEscape(fmt.Sprintf(`{"query":{%s},"headers":{"x":"%d"}}`, query, i)))
		}
		body, _ := json.Marshal(map[string]any{"clientId": client.Id(), "subscriptions": list})
		got, _ := w.do(http.MethodPost, "/api/realtime", string(body))
		return got
	}
	refused(t, "301 subscriptions with options", subscribe(301, `"x":"y"`), "filter.too_complex")
	refused(t, "joins of 11", subscribe(11, `"filter":"owner.name!='' && manager.name!='' && owner.manager.name!='' && dept.name!=''"`), "filter.too_complex")
	refused(t, "a way back, which is looked through at every write", subscribe(1, `"filter":"visits_via_account.id!=''"`), "filter.too_complex")
	if got := subscribe(5, `"filter":"owner.name!='' && manager.name!=''","expand":"owner"`); got.Code != http.StatusNoContent {
		t.Errorf("five modest ones: %d %s", got.Code, got.Body)
	}
}

// TestWhatIsModestGoes: up to the bounds, in every collection, and a superuser's beyond them.
func TestWhatIsModestGoes(t *testing.T) {
	w := newWorld(t)
	all, err := w.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.ListRule == nil || c.System {
			continue
		}
		query := url.Values{"filter": {strings.TrimSuffix(strings.Repeat("id!='x'||", 28), "||")}, "sort": {"-id"}, "fields": {"*,expand.x.id"}}
		if got, _ := w.do(http.MethodGet, "/api/collections/"+c.Name+"/records?"+query.Encode(), ""); got.Code != http.StatusOK {
			t.Errorf("%s: %d %s", c.Name, got.Code, got.Body)
		}
	}
	for _, query := range []url.Values{
		{"filter": {"owner.name!='' && owner.id!='' && owner.manager.name!='' && owner.manager.email!='x'"}},
		{"filter": {"visits_via_account.id!='' && contacts_via_account.id!='x'"}},
		{"expand": {"owner,manager,dept,next_owner,visits_via_account,contacts_via_account"}},
	} {
		if got, _ := w.do(http.MethodGet, "/api/collections/accounts/records?"+query.Encode(), ""); got.Code != http.StatusOK {
			t.Errorf("%v: %d %s", query, got.Code, got.Body)
		}
	}
	if got, _ := w.do(http.MethodGet, "/api/ka/export/accounts?filter="+url.QueryEscape("owner.name!='' && name!=''"), ""); got.Code != http.StatusOK {
		t.Errorf("an export: %d %s", got.Code, got.Body)
	}
	w.token = w.SuperuserToken()
	if got, _ := w.do(http.MethodGet, "/api/collections/accounts/records?filter="+url.QueryEscape(strings.Repeat("id!='x'||", 40)+"id!='y'"), ""); got.Code != http.StatusOK {
		t.Errorf("a superuser: %d %s", got.Code, got.Body)
	}
}

var strict = testapp.Hooks(func(c *hooks.Config) { c.Slack = 1 })

// dear has a view of a row that comes at once and of one that needs long, and two
// lists of which one leads to the other, whose rule looks at the view.
func dear(t *testing.T, long int, opts ...testapp.Option) *testapp.App {
	t.Helper()
	app := testapp.New(t, append(opts, strict)...)
	view := core.NewViewCollection("dear")
	view.ViewQuery = `SELECT v.value AS id, CAST(CASE v.value WHEN 'a' THEN 1 ELSE
		(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < (SELECT MAX(n) FROM costs)) SELECT count(*) FROM c) END AS INTEGER) AS n
		FROM json_each('["a","b"]') v`
	open := ""
	view.ListRule, view.ViewRule = &open, &open
	others := core.NewBaseCollection("others")
	rule := "@collection.dear.n ?> 1"
	others.ListRule, others.ViewRule = &open, &rule
	costs := core.NewBaseCollection("costs")
	costs.Fields.Add(&core.NumberField{Name: "n"})
	things := core.NewBaseCollection("things")
	things.ListRule, things.ViewRule = &open, &open
	for _, c := range []*core.Collection{costs, view, others} {
		if err := app.Save(c); err != nil {
			t.Fatal(err)
		}
	}
	things.Fields.Add(&core.RelationField{Name: "other", CollectionId: others.Id, MaxSelect: 1})
	if err := app.Save(things); err != nil {
		t.Fatal(err)
	}
	other, thing, cost := core.NewRecord(others), core.NewRecord(things), core.NewRecord(costs)
	cost.Set("n", long) // not before the view is there, which PocketBase reads when it is made
	for _, r := range []*core.Record{other, thing, cost} {
		if r == thing {
			r.Set("other", other.Id)
		}
		if err := app.Save(r); err != nil {
			t.Fatal(err)
		}
	}
	return app
}

const secondRow = "/api/collections/dear/records?skipTotal=1&filter=n%3E0"

// TestADearSecondRowIsNotWaitedFor, nor is an expand; an answer never lacks what
// there was no time for, and the next one comes.
func TestADearSecondRowIsNotWaitedFor(t *testing.T) {
	app := dear(t, 1_000_000_000_000)
	app.Setting("filter.milliseconds", 100)
	for range 3 {
		refused(t, "a second row", app.Do("rep.chen", http.MethodGet, secondRow, ""), "filter.too_slow")
	}
	if got := app.Do("rep.chen", http.MethodHead, secondRow, ""); got.Code != http.StatusBadRequest {
		t.Errorf("its head alone: %d", got.Code)
	}
	refused(t, "a count", app.Do("rep.chen", http.MethodGet, "/api/collections/dear/records?filter=n%3E0", ""), "filter.too_slow")
	refused(t, "an expand", app.Do("rep.chen", http.MethodGet, "/api/collections/things/records?expand=other", ""), "filter.too_slow")
	refused(t, "an export", app.Do("rep.chen", http.MethodGet, "/api/ka/export/dear?filter=n%3E1", ""), "filter.too_slow")
	app.Setting("filter.milliseconds", 60000)
	if got := app.Do("rep.chen", http.MethodGet, "/api/collections/things/records?filter=id!=''", ""); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"totalItems":1`) {
		t.Errorf("after them: %d %s", got.Code, got.Body)
	}
}

// TestAnEndlessFilterIsNoticed: with the driver's own deadline the second row is
// waited for.
func TestAnEndlessFilterIsNoticed(t *testing.T) {
	effort.Late(t)
	app := dear(t, 300_000, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantFilterEndless }))
	app.Setting("filter.milliseconds", 100)
	for range 20 { // a busy machine may have no time for the first row
		if got := app.Do("rep.chen", http.MethodGet, secondRow, ""); got.Code == http.StatusOK && strings.Contains(got.Body.String(), "300000") {
			return
		}
	}
	t.Error("the second row is not waited for")
}

// TestExportsAreWholeOrNone: where a page is too dear, fewer rows are read at a time.
func TestExportsAreWholeOrNone(t *testing.T) {
	app := testapp.New(t, strict)
	view := core.NewViewCollection("dear")
	view.ViewQuery = `SELECT printf('%03d', v.value) AS id, CAST((WITH RECURSIVE c(x) AS (SELECT v.value UNION ALL SELECT x + 1 FROM c WHERE x < 4000) SELECT count(*) FROM c) AS INTEGER) AS n
		FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]') v`
	open := ""
	view.ListRule, view.ViewRule = &open, &open
	if err := app.Save(view); err != nil {
		t.Fatal(err)
	}
	for ms := 50; ; ms *= 2 {
		app.Setting("filter.milliseconds", ms)
		broken := false
		got := func() *httptest.ResponseRecorder {
			defer func() { broken = recover() == http.ErrAbortHandler }() //nolint:errorlint // it is no error but what was panicked with
			return app.Do("rep.chen", http.MethodGet, "/api/ka/export/dear", "")
		}()
		if broken || got.Code == http.StatusBadRequest && ms < 50000 {
			continue // there was no time
		}
		if lines := strings.Count(got.Body.String(), "\n"); got.Code != http.StatusOK || lines != 1+30+1 {
			t.Errorf("%d with %d lines", got.Code, lines)
		}
		return
	}
}

// large is a company with 30 rows of a MiB each.
func large(t *testing.T, options ...testapp.Option) *testapp.App {
	t.Helper()
	app := testapp.New(t, options...)
	view := core.NewViewCollection("large")
	view.ViewQuery = `SELECT printf('%03d', v.value) AS id, CAST(hex(zeroblob(524288)) AS TEXT) AS n
		FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]') v`
	open := ""
	view.ListRule, view.ViewRule = &open, &open
	if err := app.Save(view); err != nil {
		t.Fatal(err)
	}
	return app
}

// TestLargeRowsAreReadInParts: a list of more bytes than may be is refused before
// it is in memory, a shorter one comes whole, and an export reads fewer at a time.
func TestLargeRowsAreReadInParts(t *testing.T) {
	app := large(t)
	for _, query := range []string{"", "?perPage=1000", "?skipTotal=1", "?fields=id", "?filter=id!=''"} {
		refused(t, query, app.Do("rep.chen", http.MethodGet, "/api/collections/large/records"+query, ""), "filter.too_large")
	}
	if got := app.Do("rep.chen", http.MethodGet, "/api/collections/large/records?perPage=10", ""); got.Code != http.StatusOK || strings.Count(got.Body.String(), `"n":`) != 10 {
		t.Errorf("ten: %d", got.Code)
	}
	if got := app.Do("rep.chen", http.MethodGet, "/api/ka/export/large", ""); got.Code != http.StatusOK || strings.Count(got.Body.String(), "\n") != 1+30+1 { // heads, rows, who took it
		t.Errorf("an export: %d with %d lines", got.Code, strings.Count(got.Body.String(), "\n"))
	}
	skipping := large(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantPageSkipped }))
	if got := skipping.Do("rep.chen", http.MethodGet, "/api/ka/export/large", ""); strings.Count(got.Body.String(), "\n") >= 1+30+1 {
		t.Error("an export that goes on behind a page cut short lacks nothing")
	}
	unweighed := large(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantAnswerUnweighed }))
	if got := unweighed.Do("rep.chen", http.MethodGet, "/api/collections/large/records", ""); got.Code != http.StatusOK {
		t.Errorf("nobody weighs it: %d", got.Code)
	}
}

// TestTenListsAtOnce wait for each other, and none is refused.
func TestTenListsAtOnce(t *testing.T) {
	app := testapp.New(t)
	app.Setting("filter.at_once_per_user", 1)
	token := app.Token("rep.chen")
	app.Handler()
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() {
			if got := app.DoBy(token, http.MethodGet, "/api/collections/accounts/records?expand=owner", ""); got.Code != http.StatusOK {
				t.Errorf("%d %s", got.Code, got.Body)
			}
		})
	}
	wait.Wait()
}
