package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The sync engine's own tables. They are no collections: nobody reads or
// writes them but the engine, and their rows are too many and too small.
func init() {
	m.Register(func(app core.App) error {
		for _, stmt := range []string{
			// One row per change, written by triggers. seq is the only order there is.
			`CREATE TABLE _sync_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, coll TEXT NOT NULL, rec TEXT NOT NULL, op TEXT NOT NULL)`,
			// head: last folded seq. rules: seq of the last rule change.
			// reset: seq before which cursors start over. secret: key of cursors and credentials,
			// secret_digest of what phones compare by. life: name of this stretch of history.
			`CREATE TABLE _sync_state (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID`,
			`INSERT INTO _sync_state (key, value) VALUES ('head', 0), ('rules', 0), ('reset', 0), ('secret', lower(hex(randomblob(32)))),
				('secret_digest', lower(hex(randomblob(32)))), ('life', lower(hex(randomblob(8))))`,
			// The projected row, ready to send; body is NULL once the row is deleted.
			`CREATE TABLE _sync_doc (id INTEGER PRIMARY KEY, coll TEXT NOT NULL, rec TEXT NOT NULL, ver INTEGER NOT NULL,
				fields TEXT NOT NULL, body TEXT, expires INTEGER NOT NULL DEFAULT 0)`,
			`CREATE UNIQUE INDEX _sync_doc_rec ON _sync_doc (coll, rec)`,
			`CREATE INDEX _sync_doc_expires ON _sync_doc (expires) WHERE expires > 0`,
			// Which keys a row carries, as half-open intervals of seq.
			`CREATE TABLE _sync_scope (doc INTEGER NOT NULL, key TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
				ver INTEGER NOT NULL, PRIMARY KEY (key, to_seq, ver, doc, from_seq)) WITHOUT ROWID`,
			`CREATE INDEX _sync_scope_doc ON _sync_scope (doc, to_seq)`,
			// Which keys a user holds, likewise; doc is the row that gives it.
			`CREATE TABLE _sync_grant (user TEXT NOT NULL, key TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
				doc INTEGER NOT NULL, PRIMARY KEY (user, to_seq, key, from_seq, doc)) WITHOUT ROWID`,
			`CREATE INDEX _sync_grant_doc ON _sync_grant (doc, to_seq)`,
			`CREATE INDEX _sync_grant_key ON _sync_grant (key, to_seq)`,
			// The verdict of every mutation and the highest number taken, per device.
			`CREATE TABLE _sync_push (device TEXT NOT NULL, n INTEGER NOT NULL, hash TEXT NOT NULL, result TEXT NOT NULL,
				PRIMARY KEY (device, n)) WITHOUT ROWID`,
			// Rows that went in good order since the last fold: coll is a collection's id,
			// rec a row's. What the fold sees gone without a row here went past the hooks.
			`CREATE TABLE _gone (coll TEXT NOT NULL, rec TEXT NOT NULL, PRIMARY KEY (coll, rec)) WITHOUT ROWID`,
			`CREATE TABLE _sync_device (device TEXT PRIMARY KEY, high_water INTEGER NOT NULL) WITHOUT ROWID`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		if _, err := app.DB().NewQuery("DROP TABLE _gone").Execute(); err != nil {
			return err
		}
		for _, table := range []string{"log", "state", "doc", "scope", "grant", "push", "device"} {
			if _, err := app.DB().NewQuery("DROP TABLE _sync_" + table).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
