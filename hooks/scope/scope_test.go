package scope_test

import (
	"flag"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
	"satchel/internal/testapp"
)

var seed = flag.Uint64("seed", 1, "of the company that is made up")

// TestEverybodySeesHisOwnAndNoMore: for each of 50 people (one of each role unless all
// is wanted) and each collection, what REST lists, what a phone holds and what the
// policy says is one set, in a company made of dice, and again after each time it
// was turned over. REST is asked for some of the lists only, unless all is wanted.
func TestEverybodySeesHisOwnAndNoMore(t *testing.T) {
	t.Logf("-seed %d", *seed)
	w := watch(newOrg(t, *seed, effort.Times(len(roles), 50)))
	rounds := []string{"at first", "turned over", "some days later", "turned over again"}
	for round, what := range rounds[:effort.Times(2, len(rounds))] {
		switch round {
		case 1, 3:
			w.stir(30)
		case 2:
			w.Clock.Advance(72 * time.Hour)
			w.job()
		}
		for _, d := range w.differences() {
			t.Errorf("%s: %s", what, d)
		}
		if t.Failed() {
			return
		}
	}
	for _, person := range w.people { // while all phones are up to date
		w.tryMending(person)
	}
	for _, leak := range w.pry(effort.Times(1, 4)) {
		t.Error(leak)
	}
	for _, d := range w.differences() { // what was tried left nothing behind but issues
		t.Errorf("after the attempts: %s", d)
	}
	for _, idle := range w.seenAndUnseen() {
		t.Error(idle)
	}
}

// watcher holds a phone for each person and what the policy shows him.
type watcher struct {
	*org
	facts  *facts
	phones map[string]*testapp.Phone
	tokens map[string]string
	keys   map[string]string                     // of their tokens at the last login
	sets   map[string]map[string]map[string]bool // person → collection → ids, now
	before map[string]map[string]map[string]bool // the same at his last pull
	leaks  []string
}

func watch(o *org) *watcher {
	w := &watcher{org: o, phones: map[string]*testapp.Phone{}, tokens: map[string]string{}, keys: map[string]string{}, before: map[string]map[string]map[string]bool{}}
	for _, p := range o.people {
		w.tokens[p] = o.token(p)
	}
	w.look()
	return w
}

// look reads the facts anew and what follows from them for everybody.
func (w *watcher) look() {
	w.t.Helper()
	w.facts = readFacts(w.t, w.App, w.Clock.Now())
	w.sets = map[string]map[string]map[string]bool{}
	for _, p := range w.people {
		w.sets[p] = map[string]map[string]bool{}
		for collection := range columns {
			w.sets[p][collection] = w.facts.sees(p, collection)
		}
	}
}

func (w *watcher) active(person string) bool {
	return w.facts.tables["users"][person]["active"] == "1"
}

// differences compares the three sets of everybody, and hands over what leaked on the way.
func (w *watcher) differences() []string {
	w.t.Helper()
	w.admit()
	var out []string
	names := synced(w.t, w.App)
	for _, collection := range atHome { // no phone holds any of them
		if slices.Contains(names, collection) {
			w.t.Fatalf("%s is synced", collection)
		}
		names = append(names, collection)
	}
	if len(names) != len(columns) {
		w.t.Fatalf("the policy speaks of %d collections, %d are synced or at home", len(columns), len(names))
	}
	for _, person := range w.people {
		if w.active(person) {
			w.pull(person)
		} else if answer := send(w.App, w.tokens[person], http.MethodPost, "/api/sync/hello", map[string]any{
			"install": "install-" + person, "platform": "test", "app": "1", "schema": 1,
		}); answer.Code != http.StatusUnauthorized {
			out = append(out, fmt.Sprintf("%s is disabled and gets %d %s", person, answer.Code, answer.Body))
		}
		for _, collection := range names {
			policy := idsOf(w.sets[person][collection])
			if few := effort.Times(3, 1); few == 1 || w.dice.IntN(few) == 0 {
				rest := w.list(person, collection)
				out = append(out, apart(w.facts, person, collection, "REST", rest, policy)...)
			}
			if slices.Contains(atHome, collection) {
				policy = nil
			}
			if w.active(person) {
				out = append(out, apart(w.facts, person, collection, "sync", idsOf(w.phones[person].Rows[collection]), policy)...)
			}
		}
	}
	out = append(out, w.leaks...)
	w.leaks = nil
	return out
}

// admit looks anew, lets in whose phone is not, and looks again: who joins is told
// of it, in a row of his.
func (w *watcher) admit() {
	w.t.Helper()
	w.look()
	for _, person := range w.people {
		if w.active(person) {
			w.join(person)
		}
	}
	w.look()
}

// join lets a person's phone in, again after what ended his sessions.
func (w *watcher) join(person string) {
	w.t.Helper()
	user, err := w.FindRecordById("users", person)
	if err != nil {
		w.t.Fatal(err)
	}
	key := user.TokenKey()
	if w.phones[person] == nil {
		w.phones[person] = w.Phone(w.token(person), person)
	} else if key != w.keys[person] {
		w.phones[person].Login(w.token(person))
	}
	w.keys[person], w.tokens[person] = key, w.phones[person].Token
}

// pull brings the phone up to date and checks every line of the answer.
func (w *watcher) pull(person string) {
	w.t.Helper()
	w.join(person)
	got := w.phones[person].Pull()
	for collection, ids := range got.Puts {
		for _, id := range ids {
			if !w.sets[person][collection][id] {
				w.leaks = append(w.leaks, fmt.Sprintf("a pull of %s puts %s %s", person, collection, id))
			}
		}
	}
	for collection, ids := range got.Leaves {
		for _, id := range ids {
			if !w.before[person][collection][id] {
				w.leaks = append(w.leaks, fmt.Sprintf("a pull of %s tells that %s %s leaves, which he never had", person, collection, id))
			}
		}
	}
	w.before[person] = w.sets[person]
	w.read(person, "a pull", w.phones[person].Last)
}

