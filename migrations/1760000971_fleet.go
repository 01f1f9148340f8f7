package migrations

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// fleetFigures are the members of sync_devices that the server alone writes.
var fleetFigures = []string{
	"last_push", "last_pull", "cursor_seq", "oldest_captured", "over_limit", "rejected", "pending_blobs", "scope_rows",
}

// What the server knows of each phone's syncing, and the alerts about those
// that do not. Neither is synced to phones.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "sync_devices", "users")
		if err != nil {
			return err
		}
		devices, users := found[0], found[1]
		devices.Fields.Add(moment("last_push"), moment("last_pull"), whole("cursor_seq"), moment("oldest_captured"),
			flag("over_limit"), whole("rejected"), whole("pending_blobs"), whole("scope_rows"))
		devices.UpdateRule = rule(*devices.UpdateRule + keeps(fleetFigures...))
		if err := app.Save(devices); err != nil {
			return err
		}
		team := `user.manager = @request.auth.id || (@request.auth.role = "dept_manager" && ` +
			`@request.auth.department != "" && user.department = @request.auth.department)`
		since := moment("since")
		since.Required = true
		alerts := table("sync_alerts", rules{see: active + ` && (` + team + ` || ` + auditor + `)`},
			oneOf("kind", "unsynced", "unpushed"), part("device", devices), part("user", users),
			since, data("detail"), moment("resolved"), one("resolution", "synced", "revoked", "disabled"),
		)
		alerts.AddIndex("idx_sync_alerts_open", true, "device, kind", "resolved = ''")
		index(alerts, true, "device, kind, since")
		index(alerts, false, "user")
		return create(app, alerts)
	}, func(app core.App) error {
		if err := drop(app, "sync_alerts"); err != nil {
			return err
		}
		devices, err := app.FindCollectionByNameOrId("sync_devices")
		if err != nil {
			return err
		}
		devices.UpdateRule = rule(strings.TrimSuffix(*devices.UpdateRule, keeps(fleetFigures...)))
		for _, name := range fleetFigures {
			devices.Fields.RemoveByName(name)
		}
		return app.Save(devices)
	})
}
