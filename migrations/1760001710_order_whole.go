package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Orders with their whole life: approved by a chain, confirmed and delivered by
// logistics, accepted by the customer, settled (policy 4(3)2 and 3).
func init() {
	first := []string{"draft", "submitted", "approved", "rejected", "cancelled"}
	roles := []string{"rep", "ka_manager", "dept_manager", "market", "product", "service", "finance", "executive", "reviewer", "admin", "auditor"}
	kinds := []string{"ka", "market", "finance", "product", "service", "legal", "mgmt"}
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "orders", "order_lines", "price_lists", "promotions", "accounts", "blobs", "sync_rules", "approvals")
		if err != nil {
			return err
		}
		users, departments, orders, lines, lists, promotions, accounts, blobs, syncRules, approvals := found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7], found[8], found[9]
		approvals.Fields.Add(text("subject_state"), data("data"))
		selectOf(users, "role").Values = append(roles[:len(roles):len(roles)], "ops")
		selectOf(departments, "kind").Values = append(kinds[:len(kinds):len(kinds)], "logistics")

		see := active + ` && (` + line + nextHolder + ` || @request.auth.role = "finance" || (@request.auth.role = "ops" && released = true) || ` + auditor + `)`
		seeOrder := active + ` && (` + line + nextHolder + ` || ` + reviewer + ` || @request.auth.role = "finance" || (@request.auth.role = "ops" && released = true) || ` + auditor + `)`
		selectOf(orders, "state").Values = []string{
			"draft", "submitted", "credit_review", "approved", "rejected", "confirmed", "processing", "partly_delivered", "delivered", "accepted", "settled", "cancelled",
		}
		relationOf(orders, "price_list").Required = false // the list that the phone showed: evidence, no more
		orders.Fields.Add(
			&core.RelationField{Name: "reviewers", CollectionId: users.Id, MaxSelect: 50}, whole("approval_round"), text("decision_comment"),
			text("former_no"), ref("copied_from", orders), text("ship_to"), day("wanted_on"), day("promised_on"), text("external_no"),
			day("priced_on"), one("day_basis", "captured", "cursor", "arrived"), data("shown"), whole("disc_fen"), whole("accepted_total_fen"),
			data("route_reasons"), unseen(data("credit")), flag("released"),
			text("step_dept"), moment("step_due_at"), moment("step_told_at"),
			moment("confirmed_at"), moment("delivered_at"), moment("accepted_at"), moment("settled_at"), moment("cancelled_at"),
			whole("delivered_fen"), whole("returned_fen"), whole("paid_fen"), one("on_time", "yes", "no"), one("in_full", "yes", "no"),
			ref("accept_blob", blobs), text("accepted_by"),
		)
		orders.ListRule, orders.ViewRule = types.Pointer(seeOrder), types.Pointer(seeOrder)
		index(orders, false, "former_no")
		index(orders, false, "state, step_due_at")
		lines.Fields.Add(
			text("unit"), whole("base_milli"), ref("list", lists), flag("tax_included"), whole("promo_fen"), data("why"),
			flag("free"), ref("promotion", promotions), whole("cut_milli"), text("comment"), whole("delivered_milli"), whole("returned_milli"), flag("released"),
		)
		lines.ListRule, lines.ViewRule = types.Pointer(see), types.Pointer(see)

		events := table("order_events", rules{see: see},
			part("order", orders), ref("account", accounts), ref("owner", users), ref("dept", departments),
			must("kind"), moment("at"), text("step_dept"), ref("by", users), text("note"), data("facts"), flag("released"),
		)
		for _, columns := range []string{"order, at", "account", "dept"} {
			index(events, false, columns)
		}
		if err := create(app, users, departments, orders, lines, events, approvals); err != nil {
			return err
		}
		released := seedKey{Key: "role:ops", When: map[string][]string{"released": {"true"}}}
		money := []seedKey{released, {Key: "role:finance"}, {Key: "account:{account}"}, {Key: "dept:{dept}"}, {Key: "role:auditor"}, {Key: "role:admin"}}
		err = orderRules(app, append([]seedKey{{Key: "user:{reviewers}"}}, money...), money,
			[]string{"price_list", "visit", "shown_total_fen", "note", "ship_to", "wanted_on", "shown"}, []string{"product", "unit", "qty_milli", "disc_bp", "comment"})
		if err != nil {
			return err
		}
		rule := core.NewRecord(syncRules)
		rule.Load(map[string]any{"name": "order_events", "direction": "down", "priority": 166, "keys": money})
		return app.Save(rule)
	}, func(app core.App) error {
		if err := dropRules(app, "order_events"); err != nil {
			return err
		}
		if err := drop(app, "order_events"); err != nil {
			return err
		}
		before := []seedKey{{Key: "role:finance"}, {Key: "account:{account}"}, {Key: "dept:{dept}"}, {Key: "role:auditor"}, {Key: "role:admin"}}
		err := orderRules(app, before, before, []string{"price_list", "visit", "shown_total_fen", "note"}, []string{"product", "qty_milli", "disc_bp"})
		if err != nil { // before the fields go that they name
			return err
		}
		found, err := find(app, "users", "departments", "orders", "order_lines")
		if err != nil {
			return err
		}
		users, departments, orders, lines := found[0], found[1], found[2], found[3]
		see := active + ` && (` + line + nextHolder + ` || @request.auth.role = "finance" || ` + auditor + `)`
		selectOf(users, "role").Values, selectOf(departments, "kind").Values, selectOf(orders, "state").Values = roles, kinds, first
		orders.ListRule, orders.ViewRule, lines.ListRule, lines.ViewRule = types.Pointer(see), types.Pointer(see), types.Pointer(see), types.Pointer(see)
		for _, columns := range []string{"former_no", "state, step_due_at"} {
			orders.RemoveIndex(indexName(orders, columns))
		}
		relationOf(orders, "price_list").Required = true
		for _, name := range []string{
			"reviewers", "approval_round", "decision_comment", "former_no", "copied_from", "ship_to", "wanted_on", "promised_on", "external_no",
			"priced_on", "day_basis", "shown", "disc_fen", "accepted_total_fen", "route_reasons", "credit", "released", "step_dept", "step_due_at", "step_told_at",
			"confirmed_at", "delivered_at", "accepted_at", "settled_at", "cancelled_at", "delivered_fen", "returned_fen", "paid_fen", "on_time", "in_full",
			"accept_blob", "accepted_by",
		} {
			orders.Fields.RemoveByName(name)
		}
		for _, name := range []string{
			"unit", "base_milli", "list", "tax_included", "promo_fen", "why", "free", "promotion", "cut_milli", "comment", "delivered_milli", "returned_milli", "released",
		} {
			lines.Fields.RemoveByName(name)
		}
		if err := create(app, users, departments, orders, lines); err != nil {
			return err
		}
		return removeFields(app, "approvals", nil, "subject_state", "data")
	})
}

// orderRules says who sees orders and their lines on phones, and which of their
// fields are the phone's.
func orderRules(app core.App, orders, lines []seedKey, ofOrder, ofLine []string) error {
	for _, r := range []struct {
		name   string
		keys   []seedKey
		fields []string
	}{{"orders", orders, ofOrder}, {"order_lines", lines, ofLine}} {
		rule, err := app.FindFirstRecordByData("sync_rules", "name", r.name)
		if err != nil {
			return err
		}
		rule.Set("keys", r.keys)
		rule.Set("policy", fieldPolicy("client", r.fields...))
		if err := app.Save(rule); err != nil {
			return err
		}
	}
	return nil
}

func relationOf(c *core.Collection, name string) *core.RelationField {
	field, _ := c.Fields.GetByName(name).(*core.RelationField)
	return field
}
