package hooks_test

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// keeper tries all relations, and notes what was not refused.
type keeper struct {
	*matrix
	relations []hanging
	states    map[string][]string // of each machine
	over      map[string][]string // those in which nobody changes a row of it
	lines     map[string]target   // by collection
	phones    map[string]*testapp.Phone
	cells     int
	controls  int // that pass while the parent is open, over REST
	pushed    int // and by a push
	open      map[string]bool
	wrong     []string
	ids       int
}

// ways are the people who try, those over the author too: what is over is so for all.
var ways = []string{"owner", "kam", "head", "fin", "mkt", "ops", "admin"}

// keep tries what hangs on rows of these machines, of all if none is named.
func keep(t *testing.T, m *matrix, machines ...string) *keeper {
	t.Helper()
	m.app.Setting("issues.open_max", 1<<20) // each attempt by a phone that is refused leaves one
	k := &keeper{matrix: m, states: map[string][]string{}, over: map[string][]string{}, lines: map[string]target{}, phones: map[string]*testapp.Phone{}, open: map[string]bool{}}
	for _, target := range m.targets() {
		if _, taken := k.lines[target.collection]; target.only == "" && (!taken || target.label == target.collection) {
			k.lines[target.collection] = target
		}
	}
	for _, who := range ways {
		k.phones[who] = m.app.Phone(m.people[who].token, "kept"+who)
		k.phones[who].Pull()
	}
	k.relate()
	if len(machines) > 0 {
		k.relations = slices.DeleteFunc(k.relations, func(h hanging) bool { return !slices.Contains(machines, h.parent) })
		maps.DeleteFunc(k.states, func(name string, _ []string) bool { return !slices.Contains(machines, name) })
	}
	for _, machine := range slices.Sorted(maps.Keys(k.states)) {
		k.over[machine] = k.closed(machine)
		t.Logf("%s is over in %v of %v", machine, k.over[machine], k.states[machine])
	}
	for _, h := range k.relations {
		for _, op := range []string{"create", "update", "delete"} {
			if h.child != h.parent || op != "create" {
				k.try(t, h, op)
			}
		}
	}
	return k
}

// machine is the field that steps of people move, if a collection has a machine.
func machine(c *core.Collection) *core.SelectField {
	for _, name := range []string{"state", "stage"} {
		if f, ok := c.Fields.GetByName(name).(*core.SelectField); ok {
			return f
		}
	}
	return nil
}

// relate derives machines and relations from the schema and the registered steps.
func (k *keeper) relate() {
	k.t.Helper()
	all, err := k.app.FindAllCollections()
	if err != nil {
		k.t.Fatal(err)
	}
	steps, names := map[string]bool{}, map[string]string{}
	for step := range k.app.Bound.Actions {
		collection, _, _ := strings.Cut(step, ".")
		steps[collection] = true
	}
	for _, c := range all {
		names[c.Id] = c.Name
		if f := machine(c); f != nil && steps[c.Name] {
			k.states[c.Name] = f.Values
		}
	}
	for _, c := range all {
		if c.IsView() {
			continue
		}
		for _, f := range c.Fields {
			to, ok := f.(*core.RelationField)
			if ok && names[to.CollectionId] != c.Name && k.states[names[to.CollectionId]] != nil && hangs(c, to) {
				k.relations = append(k.relations, hanging{names[to.CollectionId], c.Name, f.GetName()})
			}
		}
		if k.states[c.Name] != nil {
			k.relations = append(k.relations, hanging{c.Name, c.Name, "id"})
		}
		if c.Fields.GetByName("ref_collection") == nil || c.Fields.GetByName("ref_id") == nil {
			continue
		}
		for _, machine := range slices.Sorted(maps.Keys(k.states)) {
			if k.app.Bound.Actions[machine+".submit"] != nil && machine != c.Name {
				k.relations = append(k.relations, hanging{machine, c.Name, "ref_id"})
			}
		}
	}
	slices.SortFunc(k.relations, func(a, b hanging) int { return strings.Compare(a.String(), b.String()) })
}

