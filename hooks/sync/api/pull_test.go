package api_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
)

// everybody is one person of every role, and two reps.
var everybody = []string{
	"rep.chen", "rep.he", "rep.ma", "manager.wu", "manager.xu", "director.lin", "finance.zhao", "executive.sun",
	"market.tang", "product.guo", "service.qian", "reviewer.shen", "auditor.jin", "admin.fang",
}

// TestSyncShowsWhatRESTShows: for every person and synced collection, the ids of
// the list API are the ids on the phone; after a move of an account, a change of
// manager and a change of role once more.
func TestSyncShowsWhatRESTShows(t *testing.T) {
	effort.Late(t)
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	chen.want(chen.push(chen.mutation("delete", "products", id("x"), nil)), "rejected collection_read_only") // an issue to see
	var rules []string
	if err := app.DB().NewQuery("SELECT name FROM sync_rules WHERE direction <> 'none' ORDER BY name").Column(&rules); err != nil || len(rules) < 15 {
		t.Fatalf("rules %v, %v", rules, err)
	}
	phones := map[string]*desk{}
	compare := func(when string) {
		t.Helper()
		for _, name := range everybody {
			if phones[name] == nil {
				phones[name] = sit(t, app, server, name)
			}
			d := phones[name]
			d.pull()
			for _, collection := range rules {
				rest := d.listIDs(collection)
				synced := map[string]bool{}
				for key := range d.rows {
					if rest, ok := strings.CutPrefix(key, collection+" "); ok {
						synced[rest] = true
					}
				}
				for row := range rest {
					if !synced[row] {
						t.Errorf("%s: %s sees %s %s by REST and not by sync", when, name, collection, row)
					}
				}
				for row := range synced {
					if !rest[row] {
						t.Errorf("%s: %s sees %s %s by sync and not by REST", when, name, collection, row)
					}
				}
			}
		}
	}
	compare("at first")
	move := app.AccountOf("rep.chen")
	move.Set("owner", app.As("rep.ma").Id)
	he, ma := app.As("rep.he"), app.As("rep.ma")
	he.Set("manager", app.As("manager.xu").Id)
	if err := errorsOf(app.Save(move), app.Save(he)); err != nil {
		t.Fatal(err)
	}
	compare("after the moves")
	ma.Set("role", "finance")
	xu := app.As("manager.xu")
	xu.Set("department", "")
	if err := errorsOf(app.Override(ma), app.Override(xu)); err != nil {
		t.Fatal(err)
	}
	phones["rep.ma"].login() // another role ends what was given before
	compare("after the change of role")
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) listIDs(collection string) map[string]bool {
	d.t.Helper()
	out := map[string]bool{}
	for page := 1; ; page++ {
		got := d.call("GET", fmt.Sprintf("/api/collections/%s/records?perPage=500&skipTotal=1&fields=id&page=%d", collection, page), nil)
		if got.status != 200 {
			d.t.Fatalf("list %s: %+v", collection, got)
		}
		items := got.body["items"].([]any)
		for _, it := range items {
			out[it.(map[string]any)["id"].(string)] = true
		}
		if len(items) < 500 {
			return out
		}
	}
}

