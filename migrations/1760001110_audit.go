package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What was changed by whom, and who took data out.
func init() {
	m.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		see := rules{see: active + ` && (` + auditor + `)`}
		log := table("audit_log", see,
			moment("at"), text("actor"), text("actor_name"), text("collection"), text("record"), text("action"),
			data("before"), data("after"), text("device"), text("ip"), text("override_reason"),
		)
		for _, columns := range []string{"collection, record", "at", "actor"} {
			index(log, false, columns)
		}
		access := table("access_log", rules{see: active + ` && (subject_user = @request.auth.id || ` + auditor + `)`},
			moment("at"), ref("actor", users), ref("subject_user", users), text("what"), whole("count"), data("params"),
		)
		index(access, false, "subject_user")
		index(access, false, "at")
		return create(app, log, access)
	}, func(app core.App) error { return drop(app, "access_log", "audit_log") })
}
