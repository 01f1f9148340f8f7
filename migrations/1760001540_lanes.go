package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Messages wait in a lane per target, which knows how its target does. Secrets
// of webhooks lie beside the collections, where no answer finds them: the field
// says that one is set.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "webhooks", "dispatches")
		if err != nil {
			return err
		}
		hooks, waiting := found[0], found[1]
		hooks.Fields.GetByName("name").(*core.TextField).Required = false
		hooks.Fields.GetByName("secret").(*core.TextField).Min = 0
		waiting.Fields.Add(text("lane"), text("sender"), flag("open"), whole("folded"))
		index(waiting, false, "state, lane")
		index(waiting, false, "sender, created")
		index(waiting, false, "target")
		lanes := table("message_lanes", rules{see: admin},
			must("lane"), text("name"), whole("faults"), moment("next_at"), moment("parked_at"), text("last_error"),
		)
		index(lanes, true, "lane")
		if err := create(app, hooks, waiting, lanes); err != nil {
			return err
		}
		return run(app,
			`CREATE TABLE _webhook_secrets (webhook TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID`,
			`INSERT INTO _webhook_secrets SELECT id, secret FROM webhooks`,
			`UPDATE webhooks SET secret = 'set'`,
			`UPDATE dispatches SET lane = CASE channel WHEN 'mail' THEN 'mail' ELSE target END`,
		)
	}, func(app core.App) error {
		err := run(app,
			`UPDATE webhooks SET secret = (SELECT s.secret FROM _webhook_secrets s WHERE s.webhook = webhooks.id)`,
			`DROP TABLE _webhook_secrets`,
		)
		if err != nil {
			return err
		}
		if err := drop(app, "message_lanes"); err != nil {
			return err
		}
		if err := removeFields(app, "dispatches", []string{"state, lane", "sender, created", "target"}, "lane", "sender", "open", "folded"); err != nil {
			return err
		}
		found, err := find(app, "webhooks")
		if err != nil {
			return err
		}
		found[0].Fields.GetByName("name").(*core.TextField).Required = true
		found[0].Fields.GetByName("secret").(*core.TextField).Min = 16
		return app.Save(found[0])
	})
}

// run executes statements in order.
func run(app core.App, statements ...string) error {
	for _, stmt := range statements {
		if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
			return err
		}
	}
	return nil
}
