package migrations

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// goods is the purpose of blobs that show goods or the signature under them.
const goods = "goods"

// Deliveries of approved orders, and returns of what was delivered (policy 4(3)3).
// Who delivers knows accounts by their names, and sees photos that he is to see.
func init() {
	const opsNamed = ` || @request.auth.role = "ops"`
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "accounts", "orders", "order_lines", "products", "blobs", "sync_rules")
		if err != nil {
			return err
		}
		users, departments, accounts, orders, lines, products, blobs, syncRules := found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7]
		// Whose they are, filled from the order.
		whose := func() []core.Field {
			return []core.Field{ref("account", accounts), ref("owner", users), ref("manager", users), ref("dept", departments)}
		}
		see := active + ` && (` + line + nextHolder + ` || @request.auth.role = "finance" || @request.auth.role = "ops" || ` + auditor + `)`
		ops := active + ` && @request.auth.role = "ops"`
		openDelivery := ops + ` && delivery.state = "planned"`
		deliveries := table("deliveries", rules{see: see, create: ops + ` && order.released = true`, update: ops, remove: ops},
			append(whose(),
				needs("order", orders), must("no"), oneOf("state", "planned", "dispatched", "delivered", "refused", "cancelled"),
				day("planned_on"), text("carrier"), text("tracking_no"), text("external_no"), text("note"),
				moment("dispatched_at"), moment("delivered_at"), flag("late"), flag("short"), one("quality", "good", "damaged"), text("quality_note"),
				ref("signed_blob", blobs), text("signed_by"), whole("amount_fen"), ref("by", users), text("reason"),
			)...)
		index(deliveries, true, "no")
		for _, columns := range []string{"order", "account, delivered_at", "dept", "state, planned_on"} {
			index(deliveries, false, columns)
		}
		if err := create(app, deliveries); err != nil {
			return err
		}
		quantity := whole("qty_milli")
		quantity.Required = true
		deliveryLines := table("delivery_lines", rules{see: see, create: openDelivery, update: openDelivery, remove: openDelivery},
			append(whose(),
				part("delivery", deliveries), needs("line", lines), ref("product", products), quantity, whole("accepted_milli"),
				text("lot"), day("expires_on"), whole("amount_fen"), text("note"),
			)...)
		index(deliveryLines, true, "delivery, line, lot")
		for _, columns := range []string{"line", "account", "dept"} {
			index(deliveryLines, false, columns)
		}

		seeReturn := active + ` && (` + line + nextHolder + ` || @request.auth.role = "finance" || (@request.auth.role = "ops" && released = true) || ` + auditor + `)`
		writes := active + ` && ` + held
		own := active + ` && owner = @request.auth.id && state = "draft" && ` + held
		returns := table("returns", rules{see: seeReturn, create: writes, update: own, remove: own},
			append(whose(),
				needs("order", orders), must("no"), oneOf("kind", "return", "exchange"), oneOf("cause", "damaged", "expired", "wrong", "unsold", "other"),
				&core.RelationField{Name: "photos", CollectionId: blobs.Id, MaxSelect: 20}, text("note"),
				oneOf("state", "draft", "requested", "approved", "rejected", "returned", "cancelled"), whole("amount_fen"), flag("released"),
				moment("requested_at"), ref("decided_by", users), moment("decided_at"), text("reason"), moment("returned_at"), ref("exchange", orders),
			)...)
		index(returns, true, "no")
		for _, columns := range []string{"order", "account, returned_at", "dept", "owner", "state"} {
			index(returns, false, columns)
		}
		if err := create(app, deliveryLines, returns); err != nil {
			return err
		}
		openReturn := active + ` && return_doc.owner = @request.auth.id && return_doc.state = "draft"`
		returnLines := table("return_lines", rules{see: seeReturn, create: openReturn, update: openReturn, remove: openReturn},
			append(whose(),
				part("return_doc", returns), needs("line", lines), ref("product", products), quantity, text("lot"),
				whole("line_fen"), whole("tax_fen"), whole("promo_fen"), whole("amount_fen"), flag("released"), text("note"),
			)...)
		index(returnLines, true, "return_doc, line, lot")
		for _, columns := range []string{"line", "account", "dept"} {
			index(returnLines, false, columns)
		}
		if err := create(app, returnLines); err != nil {
			return err
		}
		ofLine := []seedKey{{Key: "role:finance"}, {Key: "account:{account}"}, {Key: "dept:{dept}"}, {Key: "role:auditor"}, {Key: "role:admin"}}
		always := append([]seedKey{{Key: "role:ops"}}, ofLine...)
		released := append([]seedKey{{Key: "role:ops", When: map[string][]string{"released": {"true"}}}}, ofLine...)
		for i, r := range []struct {
			name string
			keys []seedKey
			late string
		}{
			{"deliveries", always, ""},
			{"delivery_lines", always, ""},
			{"returns", released, "owner = @request.auth.id"},
			{"return_lines", released, `return_doc.owner = @request.auth.id && return_doc.state = "draft"`},
		} {
			rule := core.NewRecord(syncRules)
			rule.Load(map[string]any{"name": r.name, "direction": "both", "priority": 167 + i, "keys": r.keys, "late": r.late})
			if err := app.Save(rule); err != nil {
				return err
			}
		}
		if err := nameAccounts(app, func(see string) string { return strings.TrimSuffix(see, ")") + opsNamed + ")" }); err != nil {
			return err
		}
		selectOf(blobs, "purpose").Values = append(selectOf(blobs, "purpose").Values, goods)
		blobs.Fields.Add(flag("logistics"))
		return showGoods(app, blobs, true)
	}, func(app core.App) error {
		if err := nameAccounts(app, func(see string) string { return strings.TrimSuffix(see, opsNamed+")") + ")" }); err != nil {
			return err
		}
		blobs, err := app.FindCollectionByNameOrId("blobs")
		if err != nil {
			return err
		}
		if _, err := app.DB().Delete("blobs", dbx.HashExp{"purpose": goods}).Execute(); err != nil {
			return err
		}
		purposes := selectOf(blobs, "purpose")
		purposes.Values = slices.DeleteFunc(purposes.Values, func(purpose string) bool { return purpose == goods })
		blobs.Fields.RemoveByName("logistics")
		if err := showGoods(app, blobs, false); err != nil {
			return err
		}
		names := []string{"return_lines", "returns", "delivery_lines", "deliveries"}
		if err := dropRules(app, names...); err != nil {
			return err
		}
		return drop(app, names...)
	})
}

