package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"satchel/internal/testapp"
	"satchel/syncer"
)

// desk is a person's raw access to a served app.
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

	schema   int // of the app; 0 for 1
	maxBytes int // of a page; 0 for all at once
	more     bool
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

// pull takes an answer, checks its form, and applies it.
func (d *desk) pull() (puts, leaves int) {
	d.t.Helper()
	if err := d.app.Bound.Sync.Fold(d.app); err != nil {
		d.t.Fatal(err)
	}
	return d.pullWithoutFold()
}

func (d *desk) pullWithoutFold() (puts, leaves int) {
	d.t.Helper()
	req, _ := http.NewRequest("POST", d.server.URL+"/api/sync/pull",
		strings.NewReader(fmt.Sprintf(`{"device":%q,"schema":%d,"cursor":%q,"max_bytes":%d}`, d.device, max(1, d.schema), d.cursor, d.maxBytes)))
	req.Header.Set("Authorization", d.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/x-ndjson" {
		text, _ := io.ReadAll(resp.Body)
		d.t.Fatalf("pull: %d %s", resp.StatusCode, text)
	}
	var sum uint64
	lines := bufio.NewReader(resp.Body)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			d.t.Fatalf("a pull without an end: %v", err)
		}
		var l syncer.Line
		if err := json.Unmarshal(line, &l); err != nil {
			d.t.Fatalf("%s: %v", line, err)
		}
		switch {
		case l.Begin != nil:
			if l.Begin.Reset {
				d.rows = map[string]map[string]any{}
			}
			continue
		case l.End != nil:
			if l.End.Puts != puts || l.End.Leaves != leaves || l.End.Sum != fmt.Sprintf("%016x", sum) {
				d.t.Fatalf("end %+v after %d puts and %d leaves", l.End, puts, leaves)
			}
			d.cursor, d.more = l.End.Cursor, l.End.More
			return puts, leaves
		case l.X != "":
			leaves++
			delete(d.rows, l.C+" "+l.I)
		default:
			puts++
			var row map[string]any
			json.Unmarshal(l.R, &row)
			row["@v"] = l.V
			d.rows[l.C+" "+row["id"].(string)] = row
		}
		sum += uint64(crc32.ChecksumIEEE(line))
	}
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
	return d.call("POST", "/api/sync/push", map[string]any{"device": d.device, "schema": max(1, d.schema), "cursor": d.cursor, "mutations": mutations})
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

func (d *desk) want(got answered, verdicts ...string) {
	d.t.Helper()
	if got.status != 200 || !slices.Equal(got.verdicts(), verdicts) {
		d.t.Fatalf("got %d %v (%v), want %v", got.status, got.verdicts(), got.body, verdicts)
	}
}
