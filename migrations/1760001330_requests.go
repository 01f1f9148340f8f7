package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What goes from the field to departments: intelligence, and requests for
// support and for products.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments", "products", "visits")
		if err != nil {
			return err
		}
		accounts, users, departments, products, visits := found[0], found[1], found[2], found[3], found[4]
		seller := `(@request.auth.role = "rep" || @request.auth.role = "ka_manager" || @request.auth.role = "dept_manager" || @request.auth.role = "market")`
		keeper := active + ` && (@request.auth.role = "market" || @request.auth.role = "dept_manager" || @request.auth.role = "admin")`
		competitors := table("competitors", rules{see: active, create: active + ` && (` + seller + ` || @request.auth.role = "admin")`, update: keeper},
			must("name"), data("brands"), text("note"), flag("active"),
		)
		index(competitors, true, "name")
		if err := create(app, competitors); err != nil {
			return err
		}
		whose := func() []core.Field {
			return []core.Field{needs("owner", users), ref("manager", users), ref("dept", departments)}
		}
		own := active + ` && owner = @request.auth.id`
		intel := table("intel_reports", rules{
			see:    active + ` && (` + ownLine + ` || @request.auth.role = "market" || (@request.auth.department != "" && routed.id ?= @request.auth.department) || ` + auditor + `)`,
			create: own + ` && ` + seller,
		}, append(whose(),
			oneOf("kind", "market", "competitor", "price", "policy", "product", "service"), ref("account", accounts), ref("competitor", competitors),
			ref("visit", visits), must("text"), data("media"), oneOf("direction", "up", "down"),
			&core.RelationField{Name: "routed", CollectionId: departments.Id, MaxSelect: 20}, data("acks"), whole("ack_count"), whole("value_score"), text("source"),
		)...)
		support := table("support_requests", rules{
			see:    active + ` && (` + ownLine + ` || ` + member("to_dept") + ` || ` + auditor + `)`,
			create: own, update: own,
		}, append(whose(),
			needs("to_dept", departments), oneOf("kind", "resource", "marketing", "technical", "logistics", "finance", "legal", "complaint", "other"),
			ref("account", accounts), text("ref_collection"), text("ref"), must("text"), text("source"),
			oneOf("state", "open", "accepted", "answered", "refused", "closed", "withdrawn"), moment("due"), text("answer"),
			ref("answered_by", users), moment("answered_at"), moment("first_response_at"), flag("overdue"),
		)...)
		product := table("product_requests", rules{
			see:    active + ` && (` + ownLine + ` || ` + member("to_dept") + ` || ` + auditor + `)`,
			create: own, update: own,
		}, append(whose(),
			ref("to_dept", departments), ref("account", accounts), ref("product", products), must("need"), one("priority", "low", "normal", "high"), text("source"),
			oneOf("state", "new", "reviewing", "planned", "done", "declined"), text("version_promised"), ref("handled_by", users), text("answer"),
		)...)
		for _, c := range []*core.Collection{intel, support, product} {
			for _, columns := range []string{"owner", "manager", "dept"} {
				index(c, false, columns)
			}
		}
		index(support, false, "to_dept, state")
		index(support, false, "state, due")
		index(product, false, "to_dept, state")
		if err := create(app, intel, support, product); err != nil {
			return err
		}
		return addSyncRules(app,
			syncRule{name: "competitors", direction: "both", priority: 680, keys: []string{"all"}},
			syncRule{name: "intel_reports", direction: "both", priority: 690, keys: append([]string{"role:market", "member:{routed}"}, ownKeys...)},
			syncRule{name: "support_requests", direction: "both", priority: 700, keys: append([]string{"member:{to_dept}"}, ownKeys...), policy: fieldPolicy("client", "text")},
			syncRule{name: "product_requests", direction: "both", priority: 710, keys: append([]string{"member:{to_dept}"}, ownKeys...), policy: fieldPolicy("client", "need")},
		)
	}, func(app core.App) error {
		if err := dropRules(app, "product_requests", "support_requests", "intel_reports", "competitors"); err != nil {
			return err
		}
		return drop(app, "product_requests", "support_requests", "intel_reports", "competitors")
	})
}
