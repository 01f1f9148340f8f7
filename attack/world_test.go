package attack

import (
	"bytes"
	"encoding/json/v2"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// columns are the roles that attack, by their names in the access matrix: the rep
// whose rows are tried, another of his team, his manager and one of another team.
var columns = []string{"guest", "owner", "peer", "kam", "okam", "fin", "ops", "admin", "super"}

// names of the company's people by column.
var names = map[string]string{
	"owner": "rep.chen", "peer": "rep.he", "kam": "manager.wu", "okam": "manager.xu", "fin": "finance.zhao", "ops": "ops.bai", "admin": "admin.fang",
}

// person is somebody with a desk and a phone.
type person struct {
	column, token string
	phone         *testapp.Phone // nil for who has none
}

// world is a server that people attack, with a marked row of rep.chen's in every collection.
type world struct {
	*testapp.App
	t      *testing.T
	url    string
	routes []string // "METHOD /path"
	people map[string]*person
	rows   map[string]string            // collection → id of its marked row
	may    map[string]map[string]string // collection → column → letters of the matrix
	as     map[string]dbx.Params        // the marked rows as they were written
	cells  atomic.Int64
}

// unread leaves papers alone: what the server reads of one is no change by who attacks.
var unread = testapp.Hooks(func(c *hooks.Config) { c.Invoices.Manual = true })

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{App: testapp.New(t, unread), t: t, people: map[string]*person{}, rows: map[string]string{}, as: map[string]dbx.Params{}}
	w.Settings().RateLimits.Enabled = false // one address asks for all
	if err := w.Save(w.Settings()); err != nil {
		t.Fatal(err)
	}
	w.OnServe().BindFunc(func(e *core.ServeEvent) error {
		err := e.Next()
		w.routes = registered(reflect.ValueOf(e.Router.RouterGroup).Elem(), "")
		slices.Sort(w.routes)
		return err
	})
	w.url = w.Server(t).URL
	w.Cron().Stop() // what the clock does to a row is no change by who attacks
	w.may = matrixOf(t)
	for _, column := range columns {
		p := &person{column: column}
		w.people[column] = p
		switch name := names[column]; {
		case column == "super":
			p.token = w.SuperuserToken()
		case name != "":
			p.token = w.Token(name)
			p.phone = w.Phone(w.Token(name), "attack"+column)
		}
	}
	w.mark()
	return w
}

// registered lists the routes of a group and those below it. The router tells
// nobody, so its lists are read as they lie.
func registered(group reflect.Value, prefix string) (routes []string) {
	if at := group.FieldByName("Prefix"); at.IsValid() {
		children := group.FieldByName("children")
		for i := range children.Len() {
			routes = append(routes, registered(children.Index(i).Elem().Elem(), prefix+at.String())...)
		}
		return routes
	}
	return []string{strings.TrimSpace(group.FieldByName("Method").String() + " " + prefix + group.FieldByName("Path").String())}
}

// tried are the roles that attack in this run.
func tried() []string { return columns[:effort.Times(2, len(columns))] }

// each lets all who attack do a thing at the same time: an answer that finds
// nothing is late on purpose.
func (w *world) each(fn func(who *person)) {
	var all sync.WaitGroup
	for _, column := range tried() {
		all.Go(func() { fn(w.people[column]) })
	}
	all.Wait()
}

// table reads lines of a label and a cell for each column, the first of which
// names the columns.
func table(t *testing.T, path string) (heads []string, lines map[string][]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines = map[string][]string{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case heads == nil:
			heads = words
		case len(words) <= len(heads):
			t.Fatalf("%s: too few cells in %q", path, line)
		default:
			label := strings.Join(words[:len(words)-len(heads)], " ")
			if lines[label] != nil {
				t.Fatalf("%s: two lines %q", path, label)
			}
			lines[label] = words[len(words)-len(heads):]
		}
	}
	return heads, lines
}

// matrixOf is what the access matrix says of a row like the marked one.
func matrixOf(t *testing.T) map[string]map[string]string {
	t.Helper()
	heads, lines := table(t, "../hooks/testdata/access.txt")
	out := map[string]map[string]string{}
	for label, cells := range lines {
		if strings.Contains(label, "(") {
			continue
		}
		out[label] = map[string]string{}
		for i, head := range heads {
			out[label][head] = cells[i]
		}
	}
	return out
}

// reads reports whether somebody may read the marked row of a collection.
func (w *world) reads(column, collection string) bool {
	return strings.ContainsAny(w.may[collection][column], "lv")
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
	code   string // of a refusal
	zh, en string
}

// ask sends a request over the line. headers are name, value, name, value …
func (w *world) ask(who *person, token, method, path string, body []byte, headers ...string) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := noRedirect.Do(req)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err != nil && len(text) == 0 {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(text)}
	if a.status >= 400 {
		var shape struct {
			Data struct {
				Code any    `json:"code"`
				ZH   string `json:"zh"`
				EN   string `json:"en"`
			} `json:"data"`
		}
		_ = json.Unmarshal(text, &shape) // an answer to HEAD has no body
		a.code, _ = shape.Data.Code.(string)
		a.zh, a.en = shape.Data.ZH, shape.Data.EN
	}
	w.cells.Add(1)
	w.look(who, fmt.Sprintf("%s %s as %s", method, path, who.column), a)
	return a
}

var noRedirect = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// look holds every answer to what holds of all: it is no fault of the server's,
// and shows no mark of a row that who asks may not read.
func (w *world) look(who *person, what string, a answer) {
	w.t.Helper()
	if a.status >= 500 {
		w.t.Errorf("%s: %d %.300s", what, a.status, a.body)
	}
	for _, found := range marks(w.unviewed(who, a.body)) {
		if !w.reads(who.column, found) {
			w.t.Errorf("%s shows a row of %s: %.300s", what, found, a.body)
		}
	}
	if strings.Contains(a.body, hidden) && who.column != "super" {
		w.t.Errorf("%s shows a hidden field", what)
	}
}

// unviewed is a text without what views show to somebody of rows that he does not read.
func (w *world) unviewed(who *person, text string) string {
	for view, of := range views {
		if !w.reads(who.column, view) {
			continue
		}
		shown, err := w.FindCachedCollectionByNameOrId(view)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, field := range shown.Fields.FieldNames() {
			text = strings.ReplaceAll(text, markFor(of, field), "")
		}
	}
	return text
}

// refused holds a refusal by a route of ours to its form.
func (w *world) refused(what string, a answer) {
	w.t.Helper()
	if a.status >= 400 && (a.code == "" || a.zh == "" || a.en == "") {
		w.t.Errorf("%s: a refusal without a code and both texts: %d %.300s", what, a.status, a.body)
	}
}

// count prints how many cells there were: fewer than least, and the suite passed
// something over.
func (w *world) count(least int) {
	w.t.Helper()
	w.t.Logf("%d cells", w.cells.Load())
	if int(w.cells.Load()) < least {
		w.t.Errorf("hardly any cell: %d of %d", w.cells.Load(), least)
	}
}

const hidden = "mark-of-a-hidden-field"

var markOf = regexp.MustCompile(`mark-of-row-([a-z_]+)-`)

// marks lists the collections whose marks a text bears.
func marks(text string) (found []string) {
	for _, m := range markOf.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(found, m[1]) {
			found = append(found, m[1])
		}
	}
	return found
}
