package syncer

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
)

// foldChunk bounds how many rows of a collection are held in memory at once.
const foldChunk = 500

// Fold brings the replica tables up to the end of the log and advances head.
// by is the device whose changes these are, empty for everybody else's. All
// rows of one fold get the same version, the seq of its last log row.
func (s *Session) Fold(by string) error {
	work, to, err := s.readLog()
	if err != nil || to == s.state.head.seq {
		return err
	}
	defer func() { s.unknown = nil }()
	ver := to
	if s.engine.Planted == PlantTimestampCursor {
		ver = s.now.UnixMilli()
	}
	if s.engine.Planted == PlantSeqReused && s.state.head.seq > 0 {
		ver = s.state.head.seq
	}
	for _, w := range work {
		for chunk := range slices.Chunk(w.recs, foldChunk) {
			if err := s.foldRows(w.coll, chunk, ver, by); err != nil {
				return err
			}
		}
	}
	if s.engine.Gone != nil && len(s.gone) > 0 {
		if err := s.engine.Gone(s.tx, s.gone); err != nil {
			return err
		}
		s.gone = nil
	}
	s.engine.heads.note(to, s.keys, s.users)
	if err := s.setState("head", to); err != nil {
		return err
	}
	return s.extend(to)
}

// foldWork is the part of a fold that concerns one collection.
type foldWork struct {
	coll string
	recs []string
}

// readLog lists what changed since head, each record once, and the seq to which
// it read. A change of the rules or of a collection widens the work to all rows.
func (s *Session) readLog() (work []foldWork, to int64, err error) {
	var log []struct {
		Seq  int64  `db:"seq"`
		Coll string `db:"coll"`
		Rec  string `db:"rec"`
	}
	err = s.tx.NewQuery("SELECT MAX(seq) AS seq, coll, rec FROM _sync_log WHERE seq > {:head} GROUP BY coll, rec ORDER BY 1").
		Bind(dbx.Params{"head": s.state.head.seq}).All(&log)
	if err != nil {
		return nil, 0, fmt.Errorf("read the log: %w", err)
	}
	if len(log) == 0 {
		return nil, s.state.head.seq, nil
	}
	if s.engine.Planted == PlantHalfSeen && s.state.head.seq > 0 {
		log = log[:(len(log)+1)/2]
	}

	at := map[string]int{}
	of := func(coll string) *foldWork {
		i, ok := at[coll]
		if !ok {
			i, at[coll] = len(work), len(work)
			work = append(work, foldWork{coll: coll})
		}
		return &work[i]
	}
	rulesChanged, renamed, gone := false, false, false
	var whole []string
	for _, l := range log {
		switch {
		case l.Coll == s.catalog.RuleID:
			rulesChanged = true
		case l.Rec == "":
			whole = append(whole, l.Coll)
		default:
			w := of(l.Coll)
			w.recs = append(w.recs, l.Rec)
		}
	}
	if rulesChanged || len(whole) > 0 {
		if s.catalog, err = s.engine.Load(s.tx); err != nil {
			return nil, 0, fmt.Errorf("load sync rules: %w", err)
		}
		var known []string
		if known, renamed, err = s.rename(); err != nil {
			return nil, 0, err
		}
		if rulesChanged {
			whole = append(whole, known...)
			for _, r := range s.catalog.Rules() {
				whole = append(whole, r.Collection.ID)
			}
		}
	}
	for _, coll := range whole {
		recs, err := s.allRecords(coll)
		if err != nil {
			return nil, 0, err
		}
		of(coll).recs = recs
		if _, synced := s.catalog.byID[coll]; !synced && len(recs) > 0 {
			gone = true
		}
	}
	to = log[len(log)-1].Seq
	if rulesChanged || len(whole) > 0 {
		s.state.rules = to
		err = s.setState("rules", to)
	}
	if err == nil && (renamed || gone) {
		// Phones hold rows under a name that no leave can say any more: they take all anew.
		s.state.reset = to
		err = s.setState("reset", to)
	}
	return work, to, err
}

// rename takes note of the names under which phones know collections by now, and
// of the changes of fields that their replicas know. It
// returns the ids of those that they knew, and whether one had another name. What
// they knew is stored: a server that was killed after a rename has it from there.
func (s *Session) rename() (known []string, renamed bool, err error) {
	var rows []struct {
		Coll string `db:"coll"`
		Name string `db:"name"`
		Step int64  `db:"step"`
	}
	if err := s.tx.NewQuery("SELECT coll, name, step FROM _sync_name").All(&rows); err != nil {
		return nil, false, fmt.Errorf("read the names of collections: %w", err)
	}
	s.unknown = map[string][]Step{}
	for _, r := range rows {
		known = append(known, r.Coll)
		rule, ok := s.catalog.byID[r.Coll]
		renamed = renamed || ok && rule.Collection.Name != r.Name
		if ok {
			s.unknown[r.Coll] = rule.since(r.Step)
		}
	}
	if _, err := s.tx.NewQuery("DELETE FROM _sync_name").Execute(); err != nil {
		return nil, false, fmt.Errorf("note the names of collections: %w", err)
	}
	for _, r := range s.catalog.Rules() {
		_, err := s.tx.NewQuery("INSERT INTO _sync_name (coll, name, step) VALUES ({:c}, {:n}, {:s})").
			Bind(dbx.Params{"c": r.Collection.ID, "n": r.Collection.Name, "s": r.lastStep()}).Execute()
		if err != nil {
			return nil, false, fmt.Errorf("note the names of collections: %w", err)
		}
	}
	return known, renamed, nil
}

func (s *Session) setState(key string, value int64) error {
	_, err := s.tx.NewQuery("UPDATE _sync_state SET value = {:v} WHERE key = {:k}").Bind(dbx.Params{"k": key, "v": value}).Execute()
	if err != nil {
		return fmt.Errorf("advance %s: %w", key, err)
	}
	return nil
}

// allRecords lists every record that a collection holds or that phones hold of it.
func (s *Session) allRecords(coll string) ([]string, error) {
	query := "SELECT rec FROM _sync_doc WHERE coll = {:coll} AND body IS NOT NULL"
	if rule, ok := s.catalog.byID[coll]; ok {
		query += " UNION SELECT id FROM `" + rule.Collection.Name + "`"
	}
	var recs []string
	if err := s.tx.NewQuery(query).Bind(dbx.Params{"coll": coll}).Column(&recs); err != nil {
		return nil, fmt.Errorf("list records of %s: %w", coll, err)
	}
	return recs, nil
}

// Sweep logs the rows whose time on phones is over, so that the next fold ends
// their intervals. It returns how many.
func (s *Session) Sweep() (int64, error) {
	res, err := s.tx.NewQuery(`INSERT INTO _sync_log (coll, rec, op) SELECT coll, rec, {:op} FROM _sync_doc d
		WHERE expires > 0 AND expires <= {:day} AND EXISTS (SELECT 1 FROM _sync_scope WHERE doc = d.id AND to_seq = {:open})`).
		Bind(dbx.Params{"op": opSweep, "day": dayOf(s.now), "open": int64(open)}).Execute()
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	return res.RowsAffected()
}
