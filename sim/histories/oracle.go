package histories

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// row is a record by field; values are string, float64 and []string.
type row map[string]any

// doc is a row as readers may see it, with the history of its fields. Time is
// the count of folds.
type doc struct {
	body   row
	ver    int
	stamps map[string]mark
	off    bool // its time on phones was over when it was last looked at
}

// mark is when a field last changed and which device did it.
type mark struct {
	at int
	by string
}

// oracle is what must be true. It is told what was written and what arrived.
type oracle struct {
	rows   map[string]row  // by collection/id
	docs   map[string]*doc // the state that pulls show
	dirty  map[string]bool // written since
	folds  int
	today  time.Time
	taken  map[string]int64   // device → numbers taken
	sent   map[string]string  // device and number → content
	answer map[string]string  // device and number → verdict
	first  map[string]int64   // device → where its newest push began: it has the verdicts below
	bases  map[string]int     // mutation → version of the row that was edited
	known  map[string]verdict // user and mutation → what it came to, under whatever number
	says   map[string]string  // user and mutation → what it says
	issues int                // rejections and conflicts that must be kept

	noProducts bool // the collection was dropped
}

func newOracle() *oracle {
	return &oracle{
		rows: map[string]row{}, docs: map[string]*doc{}, dirty: map[string]bool{}, today: start,
		taken: map[string]int64{}, sent: map[string]string{}, answer: map[string]string{}, first: map[string]int64{}, bases: map[string]int{},
		known: map[string]verdict{}, says: map[string]string{},
	}
}

// clone copies the whole oracle.
func (o *oracle) clone() *oracle {
	c := *o
	c.rows, c.docs, c.dirty, c.taken, c.sent = map[string]row{}, map[string]*doc{}, maps.Clone(o.dirty), maps.Clone(o.taken), maps.Clone(o.sent)
	c.answer, c.bases, c.first, c.known = maps.Clone(o.answer), maps.Clone(o.bases), maps.Clone(o.first), maps.Clone(o.known)
	c.says = maps.Clone(o.says)
	for k, r := range o.rows {
		c.rows[k] = maps.Clone(r)
	}
	for k, d := range o.docs {
		e := *d
		e.stamps = maps.Clone(d.stamps)
		c.docs[k] = &e
	}
	return &c
}

func (o *oracle) insert(key string, set row) {
	coll, id, _ := strings.Cut(key, "/")
	sh, r := shapeOf(coll), row{"id": id}
	for _, f := range sh.fields() {
		r[f] = sh.zero(f)
	}
	if coll == "ord" { // fields that joined later
		for f := range o.rows["ord/"+initialOrder] {
			if _, ok := r[f]; !ok {
				r[f] = ""
			}
		}
	}
	maps.Copy(r, set)
	o.rows[key], o.dirty[key] = r, true
}

func (o *oracle) update(key string, set row) {
	maps.Copy(o.rows[key], set)
	o.dirty[key] = true
}

func (o *oracle) remove(key string) {
	delete(o.rows, key)
	o.dirty[key] = true
}

// fold makes what was written visible, as by's doing.
func (o *oracle) fold(by string) {
	if len(o.dirty) == 0 {
		return
	}
	o.folds++
	for key := range o.dirty {
		now, was := o.rows[key], o.docs[key]
		switch {
		case now == nil:
			delete(o.docs, key)
			continue
		case was == nil:
			was = &doc{ver: o.folds, stamps: map[string]mark{}}
			for f := range now {
				was.stamps[f] = mark{o.folds, by}
			}
			o.docs[key] = was
		default:
			for f, v := range now {
				old, had := was.body[f]
				if !had { // the collection gained it: a new version, and no edit of the row
					was.ver = o.folds
				} else if !equal(old, v) {
					was.stamps[f], was.ver = mark{o.folds, by}, o.folds
				}
			}
		}
		was.body = maps.Clone(now)
		was.off = o.expired(now)
	}
	clear(o.dirty)
}

func (o *oracle) expired(r row) bool {
	text, _ := r["day"].(string)
	day, err := time.Parse(time.DateOnly, text)
	return err == nil && o.today.Sub(day) >= (retentionDays+1)*24*time.Hour
}

// sweep looks at every row that is shown as if it had been written.
func (o *oracle) sweep() {
	for key, d := range o.docs {
		if !d.off && o.expired(d.body) {
			o.dirty[key] = true
		}
	}
	o.fold("")
}

// shown is what the user may see, by the state that pulls show.
func (o *oracle) shown(user string) map[string]*doc {
	get := func(key string) row {
		if d := o.docs[key]; d != nil {
			return d.body
		}
		return nil
	}
	out := map[string]*doc{}
	for key, d := range o.docs {
		if !d.off && sees(get, user, key, d.body) {
			out[key] = d
		}
	}
	return out
}

func (o *oracle) now(key string) row { return o.rows[key] }

// sees says naively who sees what.
func sees(get func(string) row, user, key string, r row) bool {
	coll, id, _ := strings.Cut(key, "/")
	switch coll {
	case "usr":
		return id == user
	case "prod":
		me := get("usr/" + user)
		return me != nil && me["active"] == "yes"
	case "vis":
		me := get("usr/" + user)
		if r["state"] == "open" && r["dept"] != "" && me != nil && me["chief"] == r["dept"] {
			return true
		}
	}
	return holds(get, user, accountOf(coll, id, r))
}

func holds(get func(string) row, user, account string) bool {
	a := get("acc/" + account)
	return a != nil && (a["owner"] == user || a["boss"] == user)
}

func equal(a, b any) bool {
	x, ok := a.([]string)
	if y, isList := b.([]string); ok || isList {
		return ok && isList && slices.Equal(x, y)
	}
	return a == b
}

func sameRow(a, b row) bool { return maps.EqualFunc(a, b, equal) }
