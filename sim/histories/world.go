package histories

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// PlantOverlayEarly makes phones drop the overlay with the acknowledgement.
const PlantOverlayEarly syncer.Planted = "overlay dropped early"

// pageBytes makes pages of one or two rows.
const pageBytes = 200

// initialOrder is never deleted.
const initialOrder = "o0xxxxxxxxxxxxx"

// world is one history: server, phones, office and oracle.
type world struct {
	*server
	o      *oracle
	phones []*phone
	saved  *oracle // as of the backup

	wentBack bool // the server was restored
}

// fault is what a history that went wrong panics with.
type fault string

func fail(format string, args ...any) { panic(fault(fmt.Sprintf(format, args...))) }

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

// full pads a short name of the script to a record id.
func full(id string) string {
	if id == "" || id == "-" || len(id) >= 15 {
		return strings.Trim(id, "-")
	}
	return id + strings.Repeat("x", 15-len(id))
}

// Play plays a history on a server and returns what went wrong.
func Play(s *server, script []step, planted syncer.Planted) (err error) {
	at := -1
	defer func() {
		switch f := recover().(type) {
		case nil:
		case fault:
			err = fmt.Errorf("step %d: %s", at+1, string(f))
		default:
			panic(f)
		}
	}()
	w := newWorld(s, planted)
	for i, st := range script {
		at = i
		w.do(st)
	}
	at++
	w.settle()
	return nil
}

func newWorld(s *server, planted syncer.Planted) *world {
	known, err := s.reset(planted)
	must(err)
	if known {
		return s.image.copy()
	}
	w := &world{server: s, o: newOracle()}
	for _, u := range []string{"u1", "u2", "u3"} {
		w.write("usr/"+full(u), row{"active": "yes"})
	}
	for a, owner := range []string{"u1", "u1", "u2"} {
		w.write("acc/"+full(fmt.Sprint("a", a+1)), row{"owner": full(owner), "boss": full("u3"), "name": "shop"})
	}
	for v, account := range []string{"a1", "a2", "a3", "a3"} {
		w.write("vis/"+full(fmt.Sprint("v", v+1)), row{
			"account": full(account), "dept": "d1", "day": "2026-03-01", "state": "open", "title": "visit", "tags": []string{"old"},
		})
	}
	w.write("ord/"+initialOrder, row{"account": full("a1")})
	w.write("prod/"+full("k1"), row{"name": "tea"})
	w.write("prod/"+full("k2"), row{"name": "rice"})
	w.fold(false)
	for _, of := range [][2]string{{"p1", "u1"}, {"p2", "u2"}, {"p3", "u1"}, {"p4", "u3"}} {
		p := &phone{
			name: of[0], user: full(of[1]), device: "device" + of[0], schema: 1,
			base: map[string]held{}, ended: map[string]string{}, early: planted == PlantOverlayEarly,
		}
		w.phones = append(w.phones, p)
		must(w.join(p.device, p.user))
		w.pull(p, "")
	}
	must(s.remember(w))
	return w
}

func (w *world) copy() *world {
	c := &world{server: w.server, o: w.o.clone()}
	for _, p := range w.phones {
		c.phones = append(c.phones, p.copy(p.name))
	}
	return c
}

// write is the office at work, in raw SQL: behind every hook and with no device.
func (w *world) write(key string, set row) {
	coll, id, _ := strings.Cut(key, "/")
	if w.o.rows[key] != nil {
		must(update(w.db, coll, id, set))
		w.o.update(key, set)
		return
	}
	must(insert(w.db, coll, id, set))
	w.o.insert(key, set)
}

func (w *world) erase(key string) {
	coll, id, _ := strings.Cut(key, "/")
	must(w.exec("DELETE FROM "+coll+" WHERE id = {:id}", dbx.Params{"id": id}))
	w.o.remove(key)
}

// fold makes all that is committed visible, and holds the pokes to it.
func (w *world) fold(sweep bool) {
	before := w.views()
	told, err := w.server.fold(sweep)
	must(err)
	w.o.fold("")
	if sweep {
		w.o.sweep()
	}
	w.everybodyTold(before, told)
}

// views is what each user sees, by version.
func (w *world) views() map[string]map[string]int {
	out := map[string]map[string]int{}
	for _, u := range []string{"u1", "u2", "u3"} {
		out[full(u)] = versions(w.o.shown(full(u)))
	}
	return out
}

