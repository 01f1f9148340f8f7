package attack

import (
	"encoding/json/jsontext"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// personal are the codes by which somebody is refused for who he is, and not for
// the row, its state or his arguments.
var personal = regexp.MustCompile(`\.not_(allowed|superior|owner|party|manager|head|author|approver|line|addressed|auditor|ops|finance|scorer|service|trainer|trainee|yours|concerned|another|management|subject|rater)$|` +
	`^(approval|intel)\.own$|^action\.verify_other$|^review\.owner$|^payee_change\.another_of_finance$`)

// TestActions takes every action on the marked row as everybody, at a desk and by
// his phone, with no arguments and with whole ones. Who may not read a row is told
// that there is none. Whom testdata/actions.txt does not let take the step is told
// that, and nothing of the row or of what he left out; who may take it is told of
// no such thing. An action without a line fails.
func TestActions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heads, lines := table(t, "testdata/actions.txt")
	every := effort.Times(3, 1) // each action is tried by a third of the roles, by turns, while one works
	for turn, action := range slices.Sorted(maps.Keys(w.Bound.Actions)) {
		cells, ok := lines[action]
		if !ok {
			t.Errorf("testdata/actions.txt has no line %q", action)
			cells = make([]string, len(heads))
		}
		delete(lines, action)
		may := map[string]string{}
		for i, head := range heads {
			may[head] = cells[i]
		}
		got := slices.Clone(cells)
		for i, column := range columns {
			if (i+turn)%every > 0 {
				continue
			}
			cell := w.act(action, w.people[column], may[column])
			if at := slices.Index(heads, column); at >= 0 {
				got[at] = cell
			} else if cell != "-" {
				t.Errorf("%s: %s gets %q", action, column, cell)
			}
		}
		if !slices.Equal(got, cells) {
			t.Errorf("%-35s %s\nthe table says %s", action, strings.Join(got, "      "), strings.Join(cells, "      "))
		}
	}
	for label := range lines {
		t.Errorf("the line %q of testdata/actions.txt has no action", label)
	}
	for action := range testapp.Whole {
		if _, ok := w.Bound.Actions[action]; !ok {
			t.Errorf("there are arguments for %q, which is no action", action)
		}
	}
	w.count(len(w.Bound.Actions) * len(columns) / every)
}

// act takes a step and returns its cell: x if it is done, s if only the row, its state
// or something left out is against it, - if who asks may not take it, ! if he may not
// and is told of arguments first.
func (w *world) act(action string, who *person, may string) (cell string) {
	w.t.Helper()
	collection, name, _ := strings.Cut(action, ".")
	coll, err := w.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		w.t.Fatal(err)
	}
	id := w.rows[collection]
	what := action + " by " + who.column
	refusedWith := map[bool]int{} // by whether it was for who he is
	for _, args := range w.argumentsOf(action) {
		before := w.row(collection)
		a := w.ask(who, who.token, http.MethodPost, "/api/ka/"+collection+"/"+id+"/"+name, []byte(args))
		unread := a.status == http.StatusNotFound && a.code == "record.not_found"
		switch {
		case who.column == "guest" && a.status != http.StatusUnauthorized, who.column == "super" && a.status != http.StatusForbidden:
			w.t.Errorf("%s: %d", what, a.status)
		case who.phone != nil && w.reads(who.column, collection) == unread:
			w.t.Errorf("%s, who may read it: %v: %d %s", what, !unread, a.status, a.code)
		}
		if a.status != http.StatusBadRequest { // of a row that no rule would have kept, the row's own faults
			w.refused(what, a)
		}
		if a.status < 400 {
			cell = "x"
		} else {
			refusedWith[who.phone == nil || unread || personal.MatchString(a.code)]++
		}
		w.kept(coll, what, before, a.status < 400)
	}
	if cell == "" {
		switch {
		case refusedWith[false] == 0:
			cell = "-"
		case refusedWith[true] == 0:
			cell = "s"
		default:
			cell = "!"
		}
	}
	if who.phone == nil {
		return cell
	}
	for _, args := range w.argumentsOf(action) {
		before := w.row(collection)
		w.cells.Add(1)
		got := who.phone.Push(map[string]any{"op": "action", "c": collection, "r": id, "action": name, "args": jsontext.Value(args)})
		w.look(who, "push of "+what, answer{status: got.Code, body: got.Body.String()})
		done := strings.Contains(got.Body.String(), `"applied"`)
		if got.Code != http.StatusOK || done && may != "x" {
			w.t.Errorf("push of %s: %d %.300s", what, got.Code, got.Body)
		}
		w.kept(coll, "push of "+what, before, done)
	}
	return cell
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
