package syncer

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
)

// stored is a replica row as an earlier fold left it.
type stored struct {
	ID      int64   `db:"id"`
	Rec     string  `db:"rec"`
	Ver     int64   `db:"ver"`
	Fields  string  `db:"fields"`
	Body    *string `db:"body"`
	Expires int64   `db:"expires"`
	Last    *string `db:"last"` // the body of a deleted row that an edit may bring back

	keys   []string
	grants []grant
}

// change is what a fold writes for its chunk of rows.
type change struct {
	docs                    []dbx.Params
	bump                    []int64  // docs whose open scope rows get the new version
	scopeOpened, scopeEnded [][2]any // [doc, key]
	grantOpened, grantEnded [][3]any // [doc, user, key]
}

// foldRows compares rows with their replicas and writes the difference at ver.
func (s *Session) foldRows(coll string, recs []string, ver int64, by string) error {
	old, err := s.storedDocs(coll, recs)
	if err != nil {
		return err
	}
	rule, synced := s.catalog.byID[coll]
	var now map[string]projected
	if synced {
		if now, err = s.project(rule, recs); err != nil {
			return err
		}
	}
	var c change
	for _, rec := range recs {
		was, known := old[rec]
		row, exists := now[rec]
		if synced && !exists && (!known || was.Body != nil) {
			gone := Gone{Collection: &rule.Collection, Record: rec}
			if known {
				gone.Body = *was.Body
			}
			s.gone = append(s.gone, gone)
		}
		if !known && !exists {
			continue
		}
		if !known {
			if was, err = s.newDoc(rec); err != nil {
				return err
			}
		}
		if err := s.compare(&c, rule, coll, was, row, exists, ver, by); err != nil {
			return err
		}
	}
	return s.write(&c, ver)
}

// compare adds to c what makes the replica of one row equal to the row.
func (s *Session) compare(c *change, rule *Rule, coll string, was stored, row projected, exists bool, ver int64, by string) error {
	var keys []string
	var grants []grant
	var body *string
	var expires int64
	if exists {
		body = &row.body
		expires = rule.expiry(row.columns)
		grants = rule.grants(row.columns)
		if expires == 0 || expires > dayOf(s.now) {
			keys = rule.KeysOf(row.columns)
		}
	}

	fields, changed, err := history(s.unknown[coll], was, body, ver, by)
	if err != nil {
		return fmt.Errorf("compare %s %s: %w", coll, was.Rec, err)
	}
	if changed || expires != was.Expires {
		last := was.Last
		switch {
		case exists:
			last = nil
		case was.Body != nil && rule != nil && rule.EditRestores:
			last = was.Body
		}
		c.docs = append(c.docs, dbx.Params{
			"id": was.ID, "coll": coll, "rec": was.Rec, "ver": ver, "fields": fields, "body": body, "expires": expires, "last": last,
		})
		if len(was.keys) > 0 {
			c.bump = append(c.bump, was.ID)
		}
		s.touch(keys...)
	}
	for _, k := range keys {
		if !slices.Contains(was.keys, k) {
			c.scopeOpened = append(c.scopeOpened, [2]any{was.ID, k})
			s.touch(k)
		}
	}
	for _, k := range was.keys {
		if !slices.Contains(keys, k) {
			c.scopeEnded = append(c.scopeEnded, [2]any{was.ID, k})
			s.touch(k)
		}
	}
	for _, g := range grants {
		if !slices.Contains(was.grants, g) {
			c.grantOpened = append(c.grantOpened, [3]any{was.ID, g.user, g.key})
			s.users[g.user] = struct{}{}
		}
	}
	for _, g := range was.grants {
		if !slices.Contains(grants, g) {
			c.grantEnded = append(c.grantEnded, [3]any{was.ID, g.user, g.key})
			s.users[g.user] = struct{}{}
		}
	}
	return nil
}

func (s *Session) touch(keys ...string) {
	for _, k := range keys {
		s.keys[k] = struct{}{}
	}
}

// stamp is the version at which a field last changed and the device that did it.
type stamp struct {
	Ver int64
	By  string
}

// MarshalJSON renders [ver, "device"].
func (s stamp) MarshalJSON() ([]byte, error) { return json.Marshal([2]any{s.Ver, s.By}) }

// UnmarshalJSON reads [ver, "device"].
func (s *stamp) UnmarshalJSON(b []byte) error {
	var pair [2]jsontext.Value
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if err := json.Unmarshal(pair[0], &s.Ver); err != nil {
		return err
	}
	return json.Unmarshal(pair[1], &s.By)
}

// history returns the field history after a change of the body, as JSON.
// Key "*" holds for every field not named: the row's creation. A field that only
// has another name by now keeps its history, and one that the collection gained
// has none until it holds something: neither is an edit of the row. unknown are
// the changes of fields since the old body was written.
func history(unknown []Step, was stored, body *string, ver int64, by string) (fields string, changed bool, err error) {
	switch {
	case body == nil && was.Body == nil:
		return was.Fields, false, nil
	case body == nil || was.Body == nil:
		return jsonText(map[string]stamp{"*": {ver, by}}), true, nil
	case *body == *was.Body && len(unknown) == 0:
		return was.Fields, false, nil
	}
	var a, b map[string]jsontext.Value
	old := map[string]stamp{}
	for text, into := range map[string]any{*was.Body: &a, *body: &b, was.Fields: &old} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return "", false, err
		}
	}
	stamps := map[string]stamp{}
	if made, ok := old["*"]; ok {
		stamps["*"] = made
	}
	for f, v := range b {
		name, known := undo(unknown, f)
		before, there := a[name]
		there = there && known
		last, stamped := old[name]
		switch {
		case there && string(before) == string(v):
			if stamped {
				stamps[f] = last
			}
		case there || !empty(v):
			stamps[f] = stamp{ver, by}
		}
	}
	text, err := json.Marshal(stamps, json.Deterministic(true))
	return string(text), *body != *was.Body || string(text) != was.Fields, err
}

