package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Pre-approvals (policy R7.8): entertainment, gifts, activities and trips are applied
// for before they take place, and claims draw on what was approved.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "accounts", "expense_categories", "budget_nodes")
		if err != nil {
			return err
		}
		agreed := preapprovals(found[0], found[1], found[2], found[3], found[4])
		if err := create(app, agreed); err != nil {
			return err
		}
		if err := nameOnLines(app, agreed); err != nil {
			return err
		}
		return addSyncRules(app, syncRule{
			name: "preapprovals", direction: "both", priority: 349,
			keys: append([]string{"user:{owner}", "user:{manager}", "user:{reviewers}"}, budgetKeys...),
		})
	}, func(app core.App) error {
		if err := dropRules(app, "preapprovals"); err != nil {
			return err
		}
		if err := removeFields(app, "expense_lines", []string{"preapproval"}, "preapproval"); err != nil {
			return err
		}
		return drop(app, "preapprovals")
	})
}

func preapprovals(users, departments, accounts, categories, nodes *core.Collection) *core.Collection {
	own := active + ` && owner = @request.auth.id`
	from, to := day("day"), day("to_day")
	from.Required, to.Required = true, true
	c := table("preapprovals", rules{
		see:    active + ` && (` + ownLine + ` || ` + reviewer + ` || ` + countsMoney + `)`,
		create: own, update: own, remove: own,
	}, slices.Concat(
		[]core.Field{
			needs("owner", users), ref("manager", users), ref("dept", departments), oneOf("kind", "entertainment", "gift", "activity", "trip"),
			ref("category", categories), ref("account", accounts), must("reason"), data("attendees"), from, to, notBelow("planned_fen"),
			flag("emergency"), ref("consent_by", users), moment("consent_at"), day("paper_due"), moment("paper_told_at"),
			oneOf("state", "draft", "submitted", "approved", "returned", "rejected", "used", "closed", "expired"),
			ref("node", nodes), notBelow("used_fen"), notBelow("left_fen"), data("draws"), day("expires_on"), moment("closed_at"), data("budget_levels"),
		},
		reviewed(users),
	)...)
	for _, columns := range []string{"owner, state", "manager", "dept", "state, expires_on", "account"} {
		index(c, false, columns)
	}
	return c
}

// nameOnLines lets a line of a claim name what was agreed before.
func nameOnLines(app core.App, agreed *core.Collection) error {
	found, err := find(app, "expense_lines")
	if err != nil {
		return err
	}
	found[0].Fields.Add(ref("preapproval", agreed))
	index(found[0], false, "preapproval")
	if err := app.Save(found[0]); err != nil {
		return err
	}
	return writtenByPhones(app, "expense_lines", "preapproval")
}
