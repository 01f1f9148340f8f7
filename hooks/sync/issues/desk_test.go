package issues_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
	"satchel/syncer"
)

// desk is a person's raw access to a served app, with a registered phone.
type desk struct {
	t       testing.TB
	app     *testapp.App
	server  *httptest.Server
	token   string
	name    string
	device  string
	install string
	cred    string
	n       int64
	cursor  string
	rows    map[string]map[string]any // "collection id" → row
}

// answered is any JSON answer with its status.
type answered struct {
	status int
	body   map[string]any
}

func (a answered) code() string {
	data, _ := a.body["data"].(map[string]any)
	code, _ := data["code"].(string)
	return code
}

func (d *desk) call(method, path string, in any) answered {
	d.t.Helper()
	var body io.Reader
	switch v := in.(type) {
	case nil:
	case string:
		body = strings.NewReader(v)
	default:
		b, err := json.Marshal(v)
		if err != nil {
			d.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, d.server.URL+path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", d.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	out := answered{status: resp.StatusCode}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if len(text) > 0 && text[0] == '{' {
		json.Unmarshal(text, &out.body)
	}
	return out
}

// sit opens a served app as one person, with a registered phone.
func sit(t *testing.T, app *testapp.App, server *httptest.Server, name string) *desk {
	t.Helper()
	d := &desk{t: t, app: app, server: server, name: name, install: "install-" + name, rows: map[string]map[string]any{}}
	d.login()
	return d
}

// login gives the password and registers the phone, as the same if the server knows it.
func (d *desk) login() {
	d.t.Helper()
	d.token = d.app.Token(d.name)
	hello := d.call("POST", "/api/sync/hello", syncer.HelloRequest{Install: d.install, Platform: "test", App: "1", Schema: 1})
	if hello.status != 200 {
		d.t.Fatalf("hello of %s: %+v", d.name, hello)
	}
	d.device, d.cred, d.token = hello.body["device"].(string), hello.body["credential"].(string), hello.body["token"].(string)
}

func serve(t *testing.T, opts ...testapp.Option) (*testapp.App, *httptest.Server) {
	t.Helper()
	app := testapp.New(t, opts...)
	return app, app.Server(t)
}

// mutation builds the next numbered mutation.
func (d *desk) mutation(op, collection, record string, more map[string]any) map[string]any {
	d.n++
	m := map[string]any{"n": d.n, "id": id(fmt.Sprintf("m%dx", d.n)), "op": op, "c": collection, "r": record}
	maps.Copy(m, more)
	return m
}

func (d *desk) push(mutations ...map[string]any) answered {
	d.t.Helper()
	return d.call("POST", "/api/sync/push", map[string]any{"device": d.device, "schema": 1, "cursor": d.cursor, "mutations": mutations})
}

// verdicts lists "status" or "status code" of a push's results.
func (a answered) verdicts() []string {
	var out []string
	results, _ := a.body["results"].([]any)
	for _, r := range results {
		row := r.(map[string]any)
		text := row["status"].(string)
		if code, ok := row["code"].(string); ok {
			text += " " + code
		}
		out = append(out, text)
	}
	return out
}

// id pads a readable name to the form of an id.
func id(name string) string { return (name + "000000000000000")[:15] }

func (d *desk) contact(record, account, name string, more map[string]any) map[string]any {
	m := d.mutation("create", "contacts", record, map[string]any{"set": map[string]any{"account": account, "name": name}})
	for k, v := range more {
		m[k] = v
	}
	return m
}

func (d *desk) visit(account, record string) map[string]any {
	return d.mutation("create", "visits", record, map[string]any{"set": map[string]any{
		"account": account, "type": "unplanned", "state": "planned",
	}})
}

func (d *desk) expect(what string, got answered, verdicts ...string) {
	d.t.Helper()
	if !slices.Equal(got.verdicts(), verdicts) {
		d.t.Errorf("%s: %v, want %v: %+v", what, got.verdicts(), verdicts, got.body)
	}
}

// answer is an action on an issue.
func (d *desk) answer(issue, action string, args map[string]any) map[string]any {
	return d.mutation("action", "sync_issues", issue, map[string]any{"action": action, "args": args})
}

// move gives an account to another rep, as an administrator does.
func move(t *testing.T, app *testapp.App, account, to string) {
	t.Helper()
	record, err := app.FindRecordById("accounts", account)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("owner", app.As(to).Id)
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
}

// setRule changes a sync rule as an administrator does in the dashboard.
func setRule(t *testing.T, app *testapp.App, name string, set map[string]any) error {
	t.Helper()
	rule, err := app.FindFirstRecordByData("sync_rules", "name", name)
	if err != nil {
		t.Fatal(err)
	}
	rule.Load(set)
	return app.Save(rule)
}

// issueOf finds the one issue of a mutation.
func issueOf(t *testing.T, app *testapp.App, m map[string]any) *core.Record {
	t.Helper()
	found, err := app.FindRecordsByFilter("sync_issues", "mutation = {:m} && record = {:r}", "", 0, 0, map[string]any{"m": m["id"], "r": m["r"]})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d issues of %s, %v", len(found), m["id"], err)
	}
	return found[0]
}

func there(t *testing.T, app *testapp.App, collection, name string, want bool) {
	t.Helper()
	if _, err := app.FindRecordById(collection, id(name)); (err == nil) != want {
		t.Errorf("%s %s: there is %v, want %v", collection, name, err == nil, want)
	}
}

func stateIs(t *testing.T, app *testapp.App, m map[string]any, kind, state, code string) *core.Record {
	t.Helper()
	i := issueOf(t, app, m)
	if i.GetString("kind") != kind || i.GetString("state") != state || i.GetString("code") != code {
		t.Errorf("the issue of %s is %s %s %s, want %s %s %s", m["id"], i.GetString("kind"), i.GetString("state"), i.GetString("code"), kind, state, code)
	}
	return i
}

// pull takes what is new.
func (d *desk) pull() {
	d.t.Helper()
	if err := d.app.Bound.Sync.Fold(d.app); err != nil {
		d.t.Fatal(err)
	}
	got := d.app.DoBy(d.token, "POST", "/api/sync/pull", fmt.Sprintf(`{"device":%q,"schema":1,"cursor":%q}`, d.device, d.cursor))
	for text := range strings.Lines(got.Body.String()) {
		var l syncer.Line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			d.t.Fatalf("%s: %v", text, err)
		}
		switch {
		case l.Begin != nil:
		case l.End != nil:
			d.cursor = l.End.Cursor
			return
		case l.X != "":
			delete(d.rows, l.C+" "+l.I)
		default:
			row := map[string]any{"@v": l.V}
			if err := json.Unmarshal(l.R, &row); err != nil {
				d.t.Fatalf("%s: %v", text, err)
			}
			d.rows[l.C+" "+row["id"].(string)] = row
		}
	}
	d.t.Fatalf("a pull without an end: %s", got.Body)
}