// hangs tells a part of a row from what only names it: it goes with the row,
// cannot be without it, or is somebody's by way of it.
func hangs(c *core.Collection, to *core.RelationField) bool {
	return to.CascadeDelete || to.Required || c.CreateRule != nil && regexp.MustCompile(`\b`+to.Name+`\.\w`).MatchString(*c.CreateRule)
}

// closed lists the states of a machine in which none of the people may change a row.
func (k *keeper) closed(name string) (out []string) {
	line := k.lines[name]
	for _, state := range k.states[name] {
		k.put(name, line.id, state)
		passes := func(who string) bool {
			return k.rest(http.MethodPatch, name, line.id, line.update, who) == ""
		}
		if !slices.ContainsFunc(ways, passes) {
			out = append(out, state)
		}
	}
	k.put(name, line.id, k.states[name][0])
	return out
}

// put moves a row past all rules.
func (k *keeper) put(collection, id, state string) {
	k.t.Helper()
	c, err := k.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		k.t.Fatal(err)
	}
	k.sql(collection, id, machine(c).GetName(), state)
}

func (k *keeper) sql(collection, id, field string, value any) {
	k.t.Helper()
	query := k.app.NonconcurrentDB().NewQuery("UPDATE OR REPLACE {{" + collection + "}} SET [[" + field + "]] = {:v} WHERE id = {:id}")
	if _, err := query.Bind(dbx.Params{"v": value, "id": id}).Execute(); err != nil {
		k.t.Fatalf("%s.%s: %v", collection, field, err)
	}
}

// try attempts one operation below a parent in every state.
func (k *keeper) try(t *testing.T, h hanging, op string) {
	t.Helper()
	parent, child := k.parent(h), k.lines[h.child]
	body := func(who string) map[string]any { return child.update }
	if op == "create" {
		body = func(who string) map[string]any { return k.below(h, parent, k.people[who]) }
	} else if h.child != h.parent {
		k.hang(h, parent, child.id)
	}
	method := map[string]string{"create": http.MethodPost, "update": http.MethodPatch, "delete": http.MethodDelete}[op]
	over, people := k.over[h.parent], ways
	if k.rule(h.child, op) == nil {
		people = ways[:1] // a rule that none passes
	}
	refused := func(way, who, state, code string) {
		k.cells++
		switch {
		case code == "" && h.excepted(state):
			k.open[h.child+"."+h.field] = true
		case code == "":
			k.wrong = append(k.wrong, fmt.Sprintf("%s of %s is not refused to %s by %s while the parent is %s", op, h, who, way, state))
		case strings.HasPrefix(code, "internal") || code == "?":
			k.wrong = append(k.wrong, fmt.Sprintf("%s of %s by %s while the parent is %s: no code of ours, %s", op, h, way, state, k.Last(who)))
		}
	}
	for _, state := range over {
		k.put(h.parent, parent, state)
		for _, who := range people {
			refused("rest", who, state, k.rest(method, h.child, child.id, body(who), who))
		}
		for _, who := range people {
			code := k.push(op, h.child, child.id, body(who), who)
			refused("push", who, state, code)
			if code == "" && op == "update" {
				k.unlike(h.child, child)
			}
		}
	}
	// The same passes while the parent is open, or nothing was shown.
	for _, state := range k.states[h.parent] {
		if slices.Contains(over, state) || len(over) == 0 {
			continue
		}
		k.put(h.parent, parent, state)
		i := slices.IndexFunc(people, func(who string) bool { return k.rest(method, h.child, child.id, body(who), who) == "" })
		if i < 0 {
			continue
		}
		k.controls++
		if op != "delete" && k.push(op, h.child, child.id, body(ways[i]), ways[i]) == "" {
			k.pushed++
			k.unlike(h.child, child)
		}
		k.put(h.parent, parent, k.states[h.parent][0])
		return
	}
	if op == "create" && len(over) > 0 && len(over) < len(k.states[h.parent]) && staysOpen[h.child+"."+h.field].why == "" && k.rule(h.child, op) != nil {
		k.wrong = append(k.wrong, fmt.Sprintf("create of %s passes in no state: the attempt is no good one", h))
	}
	k.put(h.parent, parent, k.states[h.parent][0])
}

