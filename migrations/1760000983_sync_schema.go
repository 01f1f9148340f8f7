package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What apps of older schemas need after a field was renamed or removed, and the
// names under which phones know the collections; step is the newest change of
// fields that the replicas of a collection know.
func init() {
	m.Register(func(app core.App) error {
		for _, stmt := range []string{
			`CREATE TABLE _sync_name (coll TEXT PRIMARY KEY, name TEXT NOT NULL, step INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
			`INSERT INTO _sync_name (coll, name) SELECT c.id, c.name FROM _collections c JOIN sync_rules r ON r.name = c.name WHERE r.direction <> 'none'`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		// Written when a collection changes; seq counts the changes. coll is its id.
		steps := table("sync_schema_steps", rules{see: admin},
			whole("schema"), must("coll"), whole("seq"), oneOf("op", "rename", "remove"), must("from"), text("to"), whole("kind"),
		)
		index(steps, false, "coll, seq")
		return create(app, steps)
	}, func(app core.App) error {
		if err := drop(app, "sync_schema_steps"); err != nil {
			return err
		}
		_, err := app.DB().NewQuery(`DROP TABLE _sync_name`).Execute()
		return err
	})
}
