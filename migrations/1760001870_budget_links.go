package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What budgets are of: the leaf that an activity's line is paid from, with the levels
// that it left short, and the budget and target of the department's plan for the year
// (policy 2(2)).
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "activity_costs", "annual_plans", "budget_nodes", "budgets", "targets", "activities")
		if err != nil {
			return err
		}
		costs, plans, nodes, budgets, targets, activities := found[0], found[1], found[2], found[3], found[4], found[5]
		activities.Fields.Add(data("budget_levels"))
		costs.Fields.Add(ref("node", nodes))
		index(costs, false, "node")
		plans.Fields.Add(ref("budget", budgets), ref("target", targets), whole("planned_ratio_bp"))
		index(plans, false, "budget")
		index(plans, false, "target")
		return create(app, costs, plans, activities)
	}, func(app core.App) error {
		if err := removeFields(app, "activities", nil, "budget_levels"); err != nil {
			return err
		}
		if err := removeFields(app, "activity_costs", []string{"node"}, "node"); err != nil {
			return err
		}
		return removeFields(app, "annual_plans", []string{"budget", "target"}, "budget", "target", "planned_ratio_bp")
	})
}