// storedDocs reads the replicas of recs with their open keys and grants.
func (s *Session) storedDocs(coll string, recs []string) (map[string]stored, error) {
	var docs []stored
	err := s.tx.NewQuery(`SELECT id, rec, ver, fields, body, expires, last FROM _sync_doc
		WHERE coll = {:coll} AND rec IN (SELECT value FROM json_each({:recs}))`).
		Bind(dbx.Params{"coll": coll, "recs": jsonText(recs)}).All(&docs)
	if err != nil {
		return nil, fmt.Errorf("read replicas: %w", err)
	}
	out := make(map[string]stored, len(docs))
	if len(docs) == 0 {
		return out, nil
	}
	at := make(map[int64]int, len(docs))
	ids := make([]int64, len(docs))
	for i, d := range docs {
		at[d.ID], ids[i] = i, d.ID
	}
	bind := dbx.Params{"open": int64(open), "docs": jsonText(ids)}
	var scopes []struct {
		Doc int64  `db:"doc"`
		Key string `db:"key"`
	}
	err = s.tx.NewQuery(`SELECT doc, key FROM _sync_scope WHERE to_seq = {:open} AND doc IN (SELECT value FROM json_each({:docs}))`).
		Bind(bind).All(&scopes)
	if err != nil {
		return nil, fmt.Errorf("read scopes: %w", err)
	}
	for _, r := range scopes {
		docs[at[r.Doc]].keys = append(docs[at[r.Doc]].keys, r.Key)
	}
	var grants []struct {
		Doc  int64  `db:"doc"`
		User string `db:"user"`
		Key  string `db:"key"`
	}
	err = s.tx.NewQuery(`SELECT doc, user, key FROM _sync_grant WHERE to_seq = {:open} AND doc IN (SELECT value FROM json_each({:docs}))`).
		Bind(bind).All(&grants)
	if err != nil {
		return nil, fmt.Errorf("read grants: %w", err)
	}
	for _, r := range grants {
		docs[at[r.Doc]].grants = append(docs[at[r.Doc]].grants, grant{r.User, r.Key})
	}
	for _, d := range docs {
		out[d.Rec] = d
	}
	return out, nil
}

func (s *Session) newDoc(rec string) (stored, error) {
	if s.nextDoc == 0 {
		if err := s.tx.NewQuery("SELECT COALESCE(MAX(id), 0) FROM _sync_doc").Row(&s.nextDoc); err != nil {
			return stored{}, fmt.Errorf("number a replica: %w", err)
		}
	}
	s.nextDoc++
	return stored{ID: s.nextDoc, Rec: rec, Fields: "{}"}, nil
}

// write stores a chunk's difference. A new or changed replica is a statement of
// its own, since its body is long: a list of all in one JSON text is escaped,
// parsed and taken apart again.
func (s *Session) write(c *change, ver int64) error {
	for _, d := range c.docs {
		_, err := s.query(`INSERT INTO _sync_doc (id, coll, rec, ver, fields, body, expires, last)
			VALUES ({:id}, {:coll}, {:rec}, {:ver}, {:fields}, {:body}, {:expires}, {:last})
			ON CONFLICT (id) DO UPDATE SET ver = excluded.ver, fields = excluded.fields, body = excluded.body, expires = excluded.expires,
				last = excluded.last`, d).Execute()
		if err != nil {
			return fmt.Errorf("write a replica: %w", err)
		}
	}
	for _, o := range c.scopeOpened {
		_, err := s.query("INSERT INTO _sync_scope (doc, key, from_seq, to_seq, ver) VALUES ({:doc}, {:key}, {:ver}, {:open}, {:ver})",
			dbx.Params{"doc": o[0], "key": o[1], "ver": ver, "open": int64(open)}).Execute()
		if err != nil {
			return fmt.Errorf("write replicas: %w", err)
		}
	}
	run := func(n int, rows any, sql string) error {
		if n == 0 {
			return nil
		}
		_, err := s.query(sql, dbx.Params{"rows": jsonText(rows), "ver": ver, "open": int64(open)}).Execute()
		return wrapped(err, "failed to write replicas")
	}
	return firstError(
		run(len(c.scopeEnded), c.scopeEnded, `UPDATE _sync_scope SET to_seq = {:ver} WHERE to_seq = {:open}
			AND doc IN (SELECT value->>0 FROM json_each({:rows})) AND (doc, key) IN (SELECT value->>0, value->>1 FROM json_each({:rows}))`),
		run(len(c.bump), c.bump, `UPDATE _sync_scope SET ver = {:ver} WHERE to_seq = {:open}
			AND doc IN (SELECT value FROM json_each({:rows}))`),
		run(len(c.grantEnded), c.grantEnded, `UPDATE _sync_grant SET to_seq = {:ver} WHERE to_seq = {:open}
			AND doc IN (SELECT value->>0 FROM json_each({:rows})) AND (doc, user, key) IN (SELECT value->>0, value->>1, value->>2 FROM json_each({:rows}))`),
		run(len(c.grantOpened), c.grantOpened, `INSERT INTO _sync_grant (doc, user, key, from_seq, to_seq)
			SELECT value->>0, value->>1, value->>2, {:ver}, {:open} FROM json_each({:rows})`),
	)
}
