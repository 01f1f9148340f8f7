package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Visits, their steps, and the photos that prove them.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments")
		if err != nil {
			return err
		}
		accounts, users, departments := found[0], found[1], found[2]
		types := []string{"planned", "unplanned", "joint", "audit", "phone"}
		templates := table("visit_templates", rules{see: active, create: admin, update: admin, remove: admin},
			must("name"), one("tier", "A", "B", "C"), one("visit_type", types...), data("steps"), flag("active"),
		)
		if err := create(app, templates); err != nil {
			return err
		}
		see := active + ` && (` + line + ` || ` + auditor + `)`
		visits := table("visits", rules{
			see:    see,
			create: active + ` && (account.owner = @request.auth.id || account.manager = @request.auth.id)`,
			update: active + ` && owner = @request.auth.id && ` + held,
		},
			needs("account", accounts), needs("owner", users), ref("manager", users), ref("dept", departments),
			ref("template", templates), oneOf("type", types...), day("planned_date"),
			oneOf("state", "planned", "in_progress", "checked_out", "reported", "cancelled"),
			text("objective"), text("prep_note"),
			moment("in_at"), number("in_lat"), number("in_lng"), number("in_acc_m"), data("in_fixes"), whole("in_distance_m"),
			one("in_result", "inside", "edge", "outside", "unknown"),
			moment("out_at"), number("out_lat"), number("out_lng"), number("out_acc_m"), whole("dwell_s"),
			text("summary"), text("needs"), text("result_code"), text("next_step"), day("next_date"),
			moment("report_at"), flag("late_record"), text("cancel_reason"), whole("photos_missing"), moment("received_at"),
		)
		index(visits, false, "account, planned_date")
		index(visits, false, "owner, planned_date")
		index(visits, false, "dept, planned_date")
		index(visits, false, "state")
		if err := create(app, visits); err != nil {
			return err
		}
		steps := table("visit_steps", rules{
			see:    see,
			create: active + ` && visit.owner = @request.auth.id && (visit.account.owner = @request.auth.id || visit.account.manager = @request.auth.id)`,
			update: active + ` && visit.owner = @request.auth.id && ` + held,
		},
			part("visit", visits), ref("account", accounts), ref("owner", users), ref("dept", departments),
			must("key"), oneOf("kind", "photo", "form", "note", "order", "signature"), data("answer"),
			&core.FileField{Name: "photos", MaxSelect: 40, MaxSize: 20 << 20, Protected: true, MimeTypes: []string{"image/jpeg"}},
			&core.FileField{Name: "thumbs", MaxSelect: 40, MaxSize: 1 << 20, Protected: true, MimeTypes: []string{"image/jpeg"}},
			moment("done_at"),
		)
		for _, column := range []string{"visit", "account", "dept"} {
			index(steps, false, column)
		}
		if err := create(app, steps); err != nil {
			return err
		}
		size := whole("size")
		size.Required = true
		blobs := table("blobs", rules{see: see, create: active + ` && visit.owner = @request.auth.id && (visit.account.owner = @request.auth.id || visit.account.manager = @request.auth.id)`},
			&core.TextField{Name: "sha256", Required: true, Pattern: `^[0-9a-f]{64}$`}, size, must("mime"),
			oneOf("purpose", "visit_photo"),
			needs("owner", users), ref("account", accounts), ref("dept", departments), ref("visit", visits), ref("step", steps),
			oneOf("state", "pending", "stored", "rejected"), text("code"),
			&core.FileField{Name: "original", MaxSelect: 1, MaxSize: 25 << 20, Protected: true},
			whole("width"), whole("height"), whole("orientation"), text("taken_at"), number("lat"), number("lng"), flag("has_gps"),
			moment("stored_at"),
		)
		for _, columns := range []string{"visit, state", "step", "account", "dept", "owner, state", "sha256"} {
			index(blobs, false, columns)
		}
		return create(app, blobs)
	}, func(app core.App) error {
		return drop(app, "blobs", "visit_steps", "visits", "visit_templates")
	})
}
