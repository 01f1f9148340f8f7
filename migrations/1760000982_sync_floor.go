package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Compaction: the floor below which cursors start over, and per device the
// oldest point that it may still come with and when it was heard of, in Unix
// seconds. What devices of before hold is not known: they count from now.
func init() {
	m.Register(func(app core.App) error {
		for _, stmt := range []string{
			`INSERT INTO _sync_state (key, value) VALUES ('floor', 0)`,
			`ALTER TABLE _sync_device ADD COLUMN held_seq INTEGER NOT NULL DEFAULT 0`,
			`ALTER TABLE _sync_device ADD COLUMN seen INTEGER NOT NULL DEFAULT 0`,
			// The last number whose verdict the phone has.
			`ALTER TABLE _sync_device ADD COLUMN acked_n INTEGER NOT NULL DEFAULT 0`,
			`INSERT OR IGNORE INTO _sync_device (device, user, high_water) SELECT id, user, 0 FROM sync_devices`,
			`UPDATE _sync_device SET seen = unixepoch()`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for _, stmt := range []string{
			`ALTER TABLE _sync_device DROP COLUMN acked_n`,
			`ALTER TABLE _sync_device DROP COLUMN seen`,
			`ALTER TABLE _sync_device DROP COLUMN held_seq`,
			`DELETE FROM _sync_state WHERE key = 'floor'`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
