package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What becomes of a rejection, a conflict and work that waits: it is answered by
// actions, who answered stays on the issue, and what was released for somebody
// says by whom. A deleted row may come back with an edit that had not seen it go.
func init() {
	states := []string{"open", "acknowledged"}
	update := active + ` && user = @request.auth.id` + keeps("user", "manager", "dept", "device", "n", "mutation", "kind",
		"collection", "record", "code", "params", "fields", "field", "ancestor", "mine", "theirs", "resolution", "policy", "payload")
	facts := []string{"visits", "visit_steps", "blobs", "orders", "order_lines"}
	added := []string{"resolver", "resolved_at", "reason", "answer", "attempts", "kept_at", "seen"}
	m.Register(func(app core.App) error {
		found, err := find(app, "sync_issues", "sync_rules", "users")
		if err != nil {
			return err
		}
		issues, syncRules, users := found[0], found[1], found[2]
		state, _ := issues.Fields.GetByName("state").(*core.SelectField)
		state.Values = append(states, "resubmitted", "discarded", "chosen")
		seen := text("seen")
		seen.Hidden = true
		issues.Fields.Add(ref("resolver", users), moment("resolved_at"), text("reason"), data("answer"), data("attempts"), moment("kept_at"), seen)
		issues.UpdateRule = nil
		index(issues, false, "mutation")
		syncRules.Fields.Add(flag("edit_restores"))
		if err := create(app, issues, syncRules); err != nil {
			return err
		}
		for _, name := range facts {
			c, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				return err
			}
			c.Fields.Add(ref("released_by", users))
			if err := app.Save(c); err != nil {
				return err
			}
		}
		if _, err := app.DB().NewQuery("UPDATE sync_issues SET kept_at = created").Execute(); err != nil {
			return err
		}
		_, err = app.DB().NewQuery("ALTER TABLE _sync_doc ADD COLUMN last TEXT").Execute()
		if err != nil {
			return err
		}
		return issuePolicy(app, map[string]string{})
	}, func(app core.App) error {
		found, err := find(app, "sync_issues", "sync_rules")
		if err != nil {
			return err
		}
		issues, syncRules := found[0], found[1]
		if _, err := app.DB().NewQuery("UPDATE sync_issues SET state = 'acknowledged' WHERE state <> 'open'").Execute(); err != nil {
			return err
		}
		state, _ := issues.Fields.GetByName("state").(*core.SelectField)
		state.Values = states
		issues.UpdateRule = &update
		issues.RemoveIndex(indexName(issues, "mutation"))
		for _, name := range added {
			issues.Fields.RemoveByName(name)
		}
		syncRules.Fields.RemoveByName("edit_restores")
		if err := create(app, issues, syncRules); err != nil {
			return err
		}
		for _, name := range facts {
			c, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				return err
			}
			c.Fields.RemoveByName("released_by")
			if err := app.Save(c); err != nil {
				return err
			}
		}
		if _, err := app.DB().NewQuery("ALTER TABLE _sync_doc DROP COLUMN last").Execute(); err != nil {
			return err
		}
		return issuePolicy(app, map[string]string{"state": "client"})
	})
}

func issuePolicy(app core.App, policy map[string]string) error {
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "sync_issues")
	if err != nil {
		return err
	}
	rule.Set("policy", policy)
	return app.Save(rule)
}
