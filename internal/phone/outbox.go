package phone

import (
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"strconv"
	"time"

	"satchel/syncer"
)

// Row is a record as the phone shows it.
type Row map[string]any

// ErrNoRow says that the phone does not hold the record.
var ErrNoRow = errors.New("no such record on this phone")

// Create makes a record under an id of the phone's own.
func (p *Phone) Create(collection, id string, set Row) error {
	return p.add(syncer.Mutation{Op: syncer.OpCreate, C: collection, R: id}, set)
}

// Update sends the fields that differ from what the phone shows.
func (p *Phone) Update(collection, id string, set Row) error {
	shown, err := p.Get(collection, id)
	if err != nil {
		return err
	}
	base, err := p.version(collection, id)
	if err != nil {
		return err
	}
	changed, was := Row{}, map[string]jsontext.Value{}
	for f, v := range set {
		a, err := json.Marshal(shown[f], json.Deterministic(true))
		if err != nil {
			return err
		}
		b, err := json.Marshal(v, json.Deterministic(true))
		if err != nil {
			return err
		}
		if string(a) != string(b) {
			changed[f], was[f] = v, a
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return p.add(syncer.Mutation{Op: syncer.OpUpdate, C: collection, R: id, Base: base, Was: was}, changed)
}

// Increment adds to a number field; it never conflicts.
func (p *Phone) Increment(collection, id, field string, by int64) error {
	base, err := p.version(collection, id)
	if err != nil {
		return err
	}
	return p.add(syncer.Mutation{Op: syncer.OpUpdate, C: collection, R: id, Base: base, Inc: map[string]int64{field: by}}, nil)
}

// Delete removes a record.
func (p *Phone) Delete(collection, id string) error {
	if _, err := p.Get(collection, id); err != nil {
		return err
	}
	base, err := p.version(collection, id)
	if err != nil {
		return err
	}
	return p.add(syncer.Mutation{Op: syncer.OpDelete, C: collection, R: id, Base: base}, nil)
}

// Act asks for a state change by name.
func (p *Phone) Act(collection, id, action string, args any) error {
	raw, err := json.Marshal(args, json.Deterministic(true))
	if err != nil {
		return err
	}
	return p.add(syncer.Mutation{Op: syncer.OpAction, C: collection, R: id, Action: action, Args: raw}, nil)
}

// version is the base of an edit: the version pulled last. A row that only the
// outbox knows is edited on top of one's own create, which no version precedes.
func (p *Phone) version(collection, id string) (int64, error) {
	var v int64
	err := p.store.db.QueryRow("SELECT v FROM base WHERE c = ? AND id = ?", collection, id).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return 1, nil
	}
	return v, err
}

// add stores a mutation, or keeps it for the end of its group.
func (p *Phone) add(m syncer.Mutation, set Row) error {
	m.ID, m.Captured = p.NewID(), p.cfg.Now().Format(time.RFC3339)
	if len(set) > 0 {
		m.Set = map[string]jsontext.Value{}
	}
	for f, v := range set {
		raw, err := json.Marshal(v, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("read %s: %w", f, err)
		}
		m.Set[f] = raw
	}
	if p.group != "" {
		p.members = append(p.members, m)
		return nil
	}
	return p.store.within(func(tx *sql.Tx) error { return enqueue(tx, &m) })
}

func nextNumber(tx *sql.Tx) (int64, error) {
	var last string
	err := tx.QueryRow("SELECT v FROM meta WHERE k = 'n'").Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	n := int64(0)
	if last != "" {
		if n, err = strconv.ParseInt(last, 10, 64); err != nil {
			return 0, err
		}
	}
	_, err = tx.Exec("INSERT OR REPLACE INTO meta (k, v) VALUES ('n', ?)", strconv.FormatInt(n+1, 10))
	return n + 1, err
}

// countFrom continues the numbers after the server's high-water mark, for a
// store that was made anew under an old install.
func (p *Phone) countFrom(high int64) error {
	last, err := p.store.meta("n")
	if err != nil {
		return err
	}
	if n, err := strconv.ParseInt(last, 10, 64); err == nil && n >= high {
		return nil
	}
	return p.store.setMeta("n", strconv.FormatInt(high, 10))
}

// Pending counts the mutations that have no verdict yet.
func (p *Phone) Pending() (int, error) {
	var n int
	err := p.store.db.QueryRow("SELECT COUNT(*) FROM outbox WHERE state = 'pending'").Scan(&n)
	return n, err
}
