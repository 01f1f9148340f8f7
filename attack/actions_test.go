package attack

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// TestActions takes every action on the marked row as everybody, at a desk and by
// his phone, with arguments that say nothing. Who may not read a row is told that
// there is none; who may is let through by testdata/actions.txt, which is written
// by hand, or refused by a code. An action without a line fails.
func TestActions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heads, lines := table(t, "testdata/actions.txt")
	for _, action := range slices.Sorted(maps.Keys(w.Bound.Actions)) {
		cells, ok := lines[action]
		if !ok {
			t.Errorf("testdata/actions.txt has no line %q", action)
			continue
		}
		delete(lines, action)
		may := map[string]bool{}
		for i, head := range heads {
			may[head] = cells[i] == "x"
		}
		for _, column := range columns {
			w.act(action, w.people[column], may[column])
		}
	}
	for label := range lines {
		t.Errorf("the line %q of testdata/actions.txt has no action", label)
	}
	w.count(len(w.Bound.Actions) * len(columns))
}

func (w *world) act(action string, who *person, may bool) {
	w.t.Helper()
	collection, name, _ := strings.Cut(action, ".")
	coll, err := w.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		w.t.Fatal(err)
	}
	id, before := w.rows[collection], w.row(collection)
	what := action + " by " + who.column
	a := w.ask(who, who.token, http.MethodPost, "/api/ka/"+collection+"/"+id+"/"+name, []byte("{}"))
	switch {
	case a.status < 400 && !may:
		w.t.Errorf("%s is done: %d", what, a.status)
	case who.column == "guest" && a.status != http.StatusUnauthorized, who.column == "super" && a.status != http.StatusForbidden:
		w.t.Errorf("%s: %d", what, a.status)
	case who.phone != nil && !w.reads(who.column, collection) && (a.status != http.StatusNotFound || a.code != "record.not_found"):
		w.t.Errorf("%s, who may not read it: %d %s", what, a.status, a.code)
	}
	if a.status != http.StatusBadRequest { // of a row that no rule would have kept, the row's own faults
		w.refused(what, a)
	}
	w.kept(coll, what, before, a.status < 400)
	if who.phone == nil {
		return
	}
	before = w.row(collection)
	w.cells.Add(1)
	got := who.phone.Push(map[string]any{"op": "action", "c": collection, "r": id, "set": map[string]any{}, "action": name})
	w.look(who, "push of "+what, answer{status: got.Code, body: got.Body.String()})
	done := strings.Contains(got.Body.String(), `"applied"`)
	if got.Code != http.StatusOK || done && !may {
		w.t.Errorf("push of %s: %d %.300s", what, got.Code, got.Body)
	}
	w.kept(coll, "push of "+what, before, done)
}

// kept holds the row to what it was, and puts it back after it was changed rightly.
func (w *world) kept(c *core.Collection, what, before string, done bool) {
	w.t.Helper()
	now := w.row(c.Name)
	if now == before {
		return
	}
	if !done {
		w.t.Errorf("%s is refused and changes the row\n%s\n%s", what, before, now)
	}
	if w.as[c.Name] != nil { // all but rep.chen himself
		w.insert(c)
	}
}
