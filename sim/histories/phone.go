package histories

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"time"

	"satchel/syncer"
)

// phone is a model phone. What one method writes is one local transaction: a
// crash falls between methods and loses only what is under way.
type phone struct {
	name, user, device string
	schema             uint32
	cursor             string
	to                 int64
	base               map[string]held
	outbox             []entry
	kept               []entry           // what ended, for a server that loses it
	epoch              int64             // of the newest answer
	amid               bool              // between two pages of an answer
	next               int64             // number of the newest mutation
	made               int               // mutations ever captured under an id of their own
	newest             string            // id of the last of them
	ended              map[string]string // mutation → verdict
	under              *answer           // a pull that arrived and is not yet taken
	last               *request          // the newest push, for a network that delivers it again
	rotten             map[string]bool   // rows that the storage holds wrong or not at all
	heard              time.Time         // when the server last had a pull of it
	anew               bool              // it has a reason to start over
	early              bool              // planted: the overlay goes with the acknowledgement
}

// held is a row of the last pull; ver is the oracle's version of it.
type held struct {
	v    int64
	body row
	ver  int
}

// entry is a mutation in the outbox.
type entry struct {
	m     syncer.Mutation
	acked bool
	seq   int64
	spoil string // how it is unfit to be taken, if it is
}

// request is a push on the wire.
type request struct {
	user, device string
	list         []arrival
}

// answer is a pull on the wire, with the state that it must bring.
type answer struct {
	cursor string // asked with
	body   []byte
	want   map[string]held
}

var errTorn = errors.New("the answer did not arrive whole")

func (p *phone) capture(m syncer.Mutation) {
	p.next++
	p.made++
	m.N = p.next
	p.outbox = append(p.outbox, entry{m: m})
}

// shown returns a row with the outbox laid over it; nil if the phone shows none.
func (p *phone) shown(key string) row {
	r := maps.Clone(p.base[key].body)
	for _, e := range p.outbox {
		if e.m.C+"/"+e.m.R == key {
			r = lay(r, &e.m)
		}
	}
	return r
}

func lay(r row, m *syncer.Mutation) row {
	switch {
	case m.Op == syncer.OpCreate:
		sh := shapeOf(m.C)
		r = row{"id": m.R}
		for _, f := range sh.fields() {
			r[f] = sh.zero(f)
		}
	case m.Op == syncer.OpDelete || r == nil:
		return nil
	case m.Op == syncer.OpAction:
		r["state"] = "closed"
	}
	maps.Copy(r, values(m.Set))
	for f, by := range m.Inc {
		n, _ := r[f].(float64)
		r[f] = n + float64(by)
	}
	for f, list := range m.Add {
		have, _ := r[f].([]string)
		r[f] = union(have, list)
	}
	for f, list := range m.Remove {
		have, _ := r[f].([]string)
		r[f] = slices.DeleteFunc(slices.Clone(have), func(x string) bool { return slices.Contains(list, x) })
	}
	return r
}

// pending lists what has no verdict yet, ready to send.
func (p *phone) pending() *request {
	out := &request{user: p.user, device: p.device}
	for _, e := range p.outbox {
		if !e.acked {
			out.list = append(out.list, e.arrive())
		}
	}
	return out
}

// wire is the request as the server reads it.
func (r *request) wire() []jsontext.Value {
	out := make([]jsontext.Value, len(r.list))
	for i, a := range r.list {
		out[i] = jsontext.Value(a.content)
	}
	return out
}

// keep stores verdicts.
func (p *phone) keep(device string, results []syncer.Result) error {
	if device != p.device {
		return nil // of a life before it was told to start over
	}
	for _, r := range results {
		i := slices.IndexFunc(p.outbox, func(e entry) bool { return e.m.N == r.N && e.m.ID == r.ID })
		if i < 0 || p.outbox[i].acked {
			continue
		}
		p.ended[r.ID] = r.Status
		p.outbox[i].acked, p.outbox[i].seq = true, r.Seq
		if r.Status == syncer.StatusRejected || p.early {
			p.kept = append(p.kept, p.outbox[i])
			p.outbox = slices.Delete(p.outbox, i, i+1)
		}
	}
	return nil
}

// again makes everything above a number pending: the server does not have it.
func (p *phone) again(high int64) {
	var back []entry
	without := func(list []entry) []entry {
		return slices.DeleteFunc(list, func(e entry) bool {
			if e.m.N > high {
				back = append(back, entry{m: e.m, spoil: e.spoil})
			}
			return e.m.N > high
		})
	}
	p.kept, p.outbox = without(p.kept), without(p.outbox)
	slices.SortFunc(back, func(a, b entry) int { return int(a.m.N - b.m.N) })
	p.outbox = append(p.outbox, back...)
}

// fork starts over as another device: it hands in all that it keeps, under new
// numbers from 1.
func (p *phone) fork() {
	p.again(0)
	p.device, p.next, p.cursor, p.under = p.device+p.name, 0, "", nil
	for i := range p.outbox {
		p.next++
		p.outbox[i].m.N = p.next
	}
}

// take commits an answer: rows, cursor and the end of overlays, only if whole.
func (p *phone) take(a *answer) (puts, leaves []string, begin syncer.Begin, err error) {
	base, rotten, sum := maps.Clone(p.base), maps.Clone(p.rotten), uint64(0)
	for raw := range bytes.Lines(a.body) {
		var l syncer.Line
		if raw[len(raw)-1] != '\n' || json.Unmarshal(raw, &l) != nil {
			return nil, nil, begin, errTorn
		}
		switch {
		case l.Begin != nil:
			if begin = *l.Begin; begin.Reset {
				clear(base)
				clear(rotten)
			}
			continue
		case l.End != nil:
			if l.End.Puts != len(puts) || l.End.Leaves != len(leaves) || l.End.Sum != fmt.Sprintf("%016x", sum) {
				return nil, nil, begin, errTorn
			}
			p.base, p.rotten, p.cursor, p.epoch, p.amid = base, rotten, l.End.Cursor, begin.Epoch, l.End.More
			p.again(begin.HighWater)
			if !p.amid {
				p.outbox = slices.DeleteFunc(p.outbox, func(e entry) bool {
					pulled := e.acked && e.seq <= begin.To
					if pulled {
						p.kept = append(p.kept, e)
					}
					return pulled
				})
			}
			return puts, leaves, begin, nil
		case l.X != "":
			leaves = append(leaves, l.C+"/"+l.I)
			delete(base, l.C+"/"+l.I)
			delete(rotten, l.C+"/"+l.I)
		default:
			var fields map[string]jsontext.Value
			if err := json.Unmarshal(l.R, &fields); err != nil {
				return nil, nil, begin, errTorn
			}
			body := values(fields)
			key := l.C + "/" + body["id"].(string)
			puts = append(puts, key)
			delete(rotten, key)
			base[key] = held{v: l.V, body: body, ver: a.want[key].ver}
		}
		sum += uint64(crc32.ChecksumIEEE(raw))
	}
	return nil, nil, begin, errTorn
}

// copy is the phone as a backup of it would be restored on another.
func (p *phone) copy(name string) *phone {
	q := *p
	q.name, q.base, q.ended, q.outbox = name, maps.Clone(p.base), maps.Clone(p.ended), slices.Clone(p.outbox)
	q.rotten, q.kept = maps.Clone(p.rotten), slices.Clone(p.kept)
	q.under, q.last = nil, nil
	return &q
}
