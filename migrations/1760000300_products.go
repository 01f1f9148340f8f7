package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Goods, what they cost us, and what whom they cost.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "departments")
		if err != nil {
			return err
		}
		accounts, departments := found[0], found[1]
		config := rules{see: active, create: admin, update: admin, remove: admin}
		products := table("products", config,
			must("sku"), must("name"), text("spec"), text("unit"), whole("pack"), whole("tax_bp"), text("category"),
			one("status", "active", "stopped"),
		)
		index(products, true, "sku")
		if err := create(app, products); err != nil {
			return err
		}
		costs := table("product_costs", rules{
			see: active + ` && (@request.auth.role = "ka_manager" || @request.auth.role = "dept_manager" || ` +
				`@request.auth.role = "finance" || ` + auditor + `)`,
			create: admin, update: admin, remove: admin,
		}, part("product", products), whole("cost_fen"))
		index(costs, true, "product")

		priced := rules{
			see:    active + ` && (account = "" || ` + line + ` || ` + auditor + `)`,
			create: admin, update: admin, remove: admin,
		}
		lists := table("price_lists", priced,
			must("name"), oneOf("scope", "default", "tier", "account"), one("tier", "A", "B", "C"),
			ref("account", accounts), ref("dept", departments), day("valid_from"), day("valid_to"), flag("active"),
		)
		index(lists, false, "account")
		if err := create(app, costs, lists); err != nil {
			return err
		}
		price := whole("price_fen")
		price.Required = true
		items := table("price_items", priced,
			part("list", lists), part("product", products), ref("account", accounts), ref("dept", departments),
			price, whole("min_qty_milli"),
		)
		index(items, true, "list, product, min_qty_milli")
		index(items, false, "product")
		index(items, false, "account")
		return create(app, items)
	}, func(app core.App) error {
		return drop(app, "price_items", "price_lists", "product_costs", "products")
	})
}
