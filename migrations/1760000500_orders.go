package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Orders and their lines.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments", "visits", "price_lists", "products")
		if err != nil {
			return err
		}
		accounts, users, departments, visits, lists, products := found[0], found[1], found[2], found[3], found[4], found[5]
		see := active + ` && (` + line + ` || @request.auth.role = "finance" || ` + auditor + `)`
		orders := table("orders", rules{
			see:    see,
			create: active + ` && (account.owner = @request.auth.id || account.manager = @request.auth.id)`,
			update: active + ` && owner = @request.auth.id && state = "draft" && ` + held,
		},
			must("no"), needs("account", accounts), ref("visit", visits),
			needs("owner", users), ref("manager", users), ref("dept", departments), needs("price_list", lists),
			oneOf("state", "draft", "submitted", "approved", "rejected", "cancelled"),
			whole("shown_total_fen"), whole("lines_fen"), whole("tax_fen"), whole("total_fen"), flag("price_changed"),
			moment("submitted_at"), ref("decided_by", users), moment("decided_at"), text("reason"), text("note"),
		)
		index(orders, true, "no")
		for _, column := range []string{"account", "owner", "dept", "visit", "state"} {
			index(orders, false, column)
		}
		if err := create(app, orders); err != nil {
			return err
		}
		draft := active + ` && order.owner = @request.auth.id && order.state = "draft" && ` +
			`(order.account.owner = @request.auth.id || order.account.manager = @request.auth.id)`
		quantity := whole("qty_milli")
		quantity.Required = true
		lines := table("order_lines", rules{see: see, create: draft, update: draft, remove: draft},
			part("order", orders), ref("account", accounts), ref("owner", users), ref("dept", departments), needs("product", products),
			quantity, whole("disc_bp"), whole("price_fen"), whole("tax_bp"), whole("line_fen"), whole("tax_fen"),
		)
		for _, column := range []string{"order", "account", "dept"} {
			index(lines, false, column)
		}
		return create(app, lines)
	}, func(app core.App) error {
		return drop(app, "order_lines", "orders")
	})
}
