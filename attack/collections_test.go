package attack

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
)

// TestCollections: everybody reads the marked row of every collection in all ways
// that there are, and changes what he may not change.
func TestCollections(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all, err := w.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(c *core.Collection) bool { return c.System })
	for _, c := range all {
		if w.may[c.Name] == nil || w.rows[c.Name] == "" {
			t.Fatalf("collection %s is not spoken of", c.Name)
		}
	}
	if every := effort.Times(12, 1); every > 1 { // some of them, while one works
		few := all[:0:0]
		for i := 0; i < len(all); i += every {
			few = append(few, all[i])
		}
		all = few
	}
	for some := range slices.Chunk(all, 12) {
		var reads sync.WaitGroup
		for _, c := range some {
			reads.Go(func() { w.each(func(who *person) { w.read(c, who) }) })
		}
		reads.Wait()
	}
	for _, c := range all {
		for _, column := range tried() {
			w.change(c, w.people[column])
		}
	}
	w.count(len(all) * len(tried()) * 10)
}

// read asks for the row by its id, in a list, by a filter that names it, with all
// that hangs on it, by HEAD, and as a list to take home.
func (w *world) read(c *core.Collection, who *person) {
	w.t.Helper()
	path, id := "/api/collections/"+c.Name+"/records", w.rows[c.Name]
	only := url.QueryEscape("id='" + id + "'")
	views := strings.Contains(w.may[c.Name][who.column], "v")
	lists := strings.Contains(w.may[c.Name][who.column], "l")
	asks, queries := []string{path + "/" + id}, []string{"filter=" + only, "skipTotal=1&sort=-id&fields=*&filter=" + only}
	around := w.around(c)
	if !views && !lists { // nothing is found that more could be asked of; that costs a while each time
		around = around[:min(len(around), 1)]
	}
	for _, some := range around {
		expand := "expand=" + url.QueryEscape(strings.Join(some, ","))
		asks = append(asks, path+"/"+id+"?"+expand)
		queries = append(queries, expand+"&filter="+only)
	}
	for i, ask := range asks {
		for _, method := range []string{http.MethodGet, http.MethodHead}[:1+(i+1)%2] {
			a := w.ask(who, who.token, method, ask, nil)
			if (a.status == http.StatusOK) != views {
				w.t.Errorf("%s %s: %s gets %d, the matrix says %v", method, ask, who.column, a.status, views)
			}
		}
	}
	for _, query := range queries {
		a := w.ask(who, who.token, http.MethodGet, path+"?"+query, nil)
		if found := strings.Contains(a.body, id); found != lists {
			w.t.Errorf("list of %s: %s finds it: %v, the matrix says %v: %d %.200s", c.Name, who.column, found, lists, a.status, a.body)
		}
	}
	a := w.ask(who, who.token, http.MethodGet, "/api/ka/export/"+c.Name+"?format=csv&filter="+only, nil)
	if a.status == http.StatusOK && who.column == "guest" {
		w.t.Errorf("a guest takes %s home", c.Name)
	}
	if !lists && strings.Contains(a.body, id) {
		w.t.Errorf("%s takes the row of %s home", who.column, c.Name)
	}
}

// What one expand of a client may ask for (docs/security.md).
const (
	backsMost = 2
	stepsMost = 25 // with room for a filter
)

// around are all relations of a collection and those that come back to it, in as
// many lists as the bounds of an expand make of them.
func (w *world) around(c *core.Collection) (lists [][]string) {
	all, err := w.FindAllCollections()
	if err != nil {
		w.t.Fatal(err)
	}
	var there, back []string
	for _, f := range c.Fields {
		if f.Type() == core.FieldTypeRelation {
			there = append(there, f.GetName())
		}
	}
	for _, other := range all {
		for _, f := range other.Fields {
			if to, ok := f.(*core.RelationField); ok && to.CollectionId == c.Id && !other.System {
				back = append(back, other.Name+"_via_"+f.GetName())
			}
		}
	}
	return slices.AppendSeq(slices.Collect(slices.Chunk(there, stepsMost)), slices.Chunk(back, backsMost))
}

// change tries what the matrix says he may not: over REST and by his phone.
func (w *world) change(c *core.Collection, who *person) {
	w.t.Helper()
	path, id := "/api/collections/"+c.Name+"/records", w.rows[c.Name]
	may := w.may[c.Name][who.column]
	before := w.row(c.Name)
	field := firstText(c)
	if !strings.Contains(may, "u") {
		for _, headers := range [][]string{nil, {"X-HTTP-Method-Override", http.MethodPatch}} {
			method := http.MethodPatch
			if headers != nil {
				method = http.MethodPost
			}
			a := w.ask(who, who.token, method, path+"/"+id, fmt.Appendf(nil, `{%q:"x"}`, field), headers...)
			if a.status < 400 {
				w.t.Errorf("%s changes %s: %d", who.column, c.Name, a.status)
			}
		}
	}
	if !strings.Contains(may, "d") {
		if a := w.ask(who, who.token, http.MethodDelete, path+"/"+id, nil); a.status < 400 {
			w.t.Errorf("%s deletes %s: %d", who.column, c.Name, a.status)
		}
	}
	if !strings.Contains(may, "c") {
		if a := w.ask(who, who.token, http.MethodPost, path, fmt.Appendf(nil, `{"id":%q,%q:"x"}`, "attacker0000000", field)); a.status < 400 {
			w.t.Errorf("%s makes %s: %d", who.column, c.Name, a.status)
		}
	}
	w.push(c, who, field, may)
	if now := w.row(c.Name); now != before {
		w.t.Errorf("%s changed the row of %s\n%s\n%s", who.column, c.Name, before, now)
		w.insert(c)
	}
}

func (w *world) push(c *core.Collection, who *person, field, may string) {
	if who.phone == nil {
		return
	}
	var all []map[string]any
	if !strings.Contains(may, "u") {
		all = append(all, map[string]any{"op": "update", "c": c.Name, "r": w.rows[c.Name], "set": map[string]any{field: "x"}})
	}
	if !strings.Contains(may, "d") {
		all = append(all, map[string]any{"op": "delete", "c": c.Name, "r": w.rows[c.Name]})
	}
	if !strings.Contains(may, "c") {
		all = append(all, map[string]any{"op": "create", "c": c.Name, "r": fmt.Sprintf("attacker%07d", w.cells.Load()), "set": map[string]any{field: "x"}})
	}
	if len(all) == 0 {
		return
	}
	w.cells.Add(int64(len(all)))
	got := who.phone.Push(all...)
	w.look(who, "push to "+c.Name+" of "+who.column, answer{status: got.Code, body: got.Body.String()})
	if got.Code != http.StatusOK || strings.Contains(got.Body.String(), `"applied"`) {
		w.t.Errorf("push to %s of %s: %d %s", c.Name, who.column, got.Code, got.Body)
	}
}

// firstText names a field that takes a text.
func firstText(c *core.Collection) string {
	i := slices.IndexFunc(c.Fields, func(f core.Field) bool {
		return f.Type() == core.FieldTypeText && !f.GetSystem() && !f.GetHidden()
	})
	if i < 0 {
		return "nothing"
	}
	return c.Fields[i].GetName()
}

// row is the whole marked row of a collection as it lies.
func (w *world) row(collection string) string {
	w.t.Helper()
	record, err := w.FindRecordById(collection, w.rows[collection])
	if err != nil {
		return err.Error()
	}
	text, err := record.MarshalJSON()
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}
