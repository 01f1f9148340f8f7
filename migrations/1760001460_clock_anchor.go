package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What the server itself knows of a phone's time: the keys by which it signs its
// own, since when a device is registered, the hours in which it handed in work,
// and what its clock said as it sent what was kept. A consent is dated by the
// server; what its owner said of the time is a note.
func init() {
	m.Register(func(app core.App) error {
		for _, stmt := range []string{
			`CREATE TABLE _sync_anchor_key (id TEXT PRIMARY KEY, key TEXT NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID`,
			// The first key has no one before it: it is good for any time of before.
			`INSERT INTO _sync_anchor_key (id, key, since) VALUES (lower(hex(randomblob(4))), lower(hex(randomblob(32))), 0)`,
			`CREATE TABLE _sync_arrival (device TEXT NOT NULL, hour INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (device, hour)) WITHOUT ROWID`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		found, err := find(app, "sync_devices", "sync_issues", "consents")
		if err != nil {
			return err
		}
		devices, issues, consents := found[0], found[1], found[2]
		devices.Fields.Add(moment("registered_at"))
		sent := moment("sent_at")
		sent.Hidden = true
		issues.Fields.Add(sent)
		consents.Fields.Add(moment("told_at"))
		if err := create(app, devices, issues, consents); err != nil {
			return err
		}
		for _, stmt := range []string{
			`UPDATE sync_devices SET registered_at = created`,
			`UPDATE consents SET told_at = given_at`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for name, field := range map[string]string{"sync_devices": "registered_at", "sync_issues": "sent_at", "consents": "told_at"} {
			c, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				return err
			}
			c.Fields.RemoveByName(field)
			if err := app.Save(c); err != nil {
				return err
			}
		}
		for _, table := range []string{"_sync_arrival", "_sync_anchor_key"} {
			if _, err := app.DB().NewQuery("DROP TABLE " + table).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
