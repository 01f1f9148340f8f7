package histories

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// step is one line of a script: words apart by spaces. Every step can be
// played in every state, if only by doing nothing, so that any may be left out.
type step []string

func (s step) String() string { return strings.Join(s, " ") }

// arg returns a word, empty if there is none.
func (s step) arg(i int) string {
	if i < len(s) {
		return s[i]
	}
	return ""
}

// number returns a word as a number, 0 if it is none.
func (s step) number(i int) int {
	n, err := strconv.Atoi(s.arg(i))
	if err != nil {
		return 0
	}
	return n
}

// parse reads a script. Lines that begin with # and empty ones are prose.
func parse(text string) []step {
	var out []step
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			out = append(out, words)
		}
	}
	return out
}

// render is the text of a script.
func render(script []step) string {
	var b strings.Builder
	for _, s := range script {
		b.WriteString(s.String() + "\n")
	}
	return b.String()
}

// fields reads words of the form field=value for a collection.
func fields(coll string, words []string) row {
	sh, out := shapeOf(coll), row{}
	for _, word := range words {
		f, v, _ := strings.Cut(word, "=")
		switch {
		case slices.Contains(sh.number, f):
			n, err := strconv.ParseFloat(v, 64)
			if err != nil {
				out[f] = v // a wrong type, for the server to refuse
				continue
			}
			out[f] = n
		case slices.Contains(sh.list, f):
			out[f] = strings.Split(v, ",")
		case slices.Contains([]string{"account", "owner", "boss", "ord"}, f):
			out[f] = full(v)
		default:
			out[f] = v
		}
	}
	return out
}

// do plays a step.
func (w *world) do(s step) {
	verb := s.arg(0)
	if p := w.phone(s.arg(1)); p != nil {
		if w.onPhone(p, s) {
			return
		}
	}
	key := s.arg(1) + "/" + full(s.arg(2))
	switch verb {
	case "office": // office vis v1 title=x
		if w.o.rows[key] != nil {
			w.write(key, fields(s.arg(1), s[3:]))
		}
	case "make": // make vis v9 account=a1
		if w.o.rows[key] == nil {
			w.write(key, fields(s.arg(1), s[3:]))
		}
	case "erase": // erase vis v1
		if w.o.rows[key] != nil {
			w.erase(key)
		}
	case "move": // move a1 u2
		if key = "acc/" + full(s.arg(1)); w.o.rows[key] != nil {
			w.write(key, row{"owner": full(s.arg(2))})
		}
	case "chief": // chief u3 d1
		w.write("usr/"+full(s.arg(1)), row{"chief": strings.Trim(s.arg(2), "-")})
	case "disable": // disable u1
		w.write("usr/"+full(s.arg(1)), row{"active": "no"})
	case "enable":
		w.write("usr/"+full(s.arg(1)), row{"active": "yes"})
	case "bundle": // bundle o7 a1: an order and its items in one transaction
		w.bundle(full(s.arg(1)), full(s.arg(2)))
	case "fold":
		w.fold(false)
	case "sweep":
		w.fold(true)
	case "compact": // compact 60: whoever was not heard of for so many days starts over
		ttl := time.Duration(s.number(1)) * 24 * time.Hour
		must(w.compact(ttl))
		for _, p := range w.phones {
			p.anew = p.anew || !p.heard.Add(ttl).After(w.now)
		}
	case "days": // days 40
		w.days(s.number(1))
	case "restart":
		w.boot()
	case "backup":
		w.saved = nil
		if !w.altered {
			// What a copy holds unfolded gets its number in both histories: the oracle
			// would have to tell which of them a phone saw.
			w.fold(false)
			must(w.backup("saved_"))
			w.saved = w.o.clone()
		}
	case "restore": // the server goes back to its backup
		w.restored()
	case "renamefield":
		w.renameField()
	case "addfield":
		w.addField()
	case "dropcoll":
		w.dropCollection()
	case "spoil", "misuse", "pair", "anew", "push", "pull", "take", "crash", "late", "clone", "upgrade", "edit", "create", "delete", "close", "inc", "tag", "untag", "rot", "verify", "expect":
		// of a phone that is not there
	default:
		fail("no such step: %s", s)
	}
}

func (w *world) bundle(order, account string) {
	if w.o.rows["ord/"+order] != nil || w.o.rows["itm/i"+order[1:]] != nil {
		return
	}
	for key, set := range map[string]row{
		"ord/" + order: {"account": account}, "itm/i" + order[1:]: {"account": account, "ord": order},
		"itm/j" + order[1:]: {"account": account, "ord": order},
	} {
		if w.o.rows[key] == nil {
			w.write(key, set)
		}
	}
}

// addField gives orders one more field while phones are at work.
func (w *world) addField() {
	if _, ok := w.o.rows["ord/"+initialOrder]["extra"]; ok || w.altered {
		return
	}
	w.altered = true
	must(w.exec("ALTER TABLE ord ADD COLUMN extra TEXT NOT NULL DEFAULT ''", nil))
	must(changed(w.db, "ord"))
	for key, r := range w.o.rows {
		if strings.HasPrefix(key, "ord/") {
			r["extra"] = ""
			w.o.dirty[key] = true
		}
	}
	w.fold(false)
}

// renameField gives the field that addField made another name.
func (w *world) renameField() {
	if _, ok := w.o.rows["ord/"+initialOrder]["extra"]; !ok {
		return
	}
	must(w.exec("ALTER TABLE ord RENAME COLUMN extra TO other", nil))
	must(changed(w.db, "ord"))
	for key, r := range w.o.rows {
		if strings.HasPrefix(key, "ord/") {
			delete(r, "extra")
			r["other"] = ""
			w.o.dirty[key] = true
		}
	}
	w.fold(false)
}

// restored takes the server back to its backup. What the phones had is of
// another future, and those that saw it start over.
func (w *world) restored() {
	if w.saved == nil || w.altered {
		return
	}
	must(w.goBack())
	w.wentBack = true
	lost := w.o
	w.o = w.saved.clone()
	// What comes now is newer than all that phones have seen, of either history.
	w.o.today, w.o.folds, w.o.bases = w.now, lost.folds, lost.bases
	for _, p := range w.phones {
		p.anew = true
	}
}

// dropCollection takes the products away.
func (w *world) dropCollection() {
	if !w.exists("prod") {
		return
	}
	w.altered, w.o.noProducts = true, true
	must(w.exec("DROP TABLE prod", nil))
	must(dropped(w.db, "prod"))
	for key := range w.o.rows {
		if strings.HasPrefix(key, "prod/") {
			w.o.remove(key)
		}
	}
	w.fold(false)
}
