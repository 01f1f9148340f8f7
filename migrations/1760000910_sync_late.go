package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What becomes of work that arrives after its row has left its author: facts
// are taken late, edits of master data are proposed to the new owner, and the
// work of a disabled user is kept aside.
func init() {
	facts := map[string]string{
		"visits": "owner = @request.auth.id", "visit_steps": "visit.owner = @request.auth.id", "blobs": "visit.owner = @request.auth.id",
		"orders": "owner = @request.auth.id", "order_lines": `order.owner = @request.auth.id && order.state = "draft"`,
	}
	master := []string{"accounts", "contacts"}
	m.Register(func(app core.App) error {
		found, err := find(app, "sync_rules", "sync_issues", "accounts", "users", "departments")
		if err != nil {
			return err
		}
		syncRules, issues, accounts, users, departments := found[0], found[1], found[2], found[3], found[4]
		syncRules.Fields.Add(text("late"), flag("propose"))
		kind, _ := issues.Fields.GetByName("kind").(*core.SelectField)
		kind.Values = []string{"rejected", "conflict", "held", "quarantined"}
		if err := create(app, syncRules, issues); err != nil {
			return err
		}
		for name := range facts {
			c, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				return err
			}
			c.Fields.Add(flag("late"))
			if err := app.Save(c); err != nil {
				return err
			}
		}
		requests := table("account_change_requests", rules{
			see: active + ` && (by = @request.auth.id || owner = @request.auth.id || manager = @request.auth.id || ` + head + ` || ` + auditor + `)`,
		},
			part("account", accounts), must("collection"), must("record"), data("patch"), data("was"), text("reason"),
			needs("by", users), ref("owner", users), ref("manager", users), ref("dept", departments), text("mutation"),
			oneOf("state", "open", "accepted", "refused"), ref("reviewer", users), moment("decided_at"),
		)
		index(requests, false, "account, state")
		index(requests, false, "owner, state")
		if err := create(app, requests); err != nil {
			return err
		}
		rule := core.NewRecord(syncRules)
		rule.Load(map[string]any{
			"name": "account_change_requests", "direction": "both", "priority": 170,
			"keys": []seedKey{{Key: "user:{by}"}, {Key: "user:{owner}"}, {Key: "user:{manager}"}, {Key: "dept:{dept}"}, {Key: "role:auditor"}, {Key: "role:admin"}},
		})
		if err := app.Save(rule); err != nil {
			return err
		}
		return eachRule(app, func(rule *core.Record) {
			rule.Set("late", facts[rule.GetString("name")])
			for _, name := range master {
				if rule.GetString("name") == name {
					rule.Set("propose", true)
				}
			}
		})
	}, func(app core.App) error {
		if _, err := app.DB().NewQuery("DELETE FROM sync_rules WHERE name = 'account_change_requests'").Execute(); err != nil {
			return err
		}
		if err := drop(app, "account_change_requests"); err != nil {
			return err
		}
		for name := range facts {
			c, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				return err
			}
			c.Fields.RemoveByName("late")
			if err := app.Save(c); err != nil {
				return err
			}
		}
		c, err := app.FindCollectionByNameOrId("sync_rules")
		if err != nil {
			return err
		}
		c.Fields.RemoveByName("late")
		c.Fields.RemoveByName("propose")
		return app.Save(c)
	})
}

func eachRule(app core.App, change func(rule *core.Record)) error {
	all, err := app.FindAllRecords("sync_rules")
	if err != nil {
		return err
	}
	for _, rule := range all {
		change(rule)
		if err := app.Save(rule); err != nil {
			return err
		}
	}
	return nil
}
