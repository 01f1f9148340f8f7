package torture

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"satchel/internal/demo"
	"satchel/internal/phone"
	"satchel/internal/store"
	"satchel/syncer"
)

// written is a value that a phone gave a field.
type written struct {
	by, value string
	conflict  bool // the server kept an issue of it
}

// oracle compares phones, journals and REST, and shares no code with the engine.
type oracle struct {
	root   *desk
	faults []string
	issues map[string][]row          // by mutation
	data   map[string]map[string]row // by collection, id
	blind  map[string]bool           // mutations answered "duplicate"

	sums    map[string]float64   // order → what was added
	writes  map[string][]written // collection id field → in the order of one phone's journal
	deleted map[string]bool
	states  map[string]string // collection id → at least
	office  map[string]bool
	count   map[string]int
}

func (o *oracle) fault(format string, args ...any) {
	if len(o.faults) < 50 {
		o.faults = append(o.faults, fmt.Sprintf(format, args...))
	}
}

// newOracle reads the data as the superuser sees it, and from the stopped or
// running server's database which mutations were answered "duplicate": so is a
// delete of a row that its user may no longer see, which must not tell him more.
func newOracle(root *desk, office map[string]bool, dir string) (*oracle, error) {
	o := &oracle{
		root: root, office: office, issues: map[string][]row{}, data: map[string]map[string]row{}, sums: map[string]float64{},
		writes: map[string][]written{}, deleted: map[string]bool{}, states: map[string]string{}, count: map[string]int{},
		blind: map[string]bool{},
	}
	for _, c := range []string{"sync_rules", "sync_issues", "account_change_requests", "contacts", "orders", "order_lines", "visits", "visit_steps", "blobs"} {
		var err error
		if o.data[c], err = root.list(c); err != nil {
			return nil, err
		}
	}
	db, err := store.Connect(filepath.Join(dir, store.DataFile))
	if err != nil {
		return nil, err
	}
	var blind []string
	err = db.NewQuery("SELECT result->>'id' FROM _sync_push WHERE result->>'status' = 'duplicate'").Column(&blind)
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	for _, id := range blind {
		o.blind[id] = true
	}
	for _, c := range []string{"sync_issues", "account_change_requests"} {
		for _, i := range o.data[c] {
			o.issues[text(i, "mutation")] = append(o.issues[text(i, "mutation")], i)
		}
	}
	return o, nil
}

// phone holds what a phone shows to what REST shows its user.
func (o *oracle) phone(person string, p *phone.Phone) error {
	user, err := signIn(o.root.base, "users", demo.Email(person))
	if err != nil {
		return err
	}
	for _, rule := range o.data["sync_rules"] {
		if rule["direction"] == "none" {
			continue
		}
		collection := text(rule, "name")
		rest, err := user.list(collection)
		if refused, ok := errors.AsType[*statusError](err); ok && refused.status == 403 {
			rest, err = nil, nil
		}
		if err != nil {
			return err
		}
		shown, err := p.List(collection)
		if err != nil {
			return err
		}
		base, err := p.Base(collection)
		if err != nil {
			return err
		}
		if len(shown) != len(base) {
			o.fault("%s shows %d of %s and holds %d: an overlay stayed", person, len(shown), collection, len(base))
		}
		for id := range rest {
			if _, ok := base[id]; !ok {
				o.fault("%s lacks %s %s", person, collection, id)
			}
		}
		for id, body := range base {
			want, ok := rest[id]
			if !ok {
				o.fault("%s holds %s %s, which REST does not show him", person, collection, id)
				continue
			}
			var got row
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				return err
			}
			for f, v := range got {
				if fmt.Sprint(v) != fmt.Sprint(want[f]) {
					o.fault("%s holds %s %s with %s = %v, REST shows %v", person, collection, id, f, v, want[f])
				}
			}
			o.count["rows compared"]++
		}
	}
	return nil
}

