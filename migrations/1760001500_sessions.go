package migrations

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// How phones come in and are kept out: where each came from, which login
// registered it, and what administrators said about the server's keys.
func init() {
	ours := []string{"came_from", "address", "forked", "generation"}
	m.Register(func(app core.App) error {
		found, err := find(app, "sync_devices", "users")
		if err != nil {
			return err
		}
		phones, users := found[0], found[1]
		forked, generation := moment("forked"), whole("generation")
		forked.Hidden, generation.Hidden = true, true
		phones.Fields.Add(text("came_from"), text("address"), forked, generation)
		phones.UpdateRule = rule(*phones.UpdateRule + keeps(ours[:2]...))
		index(phones, false, "came_from")
		if err := app.Save(phones); err != nil {
			return err
		}
		_, err = app.DB().NewQuery(`CREATE TABLE _sync_login (sid TEXT PRIMARY KEY, device TEXT NOT NULL, generation INTEGER NOT NULL,
			at INTEGER NOT NULL) WITHOUT ROWID`).Execute()
		if err != nil {
			return err
		}
		changes := table("security_changes", rules{see: active + ` && (` + auditor + `)`, create: admin},
			oneOf("kind", "rotate_keys", "replace_keys", "trust_old_phones"), must("reason"), ref("by", users), moment("at"))
		return create(app, changes)
	}, func(app core.App) error {
		if err := drop(app, "security_changes"); err != nil {
			return err
		}
		if _, err := app.DB().NewQuery("DROP TABLE _sync_login").Execute(); err != nil {
			return err
		}
		phones, err := app.FindCollectionByNameOrId("sync_devices")
		if err != nil {
			return err
		}
		phones.UpdateRule = rule(strings.TrimSuffix(*phones.UpdateRule, keeps(ours[:2]...)))
		phones.RemoveIndex(indexName(phones, "came_from"))
		for _, name := range ours {
			phones.Fields.RemoveByName(name)
		}
		return app.Save(phones)
	})
}
