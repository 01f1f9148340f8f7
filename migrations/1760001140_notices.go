package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What people are told, and how it leaves the server.
func init() {
	m.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		own := active + ` && user = @request.auth.id`
		notices := table("notifications", rules{see: own, update: own + keeps("user", "kind", "params", "link", "at")},
			part("user", users), must("kind"), data("params"), text("link"), moment("at"), moment("read_at"),
		)
		index(notices, false, "user, at")
		index(notices, false, "link, kind")
		prefs := table("notification_prefs", rules{see: own, create: own, update: own + keeps("user", "kind"), remove: own},
			part("user", users), must("kind"), flag("mail"),
		)
		index(prefs, true, "user, kind")
		webhooks := table("webhooks", rules{see: admin, create: admin, update: admin, remove: admin},
			must("name"), &core.URLField{Name: "url", Required: true}, data("events"),
			&core.TextField{Name: "secret", Required: true, Min: 16, Max: 200}, flag("active"),
		)
		dispatches := table("dispatches", rules{see: admin},
			oneOf("channel", "mail", "webhook"), text("target"), text("event"), data("payload"),
			oneOf("state", "queued", "sent", "dead"), whole("tries"), moment("next_at"), moment("sent_at"), text("last_error"),
		)
		index(dispatches, false, "state, next_at")
		if err := create(app, notices, prefs, webhooks, dispatches); err != nil {
			return err
		}
		if err := addRule(app, "notifications", "both", 320, map[string]string{"read_at": "client"}, "user:{user}"); err != nil {
			return err
		}
		rule, err := app.FindFirstRecordByData("sync_rules", "name", "notifications")
		if err != nil {
			return err
		}
		rule.Set("retention_days", 180)
		rule.Set("retention_field", "at")
		if err := app.Save(rule); err != nil {
			return err
		}
		return addRule(app, "notification_prefs", "both", 330, map[string]string{"mail": "client"}, "user:{user}")
	}, func(app core.App) error {
		if err := dropRules(app, "notification_prefs", "notifications"); err != nil {
			return err
		}
		return drop(app, "dispatches", "webhooks", "notification_prefs", "notifications")
	})
}
