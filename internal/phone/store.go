package phone

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	_ "modernc.org/sqlite" // the phone's own database
)

// schema of the phone's store.
const schema = `
CREATE TABLE IF NOT EXISTS base (c TEXT NOT NULL, id TEXT NOT NULL, v INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (c, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY, c TEXT NOT NULL, r TEXT NOT NULL, body TEXT NOT NULL,
	state TEXT NOT NULL DEFAULT 'pending', seq INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS outbox_row ON outbox (c, r);
CREATE TABLE IF NOT EXISTS verdicts (n INTEGER PRIMARY KEY, result TEXT NOT NULL, mutation TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS photos (blob TEXT PRIMARY KEY, n INTEGER NOT NULL, bytes BLOB NOT NULL, state TEXT NOT NULL DEFAULT 'pending', code TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS numbers (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, series TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
	next INTEGER NOT NULL, device TEXT NOT NULL, install TEXT NOT NULL, told INTEGER NOT NULL, dropped TEXT NOT NULL DEFAULT '[]', UNIQUE (kind, series, first));
CREATE TABLE IF NOT EXISTS meta (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;
`

// Store is the phone's database. It survives being killed at any point.
type Store struct{ db *sql.DB }

// OpenStore opens or makes a store in a file; an empty path keeps it in memory.
func OpenStore(path string) (*Store, error) {
	dsn := ":memory:"
	if path != "" {
		dsn = path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open the phone's store: %w", err)
	}
	db.SetMaxOpenConns(1) // one writer, and one memory
	if _, err := db.Exec(schema); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the phone's store: %w", err), db.Close())
	}
	return &Store{db: db}, nil
}

// Close closes the store.
func (s *Store) Close() error { return s.db.Close() }

// CopyTo writes the store to a file, as a phone's own backup would.
func (s *Store) CopyTo(path string) error {
	_, err := s.db.Exec("VACUUM INTO ?", path)
	return err
}

// LoseInstall forgets which installation it is, as a phone on which the backup of
// another was put back.
func (s *Store) LoseInstall() error {
	_, err := s.db.Exec("DELETE FROM meta WHERE k = 'install'")
	return err
}

// within runs fn in one local transaction.
func (s *Store) within(fn func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// meta reads a remembered value, empty if there is none.
func (s *Store) meta(key string) (string, error) {
	var v string
	err := s.db.QueryRow("SELECT v FROM meta WHERE k = ?", key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

// setMeta remembers key, value, key, value …
func (s *Store) setMeta(pairs ...string) error {
	return s.within(func(tx *sql.Tx) error { return putMeta(tx, pairs...) })
}

func putMeta(tx *sql.Tx, pairs ...string) error {
	for i := 0; i+1 < len(pairs); i += 2 {
		if _, err := tx.Exec("INSERT OR REPLACE INTO meta (k, v) VALUES (?, ?)", pairs[i], pairs[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// wipe forgets everything, at the server's word, but for which installation it is:
// if the phone is given back, it goes on with its numbers.
func (s *Store) wipe() error {
	return s.within(func(tx *sql.Tx) error {
		for _, table := range []string{"base", "outbox", "verdicts", "photos", "numbers", "meta WHERE k <> 'install'"} {
			if _, err := tx.Exec("DELETE FROM " + table); err != nil {
				return err
			}
		}
		return nil
	})
}
