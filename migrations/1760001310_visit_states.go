package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// visitFields are what later versions of a visit hold beside the first.
var visitFields = []string{
	"plan_item", "prep_at", "deviation_reason", "companions", "contacts_met", "flags",
	"in_src_crs", "in_src_lat", "in_src_lng", "out_src_crs", "out_src_lat", "out_src_lng", "clock", "signals", "device",
	"risk_score", "risk_reasons", "sampled", "asked_score", "verdict", "verdict_by", "verdict_at", "verdict_note",
	"answer", "answered_at", "void_by", "void_at", "void_reason", "counts", "event_hash", "prev_hash",
}

// visitIndexes: planned_date alone is what lists of the newest walk down; with a
// join in their rule they would sort all rows else.
var visitIndexes = []string{"owner, in_at", "plan_item", "device, in_at", "state, planned_date", "planned_date"}

// The whole life of a visit: planned and approved, judged by its risk and by a
// superior, with a chain of its steps; places in one datum.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "visits", "visit_templates", "accounts", "users", "departments", "contacts", "plan_items")
		if err != nil {
			return err
		}
		visits, templates, accounts, users, departments, contacts, items := found[0], found[1], found[2], found[3], found[4], found[5], found[6]
		templates.Fields.Add(flag("prep_required"))
		accounts.Fields.Add(one("src_crs", "wgs84", "gcj02", "bd09"), number("src_lat"), number("src_lng"))
		state, _ := visits.Fields.GetByName("state").(*core.SelectField)
		state.Values = []string{
			"draft", "planned", "approved", "in_progress", "checked_out", "reported", "accepted", "questioned", "cancelled",
			"missed", "auto_closed", "void_fraud",
		}
		crs := func(name string) *core.SelectField { return one(name, "wgs84", "gcj02", "bd09") }
		visits.Fields.Add(
			ref("plan_item", items), moment("prep_at"), text("deviation_reason"),
			&core.RelationField{Name: "companions", CollectionId: users.Id, MaxSelect: 20},
			&core.RelationField{Name: "contacts_met", CollectionId: contacts.Id, MaxSelect: 50},
			data("flags"),
			crs("in_src_crs"), number("in_src_lat"), number("in_src_lng"), crs("out_src_crs"), number("out_src_lat"), number("out_src_lng"),
			data("clock"), data("signals"), text("device"),
			whole("risk_score"), data("risk_reasons"), flag("sampled"), whole("asked_score"),
			one("verdict", "ok", "doubtful", "fraud"), ref("verdict_by", users), moment("verdict_at"), text("verdict_note"),
			text("answer"), moment("answered_at"), ref("void_by", users), moment("void_at"), text("void_reason"), flag("counts"),
			text("event_hash"), text("prev_hash"),
		)
		visits.RemoveIndex(indexName(visits, "state"))
		for _, columns := range visitIndexes {
			index(visits, false, columns)
		}
		if err := create(app, templates, accounts, visits); err != nil {
			return err
		}
		see := active + ` && (` + line + nextHolder + ` || ` + auditor + `)`
		// Evidence: nobody writes it but our own code, and it stays on the server.
		events := table("visit_events", rules{see: see},
			part("visit", visits), ref("account", accounts), ref("owner", users), ref("dept", departments), whole("n"), must("action"),
			text("from_state"), text("to_state"), moment("at"), ref("actor", users), text("device"), data("data"), text("prev_hash"), must("hash"),
		)
		index(events, true, "owner, n")
		index(events, false, "visit")
		positions := table("account_positions", rules{see: see},
			part("account", accounts), ref("visit", visits), ref("owner", users), ref("dept", departments), number("lat"), number("lng"), number("acc_m"),
			crs("src_crs"), number("src_lat"), number("src_lng"), oneOf("state", "open", "confirmed", "refused"),
			ref("decided_by", users), moment("decided_at"), text("reason"),
		)
		positions.AddIndex("idx_account_positions_open", true, "account", "state = 'open'")
		for _, columns := range []string{"account", "dept", "visit"} {
			index(positions, false, columns)
		}
		if err := create(app, events, positions); err != nil {
			return err
		}
		if err := addSyncRules(app, syncRule{name: "account_positions", direction: "both", priority: 640, keys: accountKeys}); err != nil {
			return err
		}
		return visitPolicy(app, func(policy map[string]string) {
			for name, p := range map[string]string{
				"plan_item": "client", "deviation_reason": "client", "companions": "client", "contacts_met": "client",
				"clock": "once", "signals": "once",
			} {
				policy[name] = p
			}
		})
	}, func(app core.App) error {
		err := visitPolicy(app, func(policy map[string]string) {
			for _, name := range visitFields {
				delete(policy, name)
			}
		})
		if err != nil {
			return err
		}
		if err := dropRules(app, "account_positions"); err != nil {
			return err
		}
		if err := drop(app, "account_positions", "visit_events"); err != nil {
			return err
		}
		if err := removeFields(app, "visits", visitIndexes, visitFields...); err != nil {
			return err
		}
		visits, err := app.FindCollectionByNameOrId("visits")
		if err != nil {
			return err
		}
		state, _ := visits.Fields.GetByName("state").(*core.SelectField)
		state.Values = []string{"planned", "in_progress", "checked_out", "reported", "cancelled"}
		index(visits, false, "state")
		if err := app.Save(visits); err != nil {
			return err
		}
		if err := removeFields(app, "accounts", nil, "src_crs", "src_lat", "src_lng"); err != nil {
			return err
		}
		return removeFields(app, "visit_templates", nil, "prep_required")
	})
}

// visitPolicy changes who wins in which field of a visit.
func visitPolicy(app core.App, change func(policy map[string]string)) error {
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "visits")
	if err != nil {
		return err
	}
	policy := map[string]string{}
	if err := rule.UnmarshalJSONField("policy", &policy); err != nil {
		return err
	}
	change(policy)
	rule.Set("policy", policy)
	return app.Save(rule)
}
