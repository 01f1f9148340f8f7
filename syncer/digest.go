package syncer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
)

const (
	digestFan       = 16  // buckets that one splits into, a hex digit each
	maxDigestPrefix = 8   // hex digits of the smallest bucket
	maxDigestAsked  = 256 // buckets in one question
)

// DigestRequest asks whether the device holds what it should at its cursor.
// The first question has sums; those after it have within.
type DigestRequest struct {
	Device string `json:"device"`
	Schema int    `json:"schema"`
	Cursor string `json:"cursor"`
	// Sums holds the digest per collection, 16 hex digits; none for no rows.
	Sums map[string]string `json:"sums,omitzero"`
	// Within names buckets to look into: collection → prefixes of places.
	Within map[string][]string `json:"within,omitzero"`
}

// DigestResponse answers a question. Buckets are those asked for, or the root
// of each collection whose sum differs: collection → prefix → bucket.
type DigestResponse struct {
	Equal   bool                         `json:"equal"`
	Buckets map[string]map[string]Bucket `json:"buckets,omitzero"`
}

// Bucket tells what the server holds for the device in one bucket.
type Bucket struct {
	Rows int      `json:"rows"`
	Sums []string `json:"sums"` // of the 16 buckets that it splits into
}

// visibleRow is a row that the user sees.
type visibleRow struct {
	doc   int64
	c, id string
	v     int64
	place string
}

// Digest compares. Problems: sync_moved (409) if the cursor is not where the
// server stands for this user, so that he must pull first; body_malformed.
func (e *Engine) Digest(tx dbx.Builder, p Pull, req DigestRequest) (DigestResponse, error) {
	asked := 0
	for _, prefixes := range req.Within {
		asked += len(prefixes)
		if slices.ContainsFunc(prefixes, badPrefix) {
			return DigestResponse{}, refuseRequest(400, "body_malformed")
		}
	}
	if asked > maxDigestAsked {
		return DigestResponse{}, refuseRequest(400, "body_malformed")
	}
	rows, _, err := e.standing(tx, p)
	if err != nil {
		return DigestResponse{}, err
	}
	key := NewDigestKey(p.Keys.Digest, p.Device)
	within := req.Within
	if asked == 0 {
		within = differing(key, rows, req.Sums)
	}
	out := DigestResponse{Equal: len(within) == 0, Buckets: map[string]map[string]Bucket{}}
	for c, prefixes := range within {
		for i := range rows[c] {
			rows[c][i].place = Hex16(key.Place(c, rows[c][i].id))
		}
		out.Buckets[c] = map[string]Bucket{}
		for _, prefix := range prefixes {
			out.Buckets[c][prefix] = bucketOf(key, rows[c], prefix)
		}
	}
	return out, nil
}

func badPrefix(prefix string) bool {
	return len(prefix) > maxDigestPrefix || strings.Trim(prefix, "0123456789abcdef") != ""
}

// differing lists the collections whose sums are not the same on both sides.
func differing(key DigestKey, rows map[string][]visibleRow, theirs map[string]string) map[string][]string {
	out := map[string][]string{}
	for c := range theirs {
		if _, ok := rows[c]; !ok && theirs[c] != Hex16(0) {
			out[c] = []string{""}
		}
	}
	for c, list := range rows {
		var sum uint64
		for _, r := range list {
			sum += key.Leaf(c, r.id, r.v)
		}
		if theirs[c] != Hex16(sum) {
			out[c] = []string{""}
		}
	}
	return out
}

func bucketOf(key DigestKey, rows []visibleRow, prefix string) Bucket {
	var sums [digestFan]uint64
	b := Bucket{Sums: make([]string, digestFan)}
	for _, r := range rows {
		if strings.HasPrefix(r.place, prefix) {
			b.Rows++
			sums[strings.IndexByte("0123456789abcdef", r.place[len(prefix)])] += key.Leaf(r.c, r.id, r.v)
		}
	}
	for i, sum := range sums {
		b.Sums[i] = Hex16(sum)
	}
	return b
}

// standing reads all that the user sees, by collection, for a device that has
// learned everything up to the snapshot.
func (e *Engine) standing(tx dbx.Builder, p Pull) (map[string][]visibleRow, state, error) {
	moved := refuseRequest(409, "sync_moved")
	st, err := readState(tx)
	if err != nil {
		return nil, st, err
	}
	catalog, err := e.catalogAt(tx, st.rules)
	if err != nil {
		return nil, st, err
	}
	from, err := e.startOf(tx, st, p)
	if _, forked := errors.AsType[*ForkError](err); forked || err == nil && (from.reset || from.page.Doc != 0) {
		return nil, st, moved
	}
	if err != nil {
		return nil, st, err
	}
	since, err := e.delta(tx, p.User, from.seq, st.head.seq)
	if err != nil {
		return nil, st, err
	}
	if len(since.puts)+len(since.leaves) > 0 {
		return nil, st, moved
	}
	all, err := e.delta(tx, p.User, 0, st.head.seq)
	if err != nil {
		return nil, st, err
	}
	rows, err := rowsOf(tx, catalog, all.puts)
	return rows, st, err
}

func rowsOf(tx dbx.Builder, catalog *Catalog, docs []int64) (map[string][]visibleRow, error) {
	var list []struct {
		ID   int64  `db:"id"`
		Coll string `db:"coll"`
		Rec  string `db:"rec"`
		Ver  int64  `db:"ver"`
	}
	err := tx.NewQuery("SELECT id, coll, rec, ver FROM _sync_doc WHERE body IS NOT NULL AND id IN (SELECT value FROM json_each({:ids}))").
		Bind(dbx.Params{"ids": idList(docs)}).All(&list)
	if err != nil {
		return nil, fmt.Errorf("read what a device should hold: %w", err)
	}
	out := map[string][]visibleRow{}
	for _, r := range list {
		if rule, ok := catalog.byID[r.Coll]; ok {
			c := rule.Collection.Name
			out[c] = append(out[c], visibleRow{doc: r.ID, c: c, id: r.Rec, v: r.Ver})
		}
	}
	return out, nil
}