func versions(docs map[string]*doc) map[string]int {
	out := make(map[string]int, len(docs))
	for k, d := range docs {
		out[k] = d.ver
	}
	return out
}

func (w *world) phone(name string) *phone {
	i := slices.IndexFunc(w.phones, func(p *phone) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return w.phones[i]
}

// allowed is the gate: a disabled user's device is not heard.
func (w *world) allowed(user string) bool { return w.o.rows["usr/"+user]["active"] == "yes" }

// push sends what is pending, at most limit mutations.
func (w *world) push(p *phone, how string, limit int) {
	req := p.pending()
	req.list = req.list[:min(limit, len(req.list))]
	if len(req.list) == 0 {
		return
	}
	p.last = req
	if how == "drop" {
		return
	}
	results, err := w.deliver(req, how == "kill")
	if how == "dup" {
		results, err = w.deliver(req, false)
	}
	if how == "lost" || how == "kill" {
		return
	}
	if c, params := code(err); c == "sync_gap" {
		p.again(params["expected"].(int64) - 1)
		return
	}
	if c, params := code(err); c == "device_forked" {
		n := params["n"].(int64)
		below := slices.IndexFunc(req.list, func(a arrival) bool { return a.N == n })
		if below == 0 {
			p.fork()
			must(w.join(p.device, p.user))
			return
		}
		w.push(p, "", below)
		return
	}
	if err != nil {
		if w.allowed(p.user) {
			fail("a push of %s was refused: %v", p.name, err)
		}
		return
	}
	w.keep(p, req, results)
}

// deliver hands a push to the server and to the oracle, and compares verdicts.
func (w *world) deliver(req *request, kill bool) ([]syncer.Result, error) {
	if !w.allowed(req.user) {
		return nil, errKilled
	}
	results, _, err := w.server.push(req.user, req.device, req.wire(), kill)
	if kill {
		w.boot()
		return nil, errKilled
	}
	want, refused := w.o.deliver(req.user, req.device, req.list)
	if got, _ := code(err); got != refused {
		fail("a push by %s ended with %v, the oracle says %q", req.device, err, refused)
	}
	w.sameVerdicts(req, results, want)
	if len(want) > 0 && !want[len(want)-1].again {
		w.o.first[req.device] = max(w.o.first[req.device], req.list[0].N)
	}
	return results, err
}

// pull asks, and takes the answer unless the network is against it.
func (w *world) pull(p *phone, how string) {
	if !w.allowed(p.user) || how == "drop" {
		return
	}
	q := w.question(p)
	if how == "page" {
		q.MaxBytes = pageBytes
	}
	body, err := w.server.pull(q)
	must(err)
	p.heard = w.now
	a := w.answer(p, body)
	switch how {
	case "lost":
	case "cut":
		a.body = a.body[:len(a.body)*2/3]
		w.take(p, a)
	case "hold":
		p.under = a
	default:
		w.take(p, a)
	}
}

// answer is what arrives, with what it must bring.
func (w *world) answer(p *phone, body []byte) *answer {
	a := &answer{cursor: p.cursor, body: body, want: map[string]held{}}
	for key, d := range w.o.shown(p.user) {
		a.want[key] = held{body: d.body, ver: d.ver}
	}
	return a
}

// settle lets the faults stop and syncs until nothing is pending.
func (w *world) settle() {
	for _, u := range []string{"u1", "u2", "u3"} {
		if !w.allowed(full(u)) {
			w.write("usr/"+full(u), row{"active": "yes"})
		}
	}
	rounds := 1
	if w.wentBack {
		rounds = 2 // a pull shows what the server lost, which the others then see
	}
	for range rounds {
		for _, p := range w.phones {
			if w.wentBack {
				w.pull(p, "")
			}
			for i := 0; len(p.pending().list) > 0; i++ {
				if i > 6 {
					fail("%s cannot get rid of %s", p.name, text(p.pending().list[0].Mutation))
				}
				w.push(p, "", 500)
			}
		}
	}
	w.fold(true)
	for _, p := range w.phones {
		w.pull(p, "")
		w.verify(p)
	}
	w.check()
}

func (w *world) days(n int) {
	must(w.flush()) // as the server does every few minutes
	w.now = w.now.Add(time.Duration(n) * 24 * time.Hour)
	w.o.today = w.now
}
