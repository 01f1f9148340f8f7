package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// reviewer is the part of a rule that lets the approvers of a row's chain see
// it; its key template is user:{reviewers}. Not every one ends in the other's:
// a row without reviewers is nobody's.
const reviewer = `reviewers.id ?= @request.auth.id`

// reviewed are the fields that the approvals fill on a collection that is
// approved; such a collection has a state of its own beside.
func reviewed(users *core.Collection) []core.Field {
	return []core.Field{
		&core.RelationField{Name: "reviewers", CollectionId: users.Id, MaxSelect: 50},
		whole("approval_round"), moment("submitted_at"), text("decision_comment"),
	}
}

// addRule seeds a sync rule.
func addRule(app core.App, name, direction string, priority int, policy map[string]string, keys ...string) error {
	coll, err := app.FindCollectionByNameOrId("sync_rules")
	if err != nil {
		return err
	}
	var list []seedKey
	for _, k := range keys {
		list = append(list, seedKey{Key: k})
	}
	record := core.NewRecord(coll)
	record.Load(map[string]any{"name": name, "direction": direction, "keys": list, "priority": priority, "policy": policy})
	return app.Save(record)
}

// dropRules takes sync rules back, before their collections go.
func dropRules(app core.App, names ...string) error {
	for _, name := range names {
		record, err := app.FindFirstRecordByData("sync_rules", "name", name)
		if err != nil {
			return err
		}
		if err := app.Delete(record); err != nil {
			return err
		}
	}
	return nil
}

// Chains of approval, a row for each approver of each step.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		approvals := table("approvals", rules{
			see: active + ` && (author = @request.auth.id || ` + reviewer + ` || manager = @request.auth.id || ` + head +
				` || (oversight != "" && oversight = @request.auth.role) || ` + auditor + `)`,
		},
			must("ref_collection"), must("ref_id"), text("title"), whole("round"), whole("step"), must("key"), flag("any"),
			needs("author", users), ref("manager", users), ref("dept", departments), text("oversight"),
			needs("approver", users), ref("delegated_from", users),
			&core.RelationField{Name: "reviewers", CollectionId: users.Id, MaxSelect: 50},
			oneOf("state", "waiting", "pending", "approved", "rejected", "returned", "passed", "stale", "withdrawn"),
			data("content"), text("content_hash"), text("comment"), text("signature_hash"),
			whole("due_hours"), moment("opened_at"), moment("due_at"), moment("at"), moment("reminded_at"), moment("overdue_at"),
		)
		for _, columns := range []string{"ref_collection, ref_id, round", "approver, state", "state, due_at", "author", "dept", "manager"} {
			index(approvals, false, columns)
		}
		if err := create(app, approvals); err != nil {
			return err
		}
		return addRule(app, "approvals", "both", 300, nil,
			"user:{author}", "user:{reviewers}", "user:{manager}", "dept:{dept}", "role:{oversight}", "role:auditor", "role:admin")
	}, func(app core.App) error {
		if err := dropRules(app, "approvals"); err != nil {
			return err
		}
		return drop(app, "approvals")
	})
}