// nameAccounts changes who may know accounts by name.
func nameAccounts(app core.App, change func(see string) string) error {
	names, err := app.FindCollectionByNameOrId("account_names")
	if err != nil {
		return err
	}
	see := rule(change(*names.ListRule))
	names.ListRule, names.ViewRule = see, see
	return app.Save(names)
}

// showGoods lets the account's line see blobs of goods as it sees contracts, and
// who delivers those that are marked for him; or takes that back.
func showGoods(app core.App, blobs *core.Collection, on bool) error {
	const (
		contract, ofLine = `purpose = "contract")`, `purpose = "contract" || purpose = "` + goods + `")`
		last, marked     = ` || ` + auditor + `)`, ` || (logistics = true && @request.auth.role = "ops") || ` + auditor + `)`
	)
	there, back := strings.NewReplacer(contract, ofLine, last, marked), strings.NewReplacer(ofLine, contract, marked, last)
	change := back
	if on {
		change = there
	}
	see := rule(change.Replace(*blobs.ListRule))
	blobs.ListRule, blobs.ViewRule = see, see
	if !on { // before the field goes that its rule names
		if err := paperKeys(app); err != nil {
			return err
		}
		return app.Save(blobs)
	}
	if err := app.Save(blobs); err != nil {
		return err
	}
	syncRules, err := app.FindCollectionByNameOrId("sync_rules")
	if err != nil {
		return err
	}
	only := func(purposes ...string) map[string][]string { return map[string][]string{"purpose": purposes} }
	all := append(papers[:len(papers):len(papers)], goods)
	return setRule(app, syncRules, []seedKey{
		{Key: "account:{account}", When: only("visit_photo", "contract", goods)},
		{Key: "dept:{dept}"},
		{Key: "role:auditor"},
		{Key: "role:admin"},
		{Key: "user:{owner}", When: only(all...)},
		{Key: "user:{manager}", When: only(all...)},
		{Key: "role:finance", When: only(all...)},
		{Key: "role:ops", When: map[string][]string{"logistics": {"true"}}},
	}, lateVisit+` || (purpose != "visit_photo" && owner = @request.auth.id)`)
}
