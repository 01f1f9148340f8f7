package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The department's year, its months, and what is to become better.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		over := head + ` || @request.auth.role = "executive" || ` + auditor
		own := `owner = @request.auth.id`
		year := &core.TextField{Name: "year", Required: true, Pattern: `^\d{4}$`}
		period := &core.TextField{Name: "period", Required: true, Pattern: `^\d{4}-(0[1-9]|1[0-2])$`}
		plans := table("annual_plans", rules{
			see:    active + ` && (` + own + ` || ` + reviewer + ` || @request.auth.role = "finance" || ` + over + `)`,
			create: active + ` && @request.auth.role = "dept_manager" && ` + own,
			update: active + ` && ` + own, remove: active + ` && ` + own,
		},
			append([]core.Field{
				needs("owner", users), ref("dept", departments), year, must("goals"), text("strategy"), data("measures"), whole("budget_fen"),
				oneOf("state", "draft", "submitted", "approved", "rejected", "returned", "replaced"),
			}, reviewed(users)...)...,
		)
		plans.AddIndex("idx_annual_plans_active", true, "dept, year", "state = 'approved'")
		index(plans, false, "owner")
		reviews := table("business_reviews", rules{
			see:    active + ` && (` + own + ` || ` + over + `)`,
			create: active + ` && @request.auth.role = "dept_manager" && ` + own,
			update: active + ` && ` + own, remove: active + ` && ` + own,
		},
			needs("owner", users), ref("dept", departments), period, text("findings"), text("decisions"), data("figures"),
			oneOf("state", "draft", "done"), moment("done_at"), flag("late"),
		)
		index(reviews, true, "dept, period")
		due := day("due")
		due.Required = true
		improvements := table("improvement_actions", rules{
			see:    active + ` && (` + own + ` || author = @request.auth.id || manager = @request.auth.id || ` + head + ` || ` + auditor + `)`,
			create: active + ` && (@request.auth.role = "admin" || ` + oversees("owner") + `)`,
			update: active + ` && (author = @request.auth.id || ` + own + `)`,
		},
			text("ref_collection"), text("ref_id"), must("title"), text("cause"), text("measure"),
			ref("author", users), needs("owner", users), ref("manager", users), ref("dept", departments), due,
			oneOf("state", "open", "done", "verified", "cancelled"), text("result"), moment("done_at"),
			ref("verified_by", users), moment("verified_at"), text("comment"), moment("reminded_at"), moment("overdue_at"),
		)
		for _, columns := range []string{"owner, state", "manager", "dept", "state, due", "ref_collection, ref_id"} {
			index(improvements, false, columns)
		}
		if err := create(app, plans, reviews, improvements); err != nil {
			return err
		}
		if err := addRule(app, "annual_plans", "both", 340, nil, "user:{owner}", "user:{reviewers}", "dept:{dept}", "role:finance", "role:executive", "role:auditor", "role:admin"); err != nil {
			return err
		}
		if err := addRule(app, "business_reviews", "both", 350, nil, "user:{owner}", "dept:{dept}", "role:executive", "role:auditor", "role:admin"); err != nil {
			return err
		}
		return addRule(app, "improvement_actions", "both", 360, nil, "user:{owner}", "user:{author}", "user:{manager}", "dept:{dept}", "role:auditor", "role:admin")
	}, func(app core.App) error {
		if err := dropRules(app, "improvement_actions", "business_reviews", "annual_plans"); err != nil {
			return err
		}
		return drop(app, "improvement_actions", "business_reviews", "annual_plans")
	})
}
