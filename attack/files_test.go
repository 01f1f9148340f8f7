package attack

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// withheld are files that a token of files opens to fewer than may read their row, and why.
var withheld = map[string][]string{
	"blobs.original": {"admin", "super"}, // it has the place in it: by an address of ours, which is noted
}

// TestFiles: everybody asks for the file of the marked row in every field of every
// collection, by its direct address: with nothing, by his login, by a token of
// files of his own, and with a thumb.
func TestFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := map[string]string{}
	for _, column := range columns[1:] {
		a := w.ask(w.people[column], w.people[column].token, http.MethodPost, "/api/files/token", nil)
		_, rest, _ := strings.Cut(a.body, `"token":"`)
		tokens[column], _, _ = strings.Cut(rest, `"`)
		if tokens[column] == "" {
			t.Fatalf("no token of files for %s: %s", column, a.body)
		}
	}
	all, err := w.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	fields := 0
	for _, c := range all {
		for _, f := range c.Fields {
			field, ok := f.(*core.FileField)
			if !ok || c.System {
				continue
			}
			fields++
			if !field.Protected {
				t.Errorf("%s.%s is open to everybody who has the address", c.Name, f.GetName())
			}
			w.each(func(who *person) { w.open(c, f.GetName(), who, tokens[who.column]) })
		}
	}
	w.count(fields * len(tried()) * 5)
}

func (w *world) open(c *core.Collection, field string, who *person, token string) {
	path := "/api/files/" + c.Name + "/" + w.rows[c.Name] + "/" + field + ".jpg"
	mark := markFor(c.Name, field)
	for _, ask := range []string{path, path + "?thumb=100x100", path + "?token=", path + "?download=1"} {
		if a := w.ask(who, who.token, http.MethodGet, ask, nil); a.status < 400 || strings.Contains(a.body, mark) {
			w.t.Errorf("%s opens %s without a token of files", who.column, ask)
		}
	}
	for _, ask := range []string{path + "?token=" + token, path + "?thumb=100x100&token=" + token} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			a := w.ask(who, "", method, ask, nil)
			may := strings.Contains(w.may[c.Name][who.column], "v")
			if only := withheld[c.Name+"."+field]; only != nil {
				may = slices.Contains(only, who.column)
			}
			if (a.status == http.StatusOK) != may {
				w.t.Errorf("%s %s: %s gets %d, the matrix says %v", method, ask, who.column, a.status, may)
			}
		}
	}
	// a copy that is not of the row, and a way out of its folder
	for _, name := range []string{"..%2f" + field + ".jpg", "%2e%2e/" + field + ".jpg", "thumbs_" + field + ".jpg/100x100_" + field + ".jpg"} {
		a := w.ask(who, who.token, http.MethodGet, "/api/files/"+c.Name+"/"+w.rows[c.Name]+"/"+name+"?token="+token, nil)
		if strings.Contains(a.body, mark) {
			w.t.Errorf("%s opens %s", who.column, name)
		}
	}
}
