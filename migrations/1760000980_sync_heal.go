package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What was mended on phones: when, of whom, how many rows, and what both sides
// held in the buckets that differed. day is UTC, at is in Unix seconds.
func init() {
	m.Register(func(app core.App) error {
		for _, stmt := range []string{
			`CREATE TABLE _sync_heal (id INTEGER PRIMARY KEY, device TEXT NOT NULL, user TEXT NOT NULL, day INTEGER NOT NULL,
				at INTEGER NOT NULL, kind TEXT NOT NULL, rows INTEGER NOT NULL, leaves TEXT NOT NULL)`,
			`CREATE INDEX _sync_heal_device ON _sync_heal (device, day)`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		_, err := app.DB().NewQuery(`DROP TABLE _sync_heal`).Execute()
		return err
	})
}
