package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Targets: what a person is to reach in a year by one measure (policy 4(1)1 and 2).
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		// A manager sets those of his reps, the department manager all of his department.
		setsFor := `((@request.auth.role = "ka_manager" && owner.manager = @request.auth.id) || (@request.auth.role = "dept_manager" && ` +
			`@request.auth.department != "" && owner.department = @request.auth.department))`
		sets := `((@request.auth.role = "ka_manager" && manager = @request.auth.id) || ` + head + `)`
		year := &core.TextField{Name: "year", Required: true, Pattern: `^\d{4}$`}
		value := &core.NumberField{Name: "value", OnlyInt: true, Min: types.Pointer(0.0), Max: types.Pointer(1e13)}
		targets := table("targets", rules{
			see:    active + ` && (` + ownLine + ` || @request.auth.role = "executive" || ` + auditor + `)`,
			create: active + ` && ` + setsFor, update: active + ` && ` + sets, remove: active + ` && ` + sets,
		},
			oneOf("level", "dept", "manager", "rep"), needs("owner", users), ref("manager", users), ref("dept", departments),
			oneOf("metric", "amount", "volume", "profit", "new_ka", "csat"), year, value, data("quarters"), data("months"),
			text("basis_company"), text("basis_market"), text("basis_capability"),
			oneOf("state", "draft", "issued", "cascaded", "cancelled"), whole("version"),
			ref("issued_by", users), moment("issued_at"), text("reason"),
		)
		targets.AddIndex("idx_targets_one", true, "owner, metric, year", "state <> 'cancelled'")
		index(targets, false, "manager")
		index(targets, false, "dept, year")
		if err := create(app, targets); err != nil {
			return err
		}
		targets.Fields.Add(ref("parent", targets))
		index(targets, false, "parent")
		if err := create(app, targets); err != nil {
			return err
		}
		return addSyncRules(app, syncRule{name: "targets", direction: "both", priority: 345, keys: append([]string{"role:executive"}, ownKeys...)})
	}, func(app core.App) error {
		if err := dropRules(app, "targets"); err != nil {
			return err
		}
		return drop(app, "targets")
	})
}