func TestPullRefusesBadCursors(t *testing.T) {
	app, server := serve(t)
	chen, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.he")
	chen.pull()
	flip := "A"
	if strings.HasSuffix(chen.cursor, "A") {
		flip = "B"
	}
	for name, cursor := range map[string]string{"tampered": chen.cursor[:len(chen.cursor)-1] + flip, "another device's": he.cursorOf(), "nonsense": "abc"} {
		got := chen.call("POST", "/api/sync/pull", map[string]any{"device": chen.device, "schema": 1, "cursor": cursor})
		if got.status != 400 || got.code() != "cursor_invalid" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, body := range map[string]string{"not JSON": "{", "unknown member": `{"device":"` + chen.device + `","schema":1,"colour":5}`} {
		if got := chen.call("POST", "/api/sync/pull", body); got.status != 400 || got.code() != "body_malformed" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := chen.call("POST", "/api/sync/pull", map[string]any{"device": chen.device, "schema": 0}); got.code() != "schema_invalid" {
		t.Errorf("no schema: %+v", got)
	}
}

func (d *desk) cursorOf() string { d.pull(); return d.cursor }

// TestPullComesCompressedAsAsked reads the same lines by every encoding.
func TestPullComesCompressedAsAsked(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	chen.pull()
	read := func(accept string) (string, []byte) {
		req, _ := http.NewRequest("POST", server.URL+"/api/sync/pull", strings.NewReader(fmt.Sprintf(`{"device":%q,"schema":1}`, chen.device)))
		req.Header.Set("Authorization", chen.token)
		req.Header.Set("Accept-Encoding", accept)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.Header.Get("Content-Encoding"), body
	}
	_, plain := read("identity")
	encoding, packed := read("gzip")
	unzip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil || encoding != "gzip" {
		t.Fatal(encoding, err)
	}
	if text, err := io.ReadAll(unzip); err != nil || !bytes.Equal(text, plain) {
		t.Error("gzip differs", err)
	}
	encoding, packed = read("gzip, zstd;q=0.8, br")
	unpack, err := zstd.NewReader(bytes.NewReader(packed))
	if err != nil || encoding != "zstd" {
		t.Fatal(encoding, err)
	}
	defer unpack.Close()
	if text, err := io.ReadAll(unpack); err != nil || !bytes.Equal(text, plain) {
		t.Error("zstd differs", err)
	}
}

func TestScopeTooLargeNamesTheLargest(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	settings, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	limit := core.NewRecord(settings)
	limit.Load(map[string]any{"key": "sync.max_scope_rows", "value": 10})
	if err := errorsOf(app.Save(limit), app.Bound.Sync.Fold(app)); err != nil {
		t.Fatal(err)
	}
	got := chen.call("POST", "/api/sync/pull", map[string]any{"device": chen.device, "schema": 1})
	params, _ := got.body["data"].(map[string]any)["params"].(map[string]any)
	if got.status != 413 || got.code() != "scope_too_large" || params["limit"] != 10.0 {
		t.Fatalf("%+v", got)
	}
	parts, _ := params["collections"].([]any)
	last := 1e9
	for _, p := range parts {
		part := p.(map[string]any)
		n, err := app.CountRecords(part["name"].(string))
		if err != nil || part["rows"].(float64) > min(last, float64(n)) {
			t.Errorf("%v of %d rows, %v", part, n, err)
		}
		last = part["rows"].(float64)
		for _, text := range []string{"zh", "en"} {
			if !strings.Contains(got.body["data"].(map[string]any)[text].(string), part["name"].(string)) {
				t.Errorf("%s names no %v: %v", text, part["name"], got.body)
			}
		}
	}
	if len(parts) != 3 {
		t.Errorf("%v", parts)
	}
}

// TestRowsOfOneTransactionComeTogether: whoever pulls sees both rows of a
// transaction or none, whatever was folded in between.
func TestRowsOfOneTransactionComeTogether(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	chen.pull()
	account := app.AccountOf("rep.chen").Id
	contacts, err := app.FindCollectionByNameOrId("contacts")
	if err != nil {
		t.Fatal(err)
	}
	err = app.RunInTransaction(func(txApp core.App) error {
		for i := range 2 {
			record := core.NewRecord(contacts)
			record.Load(map[string]any{"account": account, "name": fmt.Sprint("pair ", i)})
			if err := txApp.Save(record); err != nil {
				return err
			}
			if i == 0 { // a pull in the middle of the transaction reads another connection
				if puts, _ := chen.pullWithoutFold(); puts != 0 {
					t.Errorf("%d rows of a transaction that is not over", puts)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if puts, _ := chen.pull(); puts != 2 {
		t.Errorf("%d rows of the pair", puts)
	}
}
