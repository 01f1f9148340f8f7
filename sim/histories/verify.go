package histories

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"strings"

	"satchel/syncer"
)

// fewRows is the number of rows below which a bucket is listed whole: few, so
// that small worlds go down some steps.
const fewRows = 2

// rot damages what a phone holds: a row lost, at a version that it is not, or
// one that never was.
func (p *phone) rot(key, how string) {
	held0, holds := p.base[key]
	switch {
	case how == "lose" && holds:
		delete(p.base, key)
	case how == "stale" && holds:
		held0.v--
		p.base[key] = held0
	case how == "invent" && !holds:
		coll, id, _ := strings.Cut(key, "/")
		p.base[key] = held{v: 1, body: lay(nil, &syncer.Mutation{Op: syncer.OpCreate, C: coll, R: id})}
	default:
		return
	}
	if p.rotten == nil {
		p.rotten = map[string]bool{}
	}
	p.rotten[key] = true
}

// leaf is the documented hash, written down a second time.
func leaf(key []byte, parts ...string) uint64 {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(strings.Join(parts, "\x00")))
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// verify brings a phone up to date and lets it compare and mend. Only rows that
// differ are sent, and then none does: S11.
func (w *world) verify(p *phone) {
	if !w.allowed(p.user) {
		return
	}
	w.pull(p, "")
	q := w.question(p)
	req := syncer.DigestRequest{Device: p.device, Cursor: p.cursor, Sums: p.sums("", "")}
	mend := map[string]map[string]map[string]int64{}
	for {
		got, err := w.digest(q, req)
		must(err)
		if got.Equal {
			break
		}
		req.Sums, req.Within = nil, map[string][]string{}
		for c, buckets := range got.Buckets {
			for prefix, b := range buckets {
				p.narrow(c, prefix, b, mend, req.Within)
			}
		}
		if len(req.Within) == 0 {
			break
		}
	}
	if (len(mend) > 0) != (len(p.rotten) > 0) {
		fail("%s has the rotten rows %v and is asked for %v", p.name, p.rotten, mend)
	}
	if len(mend) == 0 {
		return
	}
	body, err := w.repair(q, syncer.RepairRequest{Device: p.device, Cursor: p.cursor, Buckets: mend})
	must(err)
	rotten := maps.Clone(p.rotten)
	puts, leaves, _, err := p.take(w.answer(p, body))
	must(err)
	for _, key := range append(puts, leaves...) {
		if !rotten[key] {
			fail("%s was sent %s, which did not differ", p.name, key)
		}
	}
	if len(p.rotten) > 0 {
		fail("%s still has the rotten rows %v", p.name, p.rotten)
	}
	w.holdsWhatItShould(p, w.answer(p, nil).want)
}

// sums is the phone's digest of each collection, or of the 16 buckets under a
// prefix in one.
func (p *phone) sums(coll, prefix string) map[string]string {
	sums, key := map[string]uint64{}, syncer.NewDigestKey([]byte(secret), p.device)
	for at, h := range p.base {
		c, id, _ := strings.Cut(at, "/")
		into := c
		if coll != "" {
			place := fmt.Sprintf("%016x", leaf(key, c, id))
			if c != coll || !strings.HasPrefix(place, prefix) {
				continue
			}
			into = place[len(prefix) : len(prefix)+1]
		}
		sums[into] += leaf(key, c, id, fmt.Sprint(h.v))
	}
	out := map[string]string{}
	for k, sum := range sums {
		out[k] = fmt.Sprintf("%016x", sum)
	}
	return out
}

// narrow lists a small bucket for repair, and looks further into a large one.
func (p *phone) narrow(c, prefix string, b syncer.Bucket, mend map[string]map[string]map[string]int64, within map[string][]string) {
	mine, key := map[string]int64{}, syncer.NewDigestKey([]byte(secret), p.device)
	for at, h := range p.base {
		coll, id, _ := strings.Cut(at, "/")
		if coll == c && strings.HasPrefix(fmt.Sprintf("%016x", leaf(key, c, id)), prefix) {
			mine[id] = h.v
		}
	}
	if max(b.Rows, len(mine)) <= fewRows {
		if mend[c] == nil {
			mend[c] = map[string]map[string]int64{}
		}
		mend[c][prefix] = mine
		return
	}
	sums := p.sums(c, prefix)
	for i, theirs := range b.Sums {
		digit := fmt.Sprintf("%x", i)
		if ours, ok := sums[digit]; ok && ours != theirs || !ok && theirs != strings.Repeat("0", 16) {
			within[c] = append(within[c], prefix+digit)
		}
	}
}
