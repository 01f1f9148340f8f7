package migrations

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Targets of single accounts, which their reps set; how a target came to its months;
// how far each is reached; and what of them a month's plan says.
func init() {
	setsFor := `((@request.auth.role = "ka_manager" && owner.manager = @request.auth.id) || (@request.auth.role = "dept_manager" && ` +
		`@request.auth.department != "" && owner.department = @request.auth.department))`
	sets := `((@request.auth.role = "ka_manager" && manager = @request.auth.id) || ` + head + `)`
	ofAccount := ` || (@request.auth.role = "rep" && level = "account" && owner = @request.auth.id)`
	m.Register(func(app core.App) error {
		found, err := find(app, "targets", "accounts", "users", "departments", "monthly_plans")
		if err != nil {
			return err
		}
		targets, accounts, users, departments, plans := found[0], found[1], found[2], found[3], found[4]
		level := targets.Fields.GetByName("level").(*core.SelectField)
		level.Values = append(level.Values, "account")
		targets.Fields.Add(ref("account", accounts), one("spread", "even", "weights", "season", "no_season"))
		targets.AddIndex("idx_targets_one", true, "owner, metric, year, account", "state <> 'cancelled'")
		index(targets, false, "account")
		targets.CreateRule = types.Pointer(active + ` && (` + setsFor + ofAccount + `)`)
		targets.UpdateRule = types.Pointer(active + ` && (` + sets + ofAccount + `)`)
		targets.DeleteRule = types.Pointer(active + ` && (` + sets + ofAccount + `)`)
		plans.Fields.Add(data("targets"))
		if err := create(app, targets, plans, targetProgress(targets, users, departments)); err != nil {
			return err
		}
		return addSyncRules(app, syncRule{name: "target_progress", direction: "down", priority: 344, keys: append([]string{"role:executive"}, ownKeys...)})
	}, func(app core.App) error {
		if err := dropRules(app, "target_progress"); err != nil {
			return err
		}
		if err := drop(app, "target_progress"); err != nil {
			return err
		}
		if _, err := app.DB().Delete("targets", dbx.HashExp{"level": "account"}).Execute(); err != nil {
			return err
		}
		if err := removeFields(app, "monthly_plans", nil, "targets"); err != nil {
			return err
		}
		targets, err := app.FindCollectionByNameOrId("targets")
		if err != nil {
			return err
		}
		targets.RemoveIndex(indexName(targets, "account"))
		targets.AddIndex("idx_targets_one", true, "owner, metric, year", "state <> 'cancelled'")
		for _, name := range []string{"account", "spread"} {
			targets.Fields.RemoveByName(name)
		}
		level := targets.Fields.GetByName("level").(*core.SelectField)
		level.Values = slices.DeleteFunc(level.Values, func(v string) bool { return v == "account" })
		targets.CreateRule = types.Pointer(active + ` && ` + setsFor)
		targets.UpdateRule, targets.DeleteRule = types.Pointer(active+` && `+sets), types.Pointer(active+` && `+sets)
		return app.Save(targets)
	})
}

func targetProgress(targets, users, departments *core.Collection) *core.Collection {
	c := table("target_progress", rules{see: active + ` && (` + ownLine + ` || @request.auth.role = "executive" || ` + auditor + `)`},
		part("target", targets), needs("owner", users), ref("manager", users), ref("dept", departments),
		oneOf("told", "all", "percent", "none"), whole("actual"), data("months"), whole("attainment_bp"),
		whole("days_left"), whole("needed_per_day"), whole("month_days_left"), whole("needed_of_month"), day("as_of"),
	)
	index(c, true, "target")
	for _, columns := range []string{"owner", "manager", "dept"} {
		index(c, false, columns)
	}
	return c
}