// journal takes one phone's journal, each mutation once.
func (o *oracle) journal(person, path string, p *phone.Phone) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	verdicts, err := p.Verdicts()
	if err != nil {
		return err
	}
	rejected := map[string]bool{}
	for _, v := range verdicts {
		if v.Result.Status == syncer.StatusRejected || v.Result.Status == syncer.StatusHeld {
			rejected[v.Mutation.ID] = true
		}
	}
	reach, err := p.Base("blobs")
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for in := json.NewDecoder(file); in.More(); {
		var m syncer.Mutation
		if err := in.Decode(&m); err != nil {
			return err
		}
		if seen[m.ID] {
			continue
		}
		seen[m.ID] = true
		o.mutation(person, m, rejected[m.ID], reach)
	}
	return nil
}

// mutation: refused with one issue that phone and server share, or to be found in the data.
func (o *oracle) mutation(person string, m syncer.Mutation, rejected bool, reach map[string]string) {
	o.count["mutations"]++
	kept, conflict := 0, false
	for _, i := range o.issues[m.ID] {
		// A proposal to whom an account belongs now is kept as such, and what waits
		// for something refused waits in an issue.
		if i["kind"] == syncer.IssueRejected || i["kind"] == syncer.IssueHeld || i["patch"] != nil {
			kept++
		} else {
			conflict = true
		}
	}
	what := fmt.Sprintf("%s: %d %s %s %s %s", person, m.N, m.Op, m.C, m.R, m.Action)
	if rejected != (kept > 0) || kept > 1 {
		o.fault("%s: the phone says rejected is %v, the server keeps %d issues", what, rejected, kept)
	}
	if kept > 0 {
		o.count["rejected"]++
		return
	}
	switch m.Op {
	case syncer.OpDelete:
		if o.blind[m.ID] && o.data[m.C][m.R] != nil {
			o.count["deletes of what had left"]++
			break
		}
		o.deleted[m.C+" "+m.R] = true
	case syncer.OpAction:
		o.states[m.C+" "+m.R] = map[string]string{"check_in": "in_progress", "check_out": "checked_out", "submit": "submitted"}[m.Action]
	case syncer.OpCreate:
		o.states[m.C+" "+m.R] = ""
		if m.C == "blobs" {
			o.photo(m.R, reach)
		}
	}
	for _, by := range slices.Sorted(maps.Keys(m.Inc)) {
		o.sums[m.R] += float64(m.Inc[by])
	}
	for f, raw := range m.Set {
		if m.C == "contacts" {
			var v any
			json.Unmarshal(raw, &v)
			key := m.C + " " + m.R + " " + f
			o.writes[key] = append(o.writes[key], written{person, fmt.Sprint(v), conflict})
		}
	}
}

// photo: its bytes are there, unless its row left before they could go.
func (o *oracle) photo(id string, reach map[string]string) {
	if _, ok := reach[id]; ok {
		o.states["blobs "+id] = "stored"
		o.count["photos"]++
		return
	}
	o.count["photos out of reach"]++
}

// settled judges what all journals together left in the data.
func (o *oracle) settled() {
	for key, state := range o.states {
		var c, id string
		fmt.Sscan(key, &c, &id)
		got, ok := o.data[c][id]
		if gone := o.deleted[key]; ok == gone {
			o.fault("%s: in the data is %v, deleted is %v", key, ok, gone)
			continue
		}
		further := state == "stored" && text(got, "state") == "durable" || // a copy off the machine has it
			state == "submitted" && c == "orders" && (text(got, "state") == "approved" || text(got, "state") == "credit_review")
		if is := text(got, "state"); state != "" && is != state && !further {
			o.fault("%s is %s, at least %s was acknowledged", key, is, state)
		}
	}
	for order, sum := range o.sums {
		if got, ok := o.data["orders"][order]; ok && got["shown_total_fen"] != sum {
			o.fault("order %s counts %v, %v was acknowledged", order, got["shown_total_fen"], sum)
		}
	}
	for key, list := range o.writes {
		var c, id, f string
		fmt.Sscan(key, &c, &id, &f)
		got, ok := o.data[c][id]
		if !ok {
			continue // judged above, or deleted by whoever made it
		}
		value, alone := text(got, f), true
		known := o.office[value]
		for _, w := range list {
			known = known || w.value == value
			alone = alone && w.by == list[0].by && !w.conflict
		}
		last := list[len(list)-1].value
		if _, own := o.states[c+" "+id]; !known || own && alone && f != "title" && value != last {
			o.fault("%s is %q, the last acknowledged is %q", key, value, last)
		}
	}
}