func (w *watcher) list(person, collection string) []string {
	w.t.Helper()
	return restIDs(w.t, w.App, w.tokens[person], collection, func(text string) { w.read(person, "list "+collection, text) })
}

var marks = regexp.MustCompile(`mk\.([a-z_]+)\.([a-z0-9]{15})\.km`)

// read looks for marks of rows that are not the person's to see.
func (w *watcher) read(person, where, text string) {
	for _, m := range marks.FindAllStringSubmatch(text, -1) {
		if !w.sets[person][m[1]][m[2]] {
			w.leaks = append(w.leaks, fmt.Sprintf("%s tells %s of %s %s", where, person, m[1], m[2]))
		}
	}
}

// apart names what a side shows against the policy, a few of each.
func apart(f *facts, person, collection, side string, shown, policy []string) (out []string) {
	name := person + " (" + f.tables["users"][person]["role"] + ")"
	for _, id := range shown {
		if !slices.Contains(policy, id) {
			out = append(out, fmt.Sprintf("%s: %s shows %s %s, the policy does not", name, side, collection, id))
		}
	}
	for _, id := range policy {
		if !slices.Contains(shown, id) {
			out = append(out, fmt.Sprintf("%s: the policy shows %s %s, %s does not", name, collection, id, side))
		}
	}
	return out[:min(len(out), 3)]
}

// TestTheTestSeesWrongRules: a fault planted on any side is found.
func TestTheTestSeesWrongRules(t *testing.T) {
	effort.Late(t)
	for name, c := range map[string]struct {
		plant func(o *org)
		want  string
	}{
		"a key too many": {func(o *org) {
			o.rule("contacts", "keys", `[{"key":"account:{account}"},{"key":"dept:{dept}"},{"key":"role:auditor"},{"key":"role:admin"},{"key":"role:rep"}]`)
		}, "sync shows contacts"},
		"a key too few": {func(o *org) {
			o.rule("orders", "keys", `[{"key":"account:{account}"},{"key":"dept:{dept}"},{"key":"role:auditor"},{"key":"role:admin"}]`)
		}, "sync does not"},
		"a condition dropped": {func(o *org) { o.rule("settings", "keys", `[{"key":"all"}]`) }, "sync shows settings"},
		"a grant dropped": {func(o *org) {
			o.rule("accounts", "grants", `[{"to":"{owner}","key":"account:{id}"},{"to":"{manager}","key":"account:{id}"}]`)
		}, "sync does not"},
		"an API rule too wide": {func(o *org) {
			coll, err := o.FindCollectionByNameOrId("visits")
			if err != nil {
				o.t.Fatal(err)
			}
			wide := *coll.ListRule + ` || @request.auth.role = "market"`
			coll.ListRule, coll.ViewRule = &wide, &wide
			if err := o.Save(coll); err != nil {
				o.t.Fatal(err)
			}
		}, "REST shows visits"},
		"both wrong alike": {func(o *org) { // an account keeps the manager that its owner had
			for _, a := range o.accounts {
				if _, err := o.DB().Update("accounts", dbx.Params{"manager": o.people[0]}, dbx.HashExp{"id": a}).Execute(); err != nil {
					o.t.Fatal(err)
				}
			}
		}, "the policy does not"},
		"text of a row beside it": {func(o *org) {
			o.OnRecordsListRequest("products").BindFunc(func(e *core.RecordsListRequestEvent) error {
				for _, r := range e.Records {
					r.Set("spec", mark("contacts", o.any("contacts")))
				}
				return e.Next()
			})
		}, "tells"},
		"a refusal that quotes": {func(o *org) {
			o.refusing(func(e *core.RequestEvent, id string) error {
				return e.NotFoundError("No access to "+mark("contacts", id), nil)
			})
		}, "tells"},
		"a refusal that knows": {func(o *org) {
			o.refusing(func(e *core.RequestEvent, id string) error {
				if _, err := e.App.FindRecordById("contacts", id); err != nil {
					return e.NotFoundError("", nil)
				}
				return e.ForbiddenError("", nil)
			})
		}, "exists"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, *seed, 25)
			c.plant(o)
			w := watch(o)
			hit := func(d string) bool { return strings.Contains(d, c.want) }
			found := w.differences()
			if !slices.ContainsFunc(found, hit) {
				found = append(found, w.pry(6, "contacts")...) // the refusals that are planted are of these
			}
			if !slices.ContainsFunc(found, hit) {
				t.Errorf("nothing of %q in %d differences: %v", c.want, len(found), found[:min(len(found), 5)])
			}
		})
	}
}

// rule changes a sync rule.
func (o *org) rule(name, field, value string) {
	o.t.Helper()
	record, err := o.FindFirstRecordByData("sync_rules", "name", name)
	if err != nil {
		o.t.Fatal(err)
	}
	record.Set(field, value)
	if err := o.Save(record); err != nil {
		o.t.Fatal(err)
	}
}

// refusing answers in another way where a contact is refused.
func (o *org) refusing(answer func(e *core.RequestEvent, id string) error) {
	o.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.BindFunc(func(e *core.RequestEvent) error {
			err := e.Next()
			if id, ok := strings.CutPrefix(e.Request.URL.Path, "/api/collections/contacts/records/"); ok && err != nil {
				return answer(e, id)
			}
			return err
		})
		return e.Next()
	})
}
