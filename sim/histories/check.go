package histories

import (
	"bytes"
	"encoding/json/v2"
	"maps"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// sameVerdicts: every mutation has the verdict that the oracle gives it (S3,
// S10), a number taken before the answer it had (S4), and none tells of hidden
// fields or foreign rows (S5).
func (w *world) sameVerdicts(req *request, results []syncer.Result, want []verdict) {
	for i, r := range results {
		a, v := req.list[i], want[i]
		id, answer := req.device+text(a.N), text(r)
		if strings.Contains(answer, "secret-") {
			fail("a verdict tells a hidden field: %s", answer)
		}
		if v.again {
			if before := w.o.answer[id]; before != answer && (a.N >= w.o.first[req.device] || bare(before) != answer) {
				fail("mutation %d of %s had the answer %s and now has %s", a.N, req.device, w.o.answer[id], answer)
			}
			continue
		}
		w.o.answer[id] = answer
		var conflicts []string
		for _, c := range r.Conflicts {
			conflicts = append(conflicts, c.Field+" "+c.Resolution)
		}
		same := slices.Equal(conflicts, v.conflicts) || v.known && len(conflicts) == 0 // compaction leaves no details
		if r.N != a.N || r.Status != v.status || r.Code != v.code || !same {
			fail("%s: the verdict is %s, the oracle says %s %s %v", a.content, answer, v.status, v.code, v.conflicts)
		}
		if len(r.Current) > 0 && !v.seen {
			fail("a verdict shows %s to %s", r.Current, req.user)
		}
	}
}

// bare is a verdict without its details, as compaction leaves it once the phone
// has gone on to later numbers.
func bare(answer string) string {
	var r syncer.Result
	must(json.Unmarshal([]byte(answer), &r))
	r.Params, r.Fields, r.Current, r.Conflicts = nil, nil, nil, nil
	return text(r)
}

// keep stores the verdicts of a push; no row that was accepted as it is flips
// back on the screen (S9).
func (w *world) keep(p *phone, req *request, results []syncer.Result) {
	before := map[string]row{}
	for i, r := range results {
		key := req.list[i].C + "/" + req.list[i].R
		if _, ok := before[key]; !ok {
			before[key] = p.shown(key)
		}
		if r.Status == syncer.StatusRejected {
			before[key] = nil
		}
	}
	must(p.keep(req.device, results))
	for key, was := range before {
		if now := p.shown(key); was != nil && !sameRow(was, now) {
			fail("%s showed %s as %v and shows it as %v after the push", p.name, key, was, now)
		}
	}
}

// take commits an answer and holds the phone to what the oracle says that it
// must hold at this point: S1, S5, S6, S7, S8 and S15 at every pull.
func (w *world) take(p *phone, a *answer) {
	if a.cursor != p.cursor {
		return // another pull was faster
	}
	if bytes.Contains(a.body, []byte("secret-")) {
		fail("a pull of %s tells a hidden field", p.name)
	}
	had, rotten, epoch := p.base, p.rotten, p.epoch
	puts, leaves, begin, err := p.take(a)
	if err == errTorn { //nolint:errorlint // made here, never wrapped
		return
	}
	must(err)
	if begin.To < p.to && begin.Epoch == epoch {
		fail("the cursor of %s went back from %d to %d", p.name, p.to, begin.To)
	}
	p.to = begin.To
	for _, key := range puts {
		if _, his := a.want[key]; !his {
			fail("%s was sent %s, which is not his to see", p.name, key)
		}
	}
	if !p.amid {
		w.holdsWhatItShould(p, a.want)
	}
	if begin.Reset {
		if a.cursor != "" && !p.anew && !w.altered && !w.shared(p) {
			fail("%s was made to start over for nothing", p.name)
		}
		p.anew = false
		return
	}
	for _, key := range puts {
		if was, ok := had[key]; ok && was.ver == a.want[key].ver && !rotten[key] {
			fail("%s was sent %s, which it had", p.name, key)
		}
	}
	for _, key := range leaves {
		if _, ok := had[key]; !ok && !rotten[key] {
			fail("%s was told that %s left, which it never had", p.name, key)
		}
	}
}

// holdsWhatItShould compares all that did not rot with the oracle.
func (w *world) holdsWhatItShould(p *phone, all map[string]held) {
	for key, want := range all {
		got, ok := p.base[key]
		switch {
		case p.rotten[key]:
		case !ok:
			fail("%s lacks %s", p.name, key)
		case !sameRow(got.body, want.body):
			fail("%s holds %s as %v, it is %v", p.name, key, got.body, want.body)
		}
	}
	for key := range p.base {
		if _, ok := all[key]; !ok && !p.rotten[key] {
			fail("%s holds %s, which is not his to see", p.name, key)
		}
	}
}

// shared reports whether another phone speaks under the same device.
func (w *world) shared(p *phone) bool {
	return slices.ContainsFunc(w.phones, func(q *phone) bool { return q != p && q.device == p.device })
}

// everybodyTold: whoever sees something else than before is poked.
func (w *world) everybodyTold(before map[string]map[string]int, told []string) {
	for user, now := range w.views() {
		if !maps.Equal(before[user], now) && !slices.Contains(told, user) {
			fail("nobody told %s, who sees something else than before", user)
		}
	}
}

// check holds the settled world to what it promises.
func (w *world) check() {
	for _, p := range w.phones {
		if len(p.outbox) > 0 || len(p.ended) != p.made {
			fail("%s made %d mutations, %d ended, %d stay in the outbox", p.name, p.made, len(p.ended), len(p.outbox))
		}
		for key, d := range w.o.shown(p.user) {
			if !sameRow(p.shown(key), d.body) {
				fail("%s shows %s as %v, it is %v", p.name, key, p.shown(key), d.body)
			}
		}
	}
	var rows int
	for _, sh := range shapes {
		if sh.name == "prod" && w.altered && !w.exists("prod") {
			continue
		}
		var ids []string
		must(w.db.NewQuery("SELECT id FROM " + sh.name).Column(&ids))
		for _, id := range ids {
			got, err := read(w.db, sh.name, id)
			must(err)
			delete(got, "secret")
			if want := w.o.rows[sh.name+"/"+id]; !sameRow(got, want) {
				fail("the server has %s/%s as %v, the oracle as %v", sh.name, id, got, want)
			}
			rows++
		}
	}
	if rows != len(w.o.rows) {
		fail("the server has %d rows, the oracle %d", rows, len(w.o.rows))
	}
	var issues int
	must(w.db.NewQuery("SELECT COUNT(*) FROM issues").Row(&issues))
	if issues != w.o.issues {
		fail("%d issues were kept, the oracle has %d", issues, w.o.issues)
	}
}

func (w *world) exists(table string) bool {
	var n int
	must(w.db.NewQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = {:t}").Bind(dbx.Params{"t": table}).Row(&n))
	return n > 0
}
