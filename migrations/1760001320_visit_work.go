package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// member is the part of a rule that asks whether who acts works in a department.
func member(field string) string {
	return `(@request.auth.department != "" && ` + field + ` = @request.auth.department)`
}

// grantMembers lets everybody hold the key of his department: what is addressed
// to a department carries it.
var grantMembers = seedGrant{To: "{id}", Key: "member:{department}", When: map[string][]string{"active": {"true"}}}

// What comes out of a visit: feedback that goes to departments, what stood on
// the shelf, and audits of the visit itself.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "visits", "accounts", "users", "departments", "products")
		if err != nil {
			return err
		}
		visits, accounts, users, departments, products := found[0], found[1], found[2], found[3], found[4]
		see := line + nextHolder
		onVisit := active + ` && visit.owner = @request.auth.id && (visit.account.owner = @request.auth.id || visit.account.manager = @request.auth.id)`
		place := func() []core.Field {
			return []core.Field{part("visit", visits), ref("account", accounts), ref("owner", users), ref("manager", users), ref("dept", departments)}
		}
		feedback := table("visit_feedback", rules{
			see:    active + ` && (` + see + ` || ` + member("target_dept") + ` || ` + auditor + `)`,
			create: onVisit,
		}, append(place(),
			must("text"), oneOf("theme", "quality", "delivery", "service", "technical", "product", "price", "competitor", "promotion", "payment", "other"),
			ref("product", products), ref("target_dept", departments), one("route", "issue", "support_request", "product_request", "intel"),
			text("routed_to"), text("routed_id"), oneOf("state", "routed", "closed"), flag("late"),
		)...)
		for _, columns := range []string{"visit", "account", "dept", "target_dept"} {
			index(feedback, false, columns)
		}
		number0 := func(name string) *core.NumberField {
			f := whole(name)
			f.Min = ptr(0)
			return f
		}
		checks := table("store_checks", rules{
			see:    active + ` && (` + see + ` || @request.auth.role = "market" || ` + auditor + `)`,
			create: onVisit,
		}, append(place(),
			needs("product", products), number0("facings"), number0("stock_milli"), number0("price_fen"), flag("promo_ok"), flag("out_of_stock"),
			data("competitor"), text("note"), moment("at"), flag("late"),
		)...)
		for _, columns := range []string{"visit", "account", "dept", "product"} {
			index(checks, false, columns)
		}
		audits := table("visit_audits", rules{
			see: active + ` && (auditor = @request.auth.id || manager = @request.auth.id || ` + head + ` || ` + auditor + `)`,
			create: active + ` && (visit.manager = @request.auth.id || @request.auth.role = "auditor" || @request.auth.role = "admin" || ` +
				`(@request.auth.role = "dept_manager" && @request.auth.department != "" && visit.dept = @request.auth.department))`,
		}, append(place(),
			needs("auditor", users), text("task"), oneOf("state", "open", "done", "cancelled"), data("findings"), whole("score"), moment("done_at"),
		)...)
		for _, columns := range []string{"visit", "auditor, state", "manager", "dept"} {
			index(audits, false, columns)
		}
		if err := create(app, feedback, checks, audits); err != nil {
			return err
		}
		// A phone that was there may hand in what it saw after the account went elsewhere.
		const late = "visit.owner = @request.auth.id"
		if err := addSyncRules(app,
			syncRule{
				name: "visit_feedback", direction: "both", priority: 650, late: late, keys: append([]string{"member:{target_dept}"}, accountKeys...),
				policy: fieldPolicy("once", "text", "theme"),
			},
			syncRule{name: "store_checks", direction: "both", priority: 660, late: late, keys: append([]string{"role:market"}, accountKeys...)},
			syncRule{
				name: "visit_audits", direction: "both", priority: 670,
				keys: []string{"user:{auditor}", "user:{manager}", "dept:{dept}", "role:auditor", "role:admin"},
			},
		); err != nil {
			return err
		}
		return grantsOfUsers(app, func(grants []seedGrant) []seedGrant { return append(grants, grantMembers) })
	}, func(app core.App) error {
		err := grantsOfUsers(app, func(grants []seedGrant) (out []seedGrant) {
			for _, g := range grants {
				if g.Key != grantMembers.Key {
					out = append(out, g)
				}
			}
			return out
		})
		if err != nil {
			return err
		}
		if err := dropRules(app, "visit_feedback", "store_checks", "visit_audits"); err != nil {
			return err
		}
		return drop(app, "visit_audits", "store_checks", "visit_feedback")
	})
}

// grantsOfUsers changes which keys people hold.
func grantsOfUsers(app core.App, change func([]seedGrant) []seedGrant) error {
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "users")
	if err != nil {
		return err
	}
	var grants []seedGrant
	if err := rule.UnmarshalJSONField("grants", &grants); err != nil {
		return err
	}
	rule.Set("grants", change(grants))
	return app.Save(rule)
}
