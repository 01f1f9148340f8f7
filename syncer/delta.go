package syncer

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
)

// delta is what one user's device must learn to go from one head to another.
type delta struct {
	puts   []int64 // docs visible at to that are new or changed since from
	leaves []int64 // docs visible at from and not at to
}

// delta compares what the user saw at from with what he sees at the snapshot's
// head, to. A from of 0 is before everything. Rows under the keys in without
// are left out.
func (e *Engine) delta(tx dbx.Builder, user string, from, to int64, without ...string) (delta, error) {
	var d delta
	if from >= to {
		return d, nil
	}
	keys, err := keysSince(tx, user, from)
	if err != nil {
		return d, err
	}
	puts := docSet{tx: tx, few: cmp.Or(e.FewRows, fewRows), bind: dbx.Params{"user": user, "open": int64(open), "from": from, "keys": jsonText(keys.gained), "lost": jsonText(keys.lost), "without": jsonText(without)}}

	// Rows of keys held now, changed since. Keys gained since come whole.
	puts.query(`SELECT s.doc FROM _sync_grant g CROSS JOIN _sync_scope s ON s.key = g.key AND s.to_seq = {:open} AND s.ver > {:from}
		WHERE g.user = {:user} AND g.to_seq = {:open} AND g.key NOT IN (SELECT value FROM json_each({:without}))`)
	fresh := puts.ids
	puts.ids = nil
	if len(keys.gained) > 0 {
		puts.query(`SELECT s.doc FROM json_each({:keys}) k CROSS JOIN _sync_scope s ON s.key = k.value AND s.to_seq = {:open} AND s.ver <= {:from}`)
	}
	gained := puts.ids
	if from > 0 && len(gained) > 0 {
		seen := puts.among(gained, user, `s.from_seq <= {:from} AND s.to_seq > {:from}`, `g.from_seq <= {:from} AND g.to_seq > {:from}`)
		gained = slices.DeleteFunc(gained, func(id int64) bool { _, ok := seen[id]; return ok })
	}
	d.puts = unique(append(fresh, gained...))

	leaves := docSet{tx: tx, few: puts.few, bind: puts.bind}
	if from > 0 {
		// Intervals that ended since, under keys held then; and all rows of keys lost since.
		leaves.query(`SELECT s.doc FROM _sync_grant g CROSS JOIN _sync_scope s ON s.key = g.key
			AND s.to_seq > {:from} AND s.to_seq < {:open} AND s.from_seq <= {:from}
			WHERE g.user = {:user} AND g.to_seq > {:from} AND g.from_seq <= {:from}`)
		if len(keys.lost) > 0 {
			leaves.query(`SELECT s.doc FROM json_each({:lost}) k CROSS JOIN _sync_scope s ON s.key = k.value
				AND s.to_seq = {:open} AND s.from_seq <= {:from}`)
		}
	}
	gone := unique(leaves.ids)
	if len(gone) > 0 {
		still := leaves.among(gone, user, `s.to_seq = {:open}`, `g.to_seq = {:open}`)
		gone = slices.DeleteFunc(gone, func(id int64) bool { _, ok := still[id]; return ok })
	}
	if e.Planted != PlantLeaveDropped {
		d.leaves = gone
	}
	if puts.err != nil || leaves.err != nil {
		return d, fmt.Errorf("compare scopes: %w", firstError(puts.err, leaves.err))
	}
	return d, nil
}

// keyDiff tells which keys a user gained or lost between a point and now.
type keyDiff struct{ gained, lost []string }

func keysSince(tx dbx.Builder, user string, from int64) (keyDiff, error) {
	var rows []struct {
		Key  string `db:"key"`
		Then bool   `db:"was"`
		Now  bool   `db:"is"`
	}
	err := tx.NewQuery(`SELECT key, MAX(from_seq <= {:from} AND {:from} > 0) AS was, MAX(to_seq = {:open}) AS "is" FROM _sync_grant
		WHERE user = {:user} AND to_seq > {:from} GROUP BY key HAVING was <> "is"`).
		Bind(dbx.Params{"user": user, "from": from, "open": int64(open)}).All(&rows)
	if err != nil {
		return keyDiff{}, fmt.Errorf("read the user's keys: %w", err)
	}
	var h keyDiff
	for _, r := range rows {
		if r.Now {
			h.gained = append(h.gained, r.Key)
		} else {
			h.lost = append(h.lost, r.Key)
		}
	}
	return h, nil
}

// docSet gathers doc ids from several queries over the same parameters.
type docSet struct {
	tx   dbx.Builder
	bind dbx.Params
	few  int // see Engine.FewRows
	ids  []int64
	err  error
}

// query adds the ids that a query returns as its column doc.
func (d *docSet) query(query string) {
	if d.err != nil {
		return
	}
	// One text of all ids costs half of what as many rows do.
	var list sql.NullString
	if d.err = d.tx.NewQuery("SELECT group_concat(doc) FROM (" + query + ")").Bind(d.bind).Row(&list); d.err != nil || !list.Valid {
		return
	}
	for text := range strings.SplitSeq(list.String, ",") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			d.err = err
			return
		}
		d.ids = append(d.ids, id)
	}
}

// fewRows is where to read all that a user sees, in the order of its keys, begins
// to cost less than to look rows up one by one.
const fewRows = 500

// among finds which of ids the user sees by intervals that meet both conditions,
// and perhaps others that he sees.
func (d *docSet) among(ids []int64, user, scope, grant string) map[int64]struct{} {
	sub := docSet{tx: d.tx, bind: dbx.Params{"user": user, "open": int64(open), "from": d.bind["from"]}}
	if len(ids) > d.few {
		sub.query(`SELECT s.doc FROM _sync_grant g CROSS JOIN _sync_scope s ON s.key = g.key AND ` + scope + ` WHERE g.user = {:user} AND ` + grant)
	} else {
		sub.bind["ids"] = idList(ids)
		sub.query(`SELECT s.doc FROM json_each({:ids}) i CROSS JOIN _sync_scope s INDEXED BY _sync_scope_doc ON s.doc = i.value AND ` + scope + `
			WHERE EXISTS (SELECT 1 FROM _sync_grant g WHERE g.user = {:user} AND g.key = s.key AND ` + grant + `)`)
	}
	if sub.err != nil && d.err == nil {
		d.err = sub.err
	}
	out := make(map[int64]struct{}, len(sub.ids))
	for _, id := range sub.ids {
		out[id] = struct{}{}
	}
	return out
}

func unique(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}
