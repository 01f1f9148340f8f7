package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Plans of a month: the manager's, each rep's visits, what was planned, and how
// far it got.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments", "improvement_actions")
		if err != nil {
			return err
		}
		accounts, users, departments, improvements := found[0], found[1], found[2], found[3]
		see := active + ` && (` + ownLine + ` || ` + auditor + `)`
		seePlan := active + ` && (` + ownLine + ` || ` + reviewer + ` || ` + auditor + `)`
		decision := func() []core.Field {
			return append([]core.Field{oneOf("state", "draft", "submitted", "approved", "returned", "rejected"), flag("late")}, reviewed(users)...)
		}
		month := func() *core.TextField { return &core.TextField{Name: "month", Required: true, Max: 7} }
		monthly := table("monthly_plans", rules{
			see:    seePlan,
			create: active + ` && @request.auth.role = "ka_manager" && owner = @request.auth.id`,
			update: active + ` && owner = @request.auth.id`,
		}, append([]core.Field{
			needs("owner", users), ref("manager", users), ref("dept", departments), month(), data("goals"), data("activities"), text("note"),
		}, decision()...)...)
		index(monthly, true, "owner, month")
		visits := table("visit_plans", rules{
			see:    seePlan,
			create: active + ` && owner = @request.auth.id`,
			update: active + ` && owner = @request.auth.id`,
		}, append([]core.Field{
			needs("owner", users), ref("manager", users), ref("dept", departments), month(), text("note"),
		}, decision()...)...)
		index(visits, true, "owner, month")
		for _, c := range []*core.Collection{monthly, visits} {
			index(c, false, "manager, month")
			index(c, false, "dept, month")
		}
		if err := create(app, monthly, visits); err != nil {
			return err
		}
		inPlan := func(name string, to *core.Collection) *core.RelationField {
			return &core.RelationField{Name: name, CollectionId: to.Id, MaxSelect: 1, CascadeDelete: true}
		}
		qty := whole("qty")
		qty.Min = ptr(0)
		// Who plans writes drafts; who decides changes what he approved.
		mayPlan := active + ` && (visit_plan.owner = @request.auth.id || monthly_plan.owner = @request.auth.id || ` +
			`visit_plan.manager = @request.auth.id || monthly_plan.manager = @request.auth.id)`
		items := table("plan_items", rules{see: see, create: mayPlan, update: mayPlan, remove: mayPlan},
			inPlan("visit_plan", visits), inPlan("monthly_plan", monthly), ref("owner", users), ref("manager", users), ref("dept", departments),
			&core.TextField{Name: "month", Max: 7}, oneOf("kind", "visit", "activity", "order", "task"), ref("account", accounts), text("title"),
			qty, data("dates"), whole("done"), oneOf("state", "open", "done", "missed", "dropped"),
			text("change_note"), moment("changed_at"), one("cause_code", "customer", "workload", "stock", "price", "competition", "sick", "travel", "priority", "other"),
			text("cause_note"), ref("action", improvements), moment("explained_at"),
		)
		for _, columns := range []string{"visit_plan", "monthly_plan", "owner, month", "manager, month", "dept, month", "account, month", "state, month"} {
			index(items, false, columns)
		}
		if err := create(app, items); err != nil {
			return err
		}
		progress := table("plan_progress", rules{
			see:    see,
			create: active + ` && item.owner = @request.auth.id`,
		},
			part("item", items), ref("owner", users), ref("manager", users), ref("dept", departments), whole("qty"), text("note"), moment("at"),
		)
		for _, columns := range []string{"item", "owner", "manager", "dept"} {
			index(progress, false, columns)
		}
		if err := create(app, progress); err != nil {
			return err
		}
		planKeys := append([]string{"user:{reviewers}"}, ownKeys...)
		return addSyncRules(app,
			syncRule{name: "monthly_plans", direction: "both", priority: 600, keys: planKeys, policy: fieldPolicy("client", "goals", "activities", "note")},
			syncRule{name: "visit_plans", direction: "both", priority: 610, keys: planKeys, policy: fieldPolicy("client", "note")},
			syncRule{name: "plan_items", direction: "both", priority: 620, keys: ownKeys},
			syncRule{name: "plan_progress", direction: "both", priority: 630, keys: ownKeys, policy: fieldPolicy("once", "qty", "note", "at")},
		)
	}, func(app core.App) error {
		if err := dropRules(app, "plan_progress", "plan_items", "visit_plans", "monthly_plans"); err != nil {
			return err
		}
		return drop(app, "plan_progress", "plan_items", "visit_plans", "monthly_plans")
	})
}

func ptr(n float64) *float64 { return &n }