// rule is who may do what, nil for nobody.
func (k *keeper) rule(collection, op string) *string {
	c, err := k.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		k.t.Fatal(err)
	}
	return map[string]*string{"create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule}[op]
}

// parent is the row that the child's line hangs on, or that of the parent's own line.
func (k *keeper) parent(h hanging) string {
	if create := k.lines[h.child].create; create != nil && h.field != "ref_id" && h.field != "id" {
		if id, ok := create(k.people["owner"])[h.field].(string); ok && id != "" {
			return id
		}
	}
	return k.lines[h.parent].id
}

// unlike makes sure that the change of a line is one, though it was made before.
func (k *keeper) unlike(collection string, line target) {
	for field := range line.update {
		k.sql(collection, line.id, field, "")
	}
}

// below is the body of a row that hangs on the parent, and on no other.
func (k *keeper) below(h hanging, parent string, who person) map[string]any {
	body := map[string]any{}
	if create := k.lines[h.child].create; create != nil {
		maps.Copy(body, create(who))
	}
	for _, other := range k.relations {
		if _, set := body[other.field]; set && other.child == h.child && other.field != h.field && k.part(other) {
			delete(body, other.field)
		}
	}
	if h.field == "ref_id" {
		body["ref_collection"] = h.parent
	}
	body[h.field] = parent
	return body
}

// part reports whether a row goes with what a relation of it names.
func (k *keeper) part(h hanging) bool {
	c, err := k.app.FindCachedCollectionByNameOrId(h.child)
	if err != nil {
		k.t.Fatal(err)
	}
	f, ok := c.Fields.GetByName(h.field).(*core.RelationField)
	return ok && f.CascadeDelete
}

// hang puts a row below the parent.
func (k *keeper) hang(h hanging, parent, child string) {
	if child == "" {
		return
	}
	k.sql(h.child, child, h.field, parent)
	if h.field == "ref_id" {
		k.sql(h.child, child, "ref_collection", h.parent)
	}
	for _, other := range k.relations {
		if other.child == h.child && other.field != h.field && k.part(other) && k.part(h) {
			k.sql(h.child, child, other.field, "")
		}
	}
}

// rest makes a request whose effects are undone, and returns the code of its
// refusal: the rule's status if it is PocketBase's.
func (k *keeper) rest(method, collection, id string, body map[string]any, who string) (code string) {
	k.t.Helper()
	path := "/api/collections/" + collection + "/records"
	if method != http.MethodPost {
		path += "/" + id
	}
	undo := errors.New("undo")
	err := k.app.RunInTransaction(func(txApp core.App) error {
		k.at = txApp
		defer func() { k.at = k.app.TestApp }()
		answer := k.send(k.t, method, path, body, k.people[who])
		if answer.Code < http.StatusBadRequest {
			return undo
		}
		var said struct {
			Data map[string]any `json:"data"`
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &said); err != nil {
			return err
		}
		if code, _ = said.Data["code"].(string); code == "" {
			code = fmt.Sprint("rule ", answer.Code)
		}
		return undo
	})
	if !errors.Is(err, undo) {
		k.t.Fatal(err)
	}
	return code
}

// push hands a change in, and returns the code of its refusal. Only what is to
// be refused is pushed, since it is not undone.
func (k *keeper) push(op, collection, id string, set map[string]any, who string) string {
	k.t.Helper()
	m := map[string]any{"op": op, "c": collection, "r": id}
	switch op {
	case "create":
		k.ids++
		m["r"], m["set"] = fmt.Sprintf("kept%011d", k.ids), set
	case "update":
		m["set"], m["base"] = set, k.app.Bound.Sync.Head()
	}
	phone := k.phones[who]
	answer := phone.Push(m)
	var said struct {
		Results []struct{ Status, Code string } `json:"results"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &said, json.MatchCaseInsensitiveNames(true)); err != nil || len(said.Results) != 1 {
		k.t.Fatalf("push of %s: %d %s", collection, answer.Code, phone.Last)
	}
	switch r := said.Results[0]; r.Status {
	case "applied", "merged":
		return ""
	case "duplicate":
		return "nothing there"
	default:
		return r.Code
	}
}

// Last is the last answer to a person's phone.
func (k *keeper) Last(who string) string { return k.phones[who].Last }
