package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What people see of the sync engine: its rules, the phones, and what did not pass.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		syncRules := table("sync_rules", rules{
			see: active + ` && (` + auditor + `)`, create: admin, update: admin, remove: admin,
		},
			must("name"), data("keys"), data("grants"), oneOf("direction", "down", "both", "none"), data("policy"), data("omit"),
			whole("retention_days"), text("retention_field"), whole("priority"),
		)
		index(syncRules, true, "name")
		devices := table("sync_devices", rules{
			see: active + ` && (user = @request.auth.id || user.manager = @request.auth.id || ` + auditor + `)`,
			update: active + ` && (user = @request.auth.id || @request.auth.role = "admin")` +
				keeps("user", "install", "platform", "app", "schema", "last_seen"),
		},
			part("user", users), must("install"), text("platform"), text("app"), whole("schema"), text("name"), flag("revoked"), moment("last_seen"),
		)
		index(devices, true, "user, install")
		if err := create(app, syncRules, devices); err != nil {
			return err
		}
		issues := table("sync_issues", rules{
			see: active + ` && (user = @request.auth.id || manager = @request.auth.id || ` + head + ` || ` + auditor + `)`,
			update: active + ` && user = @request.auth.id` + keeps("user", "manager", "dept", "device", "n", "mutation", "kind",
				"collection", "record", "code", "params", "fields", "field", "ancestor", "mine", "theirs", "resolution", "policy", "payload"),
		},
			part("user", users), ref("manager", users), ref("dept", departments), ref("device", devices),
			whole("n"), text("mutation"), oneOf("kind", "rejected", "conflict"),
			text("collection"), text("record"), text("code"), data("params"), data("fields"),
			text("field"), data("ancestor"), data("mine"), data("theirs"), text("resolution"), text("policy"), data("payload"),
			oneOf("state", "open", "acknowledged"),
		)
		index(issues, false, "user, state")
		index(issues, false, "manager, state")
		index(issues, false, "dept, state")
		return create(app, issues)
	}, func(app core.App) error {
		return drop(app, "sync_issues", "sync_devices", "sync_rules")
	})
}
