package histories

import (
	"encoding/json/jsontext"
	"fmt"
	"strings"

	"satchel/syncer"
)

// onPhone plays a step of a phone; false if the verb is none of its.
func (w *world) onPhone(p *phone, s step) bool {
	coll, id := s.arg(2), full(s.arg(3))
	key := coll + "/" + id
	switch s.arg(0) {
	case "edit": // edit p1 vis v1 title=x note=y
		w.capture(p, syncer.Mutation{Op: syncer.OpUpdate, C: coll, R: id, Set: wire(fields(coll, s[4:]))})
	case "inc": // inc p1 vis v1 count 3
		w.capture(p, syncer.Mutation{Op: syncer.OpUpdate, C: coll, R: id, Inc: map[string]int64{s.arg(4): int64(s.number(5))}})
	case "tag": // tag p1 vis v1 x
		w.capture(p, syncer.Mutation{Op: syncer.OpUpdate, C: coll, R: id, Add: map[string][]string{"tags": {s.arg(4)}}})
	case "untag":
		w.capture(p, syncer.Mutation{Op: syncer.OpUpdate, C: coll, R: id, Remove: map[string][]string{"tags": {s.arg(4)}}})
	case "delete": // delete p1 vis v1
		w.capture(p, syncer.Mutation{Op: syncer.OpDelete, C: coll, R: id})
	case "close": // close p1 vis v1
		w.capture(p, syncer.Mutation{Op: syncer.OpAction, C: coll, R: id, Action: "close"})
	case "spoil": // spoil p1 vis v1 half title=x
		if spoilt[s.arg(4)] != "" {
			w.spoil(p, syncer.Mutation{Op: syncer.OpUpdate, C: coll, R: id, Set: wire(fields(coll, s[5:]))}, s.arg(4))
		}
	case "misuse": // misuse p1 vis v1 title=x
		w.misuse(p, syncer.Mutation{Op: syncer.OpUpdate, C: coll, R: id, Set: wire(fields(coll, s[4:]))})
	case "pair": // pair p1 vis v1 v2 title=x [half|clock|…]: the title of both, the second spoilt
		set := wire(fields(coll, s[5:6]))
		w.pair(p, syncer.Mutation{Op: syncer.OpUpdate, C: coll, R: id, Set: wire(row{"note": s.arg(5)})},
			syncer.Mutation{Op: syncer.OpUpdate, C: coll, R: full(s.arg(4)), Set: set}, s.arg(6))
	case "anew": // anew p1: the server does not know the phone any more, or its storage was copied
		p.fork()
		p.to = 0 // another device holds another cursor: a server that lost history begins below
		must(w.join(p.device, p.user))
	case "create": // create p1 vis v9 account=a1
		if p.shown(key) == nil {
			w.number(p, syncer.Mutation{Op: syncer.OpCreate, C: coll, R: id, Set: wire(fields(coll, s[4:]))}, 0)
		}
	case "push": // push p1 [lost|kill|dup|drop|first]
		limit := 500
		if s.arg(2) == "first" {
			limit = 1
		}
		w.push(p, s.arg(2), limit)
	case "pull": // pull p1 [page|lost|cut|hold|drop]
		w.pull(p, s.arg(2))
	case "take": // take p1: the answer that was held back arrives
		if p.under != nil {
			w.take(p, p.under)
			p.under = nil
		}
	case "crash":
		p.under = nil
	case "late": // late p1: the network delivers an old push again
		if p.last != nil {
			_, err := w.deliver(p.last, false)
			if c, _ := code(err); err != nil && c == "" && w.allowed(p.last.user) {
				fail("a push that came late ended with %v", err)
			}
		}
	case "clone": // clone p1 p5
		if w.phone(s.arg(2)) == nil {
			w.phones = append(w.phones, p.copy(s.arg(2)))
		}
	case "upgrade": // the app has a new schema
		p.schema++
		p.anew = true
	case "rot": // rot p1 vis v1 lose|stale|invent
		if !w.altered {
			p.rot(key, s.arg(4))
		}
	case "verify": // verify p1
		w.verify(p)
	case "expect":
		w.expect(p, s)
	default:
		return false
	}
	return true
}

// capture makes a mutation of a row that the phone shows.
func (w *world) capture(p *phone, m syncer.Mutation) {
	key := m.C + "/" + m.R
	if p.shown(key) == nil || p.rotten[key] {
		return
	}
	held, ok := p.base[key]
	m.Base = held.v
	if !ok {
		m.Base = 1 // made here and not yet pulled
	}
	w.number(p, m, held.ver)
}

func (w *world) number(p *phone, m syncer.Mutation, ver int) {
	// Years and names differ; only the order of arrival counts.
	m.ID = full(fmt.Sprintf("m%sn%d", p.name, p.made))
	m.Captured = []string{"1970-01-01T00:00:00Z", "2026-03-02T08:00:00+08:00", "2099-12-31T23:59:59.999Z"}[p.made%3]
	w.o.bases[m.ID] = ver
	p.capture(m)
	p.newest = m.ID
}

func wire(set row) map[string]jsontext.Value {
	out := map[string]jsontext.Value{}
	for f, v := range set {
		out[f] = jsontext.Value(text(v))
	}
	return out
}

// expect is a claim of a story:
//
//	expect p1 shows vis v1 title=x   expect p1 lacks vis v1
//	expect p1 pending 2              expect p1 ended 3 rejected (how many so)
func (w *world) expect(p *phone, s step) {
	switch s.arg(2) {
	case "shows":
		r := p.shown(s.arg(3) + "/" + full(s.arg(4)))
		for f, v := range fields(s.arg(3), s[5:]) {
			if !equal(r[f], v) {
				fail("%s: %s is %v", s, f, r[f])
			}
		}
		if r == nil {
			fail("%s: there is no such row", s)
		}
	case "rotten": // expect p1 rotten 2
		if len(p.rotten) != s.number(3) {
			fail("%s: %v", s, p.rotten)
		}
	case "lacks":
		if r := p.shown(s.arg(3) + "/" + full(s.arg(4))); r != nil {
			fail("%s: it shows %v", s, r)
		}
	case "pending":
		if n := len(p.pending().list); n != s.number(3) {
			fail("%s: %d are", s, n)
		}
	case "ended":
		n := 0
		for _, status := range p.ended {
			if strings.HasPrefix(status, s.arg(4)) {
				n++
			}
		}
		if n != s.number(3) {
			fail("%s: %v", s, p.ended)
		}
	default:
		fail("no such claim: %s", s)
	}
}
