package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Days of field work, the tracks of those who agreed to them, and reports.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		own := active + ` && owner = @request.auth.id`
		consents := table("consents", rules{see: active + ` && (owner = @request.auth.id || @request.auth.role = "admin" || @request.auth.role = "auditor")`, create: own},
			part("owner", users), oneOf("kind", "location", "photo", "privacy"), must("version"), moment("given_at"), moment("withdrawn_at"), text("device"),
		)
		index(consents, false, "owner, kind")
		whose := func() []core.Field {
			return []core.Field{needs("owner", users), ref("manager", users), ref("dept", departments)}
		}
		sessions := table("work_sessions", rules{see: active + ` && (` + ownLine + ` || ` + auditor + `)`, create: own},
			append(whose(),
				day("date"), moment("start_at"), number("start_lat"), number("start_lng"), number("start_acc_m"), one("start_src_crs", "wgs84", "gcj02", "bd09"),
				moment("end_at"), number("end_lat"), number("end_lng"), number("end_acc_m"), one("end_src_crs", "wgs84", "gcj02", "bd09"),
				whole("odometer_start_m"), whole("odometer_end_m"), whole("distance_m"), oneOf("state", "open", "closed", "auto_closed"), data("clock"), moment("received_at"),
			)...)
		index(sessions, true, "owner, date")
		index(sessions, false, "manager, date")
		index(sessions, false, "dept, date")
		index(sessions, false, "state, date")
		reports := table("work_reports", rules{see: active + ` && (` + ownLine + ` || ` + auditor + `)`, create: own, update: own},
			append(whose(),
				oneOf("kind", "day", "week", "month"), must("period"), data("auto"), text("text"), text("problems"), text("next"), data("comments"),
				oneOf("state", "draft", "submitted"), moment("due_at"), moment("submitted_at"), flag("late"),
			)...)
		index(reports, true, "owner, kind, period")
		index(reports, false, "manager, period")
		index(reports, false, "dept, period")
		if err := create(app, consents, sessions, reports); err != nil {
			return err
		}
		tracks := table("track_points", rules{see: own, create: own},
			part("owner", users), part("session", sessions), moment("at"), number("lat"), number("lng"), number("acc_m"), number("speed"), flag("moving"),
			one("src_crs", "wgs84", "gcj02", "bd09"),
		)
		index(tracks, false, "session, at")
		index(tracks, false, "owner, at")
		index(tracks, false, "at")
		if err := create(app, tracks); err != nil {
			return err
		}
		return addSyncRules(app,
			syncRule{name: "consents", direction: "both", priority: 720, keys: []string{"user:{owner}", "role:auditor", "role:admin"}},
			syncRule{
				name: "work_sessions", direction: "both", priority: 730, keys: ownKeys,
				policy: fieldPolicy("once", "date", "start_at", "start_lat", "start_lng", "start_acc_m", "odometer_start_m"),
			},
			syncRule{name: "work_reports", direction: "both", priority: 740, keys: ownKeys, policy: fieldPolicy("client", "text", "problems", "next")},
			// Points go up; a phone keeps them for a day.
			syncRule{name: "track_points", direction: "both", priority: 750, keys: []string{"user:{owner}"}, retentionDays: 1, retentionField: "at"},
		)
	}, func(app core.App) error {
		if err := dropRules(app, "track_points", "work_reports", "work_sessions", "consents"); err != nil {
			return err
		}
		return drop(app, "track_points", "work_reports", "work_sessions", "consents")
	})
}
