package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What lets a server and its phones notice that one of them was restored: a
// chain over all folds, the epoch, and per device the last mutation that a copy
// off the machine holds.
func init() {
	m.Register(func(app core.App) error {
		for _, stmt := range []string{
			// epoch: grows each time a phone shows that history has forked.
			`INSERT INTO _sync_state (key, value) VALUES ('epoch', 1)`,
			// One link per fold: a hash of the link before, the seq and a random nonce;
			// at is the server's time of it in Unix seconds.
			`CREATE TABLE _sync_chain (seq INTEGER PRIMARY KEY, link BLOB NOT NULL, at INTEGER NOT NULL)`,
			`ALTER TABLE _sync_device ADD COLUMN durable_n INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE _sync_device ADD COLUMN user TEXT NOT NULL DEFAULT ''`,
			`UPDATE _sync_device SET user = COALESCE((SELECT user FROM sync_devices WHERE id = device), '')`,
			// The mutation's own id, so that one sent again under another number is known.
			`ALTER TABLE _sync_push ADD COLUMN mutation TEXT NOT NULL DEFAULT ''`,
			`UPDATE _sync_push SET mutation = COALESCE(result->>'id', ''), hash = ''`,
			`CREATE INDEX _sync_push_mutation ON _sync_push (mutation) WHERE mutation <> ''`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for _, stmt := range []string{
			`DROP INDEX _sync_push_mutation`,
			`ALTER TABLE _sync_push DROP COLUMN mutation`,
			`ALTER TABLE _sync_device DROP COLUMN user`,
			`ALTER TABLE _sync_device DROP COLUMN durable_n`,
			`DROP TABLE _sync_chain`,
			`DELETE FROM _sync_state WHERE key = 'epoch'`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
