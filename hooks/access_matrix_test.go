package hooks_test

import (
	"bytes"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// letters stand for actions in testdata/access.txt.
const letters = "lvcud"

// TestAccessMatrix tries every action on every collection as everybody, and
// compares with testdata/access.txt, which is written by hand. Each line is tried
// as a third of the people only, by turns, unless all is wanted.
func TestAccessMatrix(t *testing.T) {
	m := newMatrix(t)
	columns, lines := readTable(t)
	targets := m.targets()
	tried := map[string]bool{}
	for turn, target := range targets {
		cells, ok := lines[target.label]
		if !ok {
			t.Errorf("testdata/access.txt has no line %q", target.label)
			continue
		}
		delete(lines, target.label)
		if target.only == "" {
			tried[target.collection] = true
		}
		t.Run(target.label, func(t *testing.T) {
			for i, column := range columns {
				if (i+turn)%effort.Times(3, 1) != 0 {
					continue
				}
				if got := m.allowed(t, target, column); got != cells[i] {
					t.Errorf("%s may %s, the table says %s", column, got, cells[i])
				}
			}
		})
	}
	for label := range lines {
		t.Errorf("the line %q of testdata/access.txt has no target", label)
	}
	collections, err := m.app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range collections {
		if !c.System && !tried[c.Name] {
			t.Errorf("collection %s has no line of all actions", c.Name)
		}
	}
}

// readTable returns the columns and, by label, the cells of testdata/access.txt.
func readTable(t *testing.T) (columns []string, lines map[string][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/access.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines = map[string][]string{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case columns == nil:
			columns = words
		case len(words) <= len(columns):
			t.Fatalf("testdata/access.txt: too few cells in %q", line)
		default:
			label := strings.Join(words[:len(words)-len(columns)], " ")
			if lines[label] != nil {
				t.Fatalf("testdata/access.txt: two lines %q", label)
			}
			lines[label] = words[len(words)-len(columns):]
		}
	}
	return columns, lines
}

// matrix tries requests on one app. Changes run in a transaction that is rolled
// back, so that none disturbs the next.
type matrix struct {
	t       *testing.T
	app     *testapp.App
	mux     http.Handler
	at      core.App // what the request that runs is served by
	people  map[string]person
	line    map[string]any // who is responsible for rep.chen's account
	foreign string         // account of rep.ma, who reports to manager.xu
}

// person is a column of the table.
type person struct {
	id, token string
	inactive  bool
}

func newMatrix(t *testing.T, opts ...testapp.Option) *matrix {
	t.Helper()
	m := &matrix{t: t, app: testapp.New(t, opts...)}
	m.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{Id: "testInTransaction", Priority: -1 << 20, Func: func(e *core.RequestEvent) error {
			e.App = m.at
			return e.Next()
		}})
		// What the rules of the collections say is tried, not what is refused before them.
		e.Router.Unbind(gate.SessionMiddleware, gate.BodiesMiddleware)
		return e.Next()
	})
	m.at = m.app.TestApp
	m.mux = m.app.Handler()
	m.people = m.everybody()
	return m
}

// allowed returns the letters of the actions that succeed, "-" for none.
func (m *matrix) allowed(t *testing.T, target target, column string) string {
	t.Helper()
	who, ok := m.people[column]
	if !ok {
		t.Fatalf("nobody is called %q", column)
	}
	if who.inactive {
		m.setActive(who, false)
		defer m.setActive(who, true)
	}
	var out strings.Builder
	for _, letter := range letters {
		if target.only != "" && !strings.ContainsRune(target.only, letter) {
			continue
		}
		if m.try(t, target, letter, who) {
			out.WriteRune(letter)
		}
	}
	if out.Len() == 0 {
		return "-"
	}
	return out.String()
}

func (m *matrix) setActive(who person, active bool) {
	_, err := m.app.DB().Update("users", dbx.Params{"active": active}, dbx.HashExp{"id": who.id}).Execute()
	if err != nil {
		m.t.Fatal(err)
	}
}

// try makes one request and reports whether it got what it asked for.
func (m *matrix) try(t *testing.T, target target, letter rune, who person) bool {
	t.Helper()
	path := "/api/collections/" + target.collection + "/records"
	row := path + "/" + target.id
	switch letter {
	case 'l':
		return m.listed(t, path, target.id, who)
	case 'v':
		return m.send(t, http.MethodGet, row, nil, who).Code == http.StatusOK
	case 'c':
		var body map[string]any
		if target.create != nil {
			body = target.create(who)
		}
		return m.change(t, http.MethodPost, path, body, who)
	case 'u':
		return m.change(t, http.MethodPatch, row, target.update, who)
	}
	return m.change(t, http.MethodDelete, row, nil, who)
}

// listed reads the whole list: a filter that finds nothing is answered late on
// purpose, so that nobody guesses by the clock.
func (m *matrix) listed(t *testing.T, path, id string, who person) bool {
	t.Helper()
	const most = 1000 // rows of an answer
	answer := m.send(t, http.MethodGet, fmt.Sprintf("%s?fields=id&skipTotal=true&perPage=%d", path, most), nil, who)
	if answer.Code != http.StatusOK {
		return false
	}
	var list struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Items) == most {
		t.Fatalf("%s has more rows than one answer holds", path)
	}
	for _, item := range list.Items {
		if item.ID == id {
			return true
		}
	}
	return false
}

// change makes a request whose effects are undone. PocketBase answers a change
// that passed only once it is committed, so what shows here is the lack of a refusal.
func (m *matrix) change(t *testing.T, method, path string, body map[string]any, who person) (passed bool) {
	t.Helper()
	undo := errors.New("undo")
	err := m.app.RunInTransaction(func(txApp core.App) error {
		m.at = txApp
		defer func() { m.at = m.app.TestApp }()
		passed = m.send(t, method, path, body, who).Code < http.StatusBadRequest
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	return passed
}

// send asks the real router. What is refused must be refused in good order.
func (m *matrix) send(t *testing.T, method, path string, body map[string]any, who person) *httptest.ResponseRecorder {
	t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(method, path, bytes.NewReader(text))
	req.Header.Set("Content-Type", "application/json")
	if who.token != "" {
		req.Header.Set("Authorization", who.token)
	}
	rec := httptest.NewRecorder()
	m.mux.ServeHTTP(rec, req)
	if !slices.Contains([]int{200, 400, 403, 404}, rec.Code) {
		t.Errorf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	return rec
}
