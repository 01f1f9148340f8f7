package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Units of goods, lists that come from a contract or hold the tax, what an
// account may order, and promotions (policy 4(3)1).
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "products", "price_lists", "price_items", "contracts", "accounts", "departments", "users", "orders")
		if err != nil {
			return err
		}
		products, lists, items, contracts, accounts, departments, users, orders := found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7]
		products.Fields.Add(whole("min_qty_milli"), whole("step_milli"))
		selectOf(lists, "scope").Values = []string{"default", "tier", "account", "contract"}
		lists.Fields.Add(ref("contract", contracts), flag("tax_included"))
		items.RemoveIndex(indexName(items, "list, product, min_qty_milli"))
		items.Fields.Add(text("unit"))
		index(items, true, "list, product, unit, min_qty_milli")
		if err := create(app, products, lists, items); err != nil {
			return err
		}

		factor := whole("factor_milli")
		factor.Required = true
		units := table("product_units", rules{see: active, create: admin, update: admin, remove: admin},
			part("product", products), must("unit"), factor, text("barcode"))
		index(units, true, "product, unit")

		over := active + ` && (account.manager = @request.auth.id || ` + headOfAccount + ` || @request.auth.role = "admin")`
		assortments := table("assortments", rules{see: seenLine, create: over, update: over, remove: over},
			part("account", accounts), ref("dept", departments), needs("product", products), oneOf("state", "listed", "delisted"),
			day("valid_from"), day("valid_to"), text("note"))
		index(assortments, true, "account, product")
		index(assortments, false, "dept")

		code := &core.TextField{Name: "code", Required: true, Max: 60}
		promotions := table("promotions", rules{see: active, create: admin, update: admin, remove: admin},
			code, must("name"), day("valid_from"), day("valid_to"), flag("active"), whole("priority"), text("exclusive_group"), flag("stackable"),
			&core.RelationField{Name: "accounts", CollectionId: accounts.Id, MaxSelect: 2000},
			&core.SelectField{Name: "tiers", Values: []string{"A", "B", "C"}, MaxSelect: 3},
			data("rule"), whole("cap_fen"), whole("cap_milli"), whole("used_fen"), whole("used_milli"))
		index(promotions, true, "code")
		if err := create(app, units, assortments, promotions); err != nil {
			return err
		}

		uses := table("promotion_uses", rules{see: seenMoney},
			needs("promotion", promotions), part("order", orders), ref("account", accounts), ref("owner", users), ref("dept", departments),
			whole("amount_fen"), whole("qty_milli"), oneOf("state", "held", "returned"))
		index(uses, true, "order, promotion")
		for _, columns := range []string{"promotion, state", "account", "dept"} {
			index(uses, false, columns)
		}
		if err := create(app, uses); err != nil {
			return err
		}
		return addSyncRules(app,
			syncRule{name: "product_units", direction: "down", priority: 71, keys: []string{"all"}},
			syncRule{name: "assortments", direction: "both", priority: 72, keys: accountKeys},
			syncRule{name: "promotions", direction: "down", priority: 73, keys: []string{"all"}},
			syncRule{name: "promotion_uses", direction: "down", priority: 165, keys: moneyKeys},
		)
	}, func(app core.App) error {
		if err := dropRules(app, "promotion_uses", "promotions", "assortments", "product_units"); err != nil {
			return err
		}
		if err := drop(app, "promotion_uses", "promotions", "assortments", "product_units"); err != nil {
			return err
		}
		items, err := app.FindCollectionByNameOrId("price_items")
		if err != nil {
			return err
		}
		items.RemoveIndex(indexName(items, "list, product, unit, min_qty_milli"))
		items.Fields.RemoveByName("unit")
		index(items, true, "list, product, min_qty_milli")
		if err := app.Save(items); err != nil {
			return err
		}
		lists, err := app.FindCollectionByNameOrId("price_lists")
		if err != nil {
			return err
		}
		selectOf(lists, "scope").Values = []string{"default", "tier", "account"}
		if err := app.Save(lists); err != nil {
			return err
		}
		if err := removeFields(app, "price_lists", nil, "contract", "tax_included"); err != nil {
			return err
		}
		return removeFields(app, "products", nil, "min_qty_milli", "step_milli")
	})
}

// seenMoney is who sees what an account is charged or pays: its line and finance.
const seenMoney = active + ` && (` + line + nextHolder + ` || @request.auth.role = "finance" || ` + auditor + `)`

// moneyKeys say the same as seenMoney.
var moneyKeys = append([]string{"role:finance"}, accountKeys...)
