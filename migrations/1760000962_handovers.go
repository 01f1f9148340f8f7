package migrations

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// nextHolder lets the rep to whom an account goes in the next days read ahead.
const nextHolder = ` || account.next_owner = @request.auth.id`

// hanging are the collections whose rows are seen through their account.
var hanging = []string{"contacts", "visits", "visit_steps", "blobs", "orders", "order_lines", "price_lists", "price_items"}

// oversees is the part of a rule that asks whether a user reports to who acts,
// is of the department that he manages, or is himself.
func oversees(user string) string {
	return `(` + user + ` = @request.auth.id || ` + user + `.manager = @request.auth.id || (@request.auth.role = "dept_manager" && ` +
		`@request.auth.department != "" && ` + user + `.department = @request.auth.department))`
}

// Who holds an account from when to when, and how accounts change hands.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments")
		if err != nil {
			return err
		}
		accounts, users, departments := found[0], found[1], found[2]
		accounts.Fields.Add(ref("next_owner", users))
		index(accounts, false, "next_owner")
		if err := reread(app, accounts, "owner = @request.auth.id || ", "owner = @request.auth.id || next_owner = @request.auth.id || "); err != nil {
			return err
		}
		for _, name := range hanging {
			if err := rereadNamed(app, name, held[1:len(held)-1], held[1:len(held)-1]+nextHolder); err != nil {
				return err
			}
		}
		if err := handoverTables(app, accounts, users, departments); err != nil {
			return err
		}
		return handoverRules(app)
	}, func(app core.App) error {
		if _, err := app.DB().NewQuery("DELETE FROM sync_rules WHERE name IN ('account_handovers', 'account_assignments')").Execute(); err != nil {
			return err
		}
		if err := grantsOfAccounts(app, seedGrant{To: "{owner}", Key: "account:{id}"}, seedGrant{To: "{manager}", Key: "account:{id}"}); err != nil {
			return err
		}
		if err := drop(app, "account_assignments", "account_handovers"); err != nil {
			return err
		}
		for _, name := range hanging {
			if err := rereadNamed(app, name, nextHolder, ""); err != nil {
				return err
			}
		}
		accounts, err := app.FindCollectionByNameOrId("accounts")
		if err != nil {
			return err
		}
		accounts.RemoveIndex(indexName(accounts, "next_owner"))
		accounts.Fields.RemoveByName("next_owner")
		return reread(app, accounts, "next_owner = @request.auth.id || ", "")
	})
}

// reread changes a part of the rule by which a collection is seen.
func reread(app core.App, c *core.Collection, before, after string) error {
	see := rule(strings.ReplaceAll(*c.ListRule, before, after))
	c.ListRule, c.ViewRule = see, see
	return app.Save(c)
}

func rereadNamed(app core.App, name, before, after string) error {
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	return reread(app, c, before, after)
}

func handoverTables(app core.App, accounts, users, departments *core.Collection) error {
	due := day("planned_date")
	due.Required = true
	handovers := table("account_handovers", rules{
		see: active + ` && (from_rep = @request.auth.id || to_rep = @request.auth.id || ` +
			`from_manager = @request.auth.id || to_manager = @request.auth.id || (@request.auth.role = "dept_manager" && ` +
			`@request.auth.department != "" && (from_dept = @request.auth.department || to_dept = @request.auth.department)) || ` + auditor + `)`,
		create: active + ` && (@request.auth.role = "admin" || (` + oversees("from_rep") + ` && ` + oversees("to_rep") + `))`,
	},
		needs("from_rep", users), needs("to_rep", users),
		&core.RelationField{Name: "accounts", CollectionId: accounts.Id, MaxSelect: 5000},
		due, text("reason"), oneOf("state", "planned", "draining", "done", "cancelled"), ref("requested_by", users),
		ref("from_manager", users), ref("to_manager", users), ref("from_dept", departments), ref("to_dept", departments),
		moment("moved_at"), day("drain_until"), whole("total"), whole("moved"), whole("skipped"), text("problem"),
	)
	for _, columns := range []string{"from_rep, state", "to_rep, state", "from_manager", "to_manager", "state, planned_date"} {
		index(handovers, false, columns)
	}
	if err := create(app, handovers); err != nil {
		return err
	}
	since := day("from_date")
	since.Required = true
	assignments := table("account_assignments", rules{
		see:    active + ` && (` + line + nextHolder + ` || ` + auditor + `)`,
		create: active + ` && (@request.auth.role = "admin" || (` + oversees("account.owner") + ` && ` + oversees("user") + `))`,
	},
		part("account", accounts), needs("user", users), ref("dept", departments), since, day("to_date"),
		oneOf("state", "planned", "active", "ended", "cancelled"), ref("handover", handovers),
		moment("began_at"), moment("ended_at"), text("problem"),
	)
	for _, state := range []string{"planned", "active"} {
		assignments.AddIndex("idx_account_assignments_"+state, true, "account", "state = '"+state+"'")
	}
	for _, columns := range []string{"account", "user, state", "state, from_date", "handover", "dept"} {
		index(assignments, false, columns)
	}
	if err := create(app, assignments); err != nil {
		return err
	}
	// Who holds an account today has held it since it was made, as far as is known.
	_, err := app.DB().NewQuery(`INSERT INTO account_assignments (id, account, user, dept, from_date, state, began_at, created, updated)
		SELECT substr(lower(hex(randomblob(8))), 1, 15), id, owner, dept, substr(created, 1, 10), 'active', created, created, created
		FROM accounts WHERE owner <> ''`).Execute()
	return err
}

// handoverRules are the sync rules that say the same as the API rules.
func handoverRules(app core.App) error {
	coll, err := app.FindCollectionByNameOrId("sync_rules")
	if err != nil {
		return err
	}
	for i, r := range []struct {
		name, direction string
		keys            []string
	}{
		{"account_handovers", "both", []string{
			"user:{from_rep}", "user:{to_rep}", "user:{from_manager}", "user:{to_manager}",
			"dept:{from_dept}", "dept:{to_dept}", "role:auditor", "role:admin",
		}},
		{"account_assignments", "down", []string{"account:{account}", "dept:{dept}", "role:auditor", "role:admin"}},
	} {
		var keys []seedKey
		for _, k := range r.keys {
			keys = append(keys, seedKey{Key: k})
		}
		record := core.NewRecord(coll)
		record.Load(map[string]any{"name": r.name, "direction": r.direction, "keys": keys, "priority": 200 + 10*i})
		if err := app.Save(record); err != nil {
			return err
		}
	}
	return grantsOfAccounts(app,
		seedGrant{To: "{owner}", Key: "account:{id}"}, seedGrant{To: "{manager}", Key: "account:{id}"}, seedGrant{To: "{next_owner}", Key: "account:{id}"})
}

func grantsOfAccounts(app core.App, grants ...seedGrant) error {
	record, err := app.FindFirstRecordByData("sync_rules", "name", "accounts")
	if err != nil {
		return err
	}
	record.Set("grants", grants)
	return app.Save(record)
}
