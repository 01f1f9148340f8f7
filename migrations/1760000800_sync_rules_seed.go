package migrations

import (
	"maps"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

type seedKey struct {
	Key  string              `json:"key"`
	When map[string][]string `json:"when,omitempty"`
}

type seedGrant struct {
	To   string              `json:"to"`
	Key  string              `json:"key"`
	When map[string][]string `json:"when,omitempty"`
}

// The sync rules that say the same as the API rules above.
func init() {
	m.Register(func(app core.App) error {
		coll, err := app.FindCollectionByNameOrId("sync_rules")
		if err != nil {
			return err
		}
		keys := func(names ...string) (out []seedKey) {
			for _, n := range names {
				out = append(out, seedKey{Key: n})
			}
			return out
		}
		fields := func(policy string, names ...string) map[string]string {
			out := map[string]string{}
			for _, n := range names {
				out[n] = policy
			}
			return out
		}
		line := keys("account:{account}", "dept:{dept}", "role:auditor", "role:admin")
		money := append(keys("role:finance"), line...)
		priced := append([]seedKey{{Key: "all", When: map[string][]string{"account": {""}}}}, line...)
		on := map[string][]string{"active": {"true"}}

		visitPolicy := fields("client", "type", "planned_date", "template",
			"objective", "prep_note", "summary", "needs", "result_code", "next_step", "next_date")
		maps.Copy(visitPolicy, fields("once", "in_at", "in_lat", "in_lng", "in_acc_m", "in_fixes", "out_at", "out_lat", "out_lng", "out_acc_m"))

		for i, r := range []struct {
			name, direction string
			keys            []seedKey
			grants          []seedGrant
			policy          map[string]string
			omit            []string
		}{
			{name: "settings", direction: "down", keys: append([]seedKey{{Key: "all", When: map[string][]string{"secret": {"false"}}}}, keys("role:auditor", "role:admin")...)},
			{name: "departments", direction: "down", keys: keys("all")},
			{
				name: "users", direction: "down", keys: keys("user:{id}", "user:{manager}", "dept:{department}", "role:auditor", "role:admin"),
				omit: []string{"email", "emailVisibility", "verified"},
				grants: []seedGrant{
					{To: "{id}", Key: "all", When: on},
					{To: "{id}", Key: "user:{id}", When: on},
					{To: "{id}", Key: "role:{role}", When: on},
					{To: "{id}", Key: "dept:{department}", When: map[string][]string{"active": {"true"}, "role": {"dept_manager"}}},
				},
			},
			{name: "visit_templates", direction: "down", keys: keys("all")},
			{
				name: "accounts", direction: "both", keys: keys("account:{id}", "dept:{dept}", "role:finance", "role:auditor", "role:admin"),
				grants: []seedGrant{{To: "{owner}", Key: "account:{id}"}, {To: "{manager}", Key: "account:{id}"}},
			},
			{name: "contacts", direction: "both", keys: line},
			{name: "products", direction: "down", keys: keys("all")},
			{name: "product_costs", direction: "down", keys: keys("role:ka_manager", "role:dept_manager", "role:finance", "role:auditor", "role:admin")},
			{name: "price_lists", direction: "down", keys: priced},
			{name: "price_items", direction: "down", keys: priced},
			{name: "visits", direction: "both", keys: line, policy: visitPolicy},
			{name: "visit_steps", direction: "both", keys: line, policy: fields("client", "answer", "done_at")},
			{name: "blobs", direction: "both", keys: line, policy: fields("once", "sha256", "size", "mime")},
			{name: "orders", direction: "both", keys: money, policy: fields("client", "price_list", "visit", "shown_total_fen", "note")},
			{name: "order_lines", direction: "both", keys: money, policy: fields("client", "product", "qty_milli", "disc_bp")},
			{name: "sync_issues", direction: "both", keys: keys("user:{user}", "user:{manager}", "dept:{dept}", "role:auditor", "role:admin"), policy: fields("client", "state")},
		} {
			record := core.NewRecord(coll)
			record.Load(map[string]any{
				"name": r.name, "direction": r.direction, "keys": r.keys, "grants": r.grants,
				"policy": r.policy, "omit": r.omit, "priority": (i + 1) * 10,
			})
			if err := app.Save(record); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		_, err := app.DB().NewQuery("DELETE FROM sync_rules").Execute()
		return err
	})
}
