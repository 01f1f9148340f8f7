package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

const (
	// claimReaders see a claim and its parts, which carry whose it is and who reviews it.
	claimReaders = `(` + ownLine + ` || ` + reviewer + ` || @request.auth.role = "finance" || ` + auditor + `)`
	// claimant writes the parts of his own claim.
	claimant = active + ` && claim.owner = @request.auth.id`
)

// claimKeys say to phones what claimReaders says.
var claimKeys = append([]string{"user:{reviewers}", "role:finance"}, ownKeys...)

// Expense claims (policy 7(2)) with their lines, the shares in which nodes, accounts and
// activities bear a line, and the invoices that a line uses. Who pays, what is paid in
// advance and what was agreed before add what they are named by.
func init() {
	names := []string{"expense_uses", "expense_shares", "expense_lines", "expense_claims"}
	m.Register(func(app core.App) error {
		t, err := findClaims(app)
		if err != nil {
			return err
		}
		claims := t.claims()
		if err := create(app, claims); err != nil {
			return err
		}
		lines := t.lines(claims)
		if err := create(app, lines); err != nil {
			return err
		}
		if err := create(app, t.shares(claims, lines), t.uses(claims, lines)); err != nil {
			return err
		}
		return addSyncRules(app,
			syncRule{name: "expense_claims", direction: "both", priority: 350, keys: claimKeys, policy: fieldPolicy("client", "title", "purpose", "period", "visits", "payee_kind")},
			syncRule{name: "expense_lines", direction: "both", priority: 351, keys: claimKeys, policy: fieldPolicy("client",
				"seq", "category", "day", "to_day", "at", "city", "merchant", "amount_fen", "account", "contact", "visit", "activity", "contract",
				"node", "attendees", "nights", "distance_m", "no_invoice_reason", "reason")},
			syncRule{name: "expense_shares", direction: "both", priority: 352, keys: claimKeys, policy: fieldPolicy("client", "seq", "node", "account", "activity", "weight", "fen")},
			syncRule{name: "expense_uses", direction: "both", priority: 353, keys: claimKeys, policy: fieldPolicy("client", "amount_fen")},
		)
	}, func(app core.App) error {
		if err := dropRules(app, names...); err != nil {
			return err
		}
		return drop(app, names...)
	})
}

// claimTables makes the collections out of those that they name.
type claimTables struct {
	users, departments, accounts, contacts, visits, activities, contracts, categories, nodes, invoices *core.Collection
}

func findClaims(app core.App) (claimTables, error) {
	f, err := find(app, "users", "departments", "accounts", "contacts", "visits", "activities", "contracts", "expense_categories", "budget_nodes", "invoices")
	if err != nil {
		return claimTables{}, err
	}
	return claimTables{f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9]}, nil
}

func (t claimTables) claims() *core.Collection {
	own := active + ` && owner = @request.auth.id`
	period := month("period")
	period.Required = true
	c := table("expense_claims", rules{see: active + ` && ` + claimReaders, create: own, update: own, remove: own}, slices.Concat(
		[]core.Field{
			needs("owner", t.users), ref("manager", t.users), ref("dept", t.departments), text("no"), text("former_no"),
			must("title"), text("purpose"), period, listOf("visits", t.visits, 100), oneOf("payee_kind", "employee", "supplier", "customer"),
			notBelow("total_fen"), notBelow("approved_fen"), notBelow("cleared_fen"), notBelow("paid_fen"),
			oneOf("state", "draft", "submitted", "approved", "paid", "archived", "returned", "rejected", "cancelled", "reversed"),
			flag("special"), text("special_reason"), flag("over_budget"), data("budget_levels"), whole("warnings"), whole("reviews"),
			text("reason"), moment("approved_at"), moment("paid_at"), moment("archived_at"), text("voucher_no"),
			ref("reversal_by", t.users), text("reversal_reason"), moment("reversed_at"),
		},
		reviewed(t.users),
	)...)
	c.AddIndex("idx_expense_claims_no", true, "no", "no <> ''")
	for _, columns := range []string{"owner, state", "dept", "manager", "state", "former_no"} {
		index(c, false, columns)
	}
	return c
}

// of are the fields that a part of a claim has of it.
func (t claimTables) of(claims *core.Collection, fields ...core.Field) []core.Field {
	return slices.Concat([]core.Field{part("claim", claims)}, fields, []core.Field{
		ref("owner", t.users), ref("manager", t.users), ref("dept", t.departments),
		&core.RelationField{Name: "reviewers", CollectionId: t.users.Id, MaxSelect: 50},
	})
}

func partOfClaim() rules {
	return rules{see: active + ` && ` + claimReaders, create: claimant, update: claimant, remove: claimant}
}

// amount is what a part asks for, above zero.
func amount(name string) core.Field {
	f := notBelow(name).(*core.NumberField)
	f.Required = true
	return f
}

func (t claimTables) lines(claims *core.Collection) *core.Collection {
	of := day("day")
	of.Required = true
	c := table("expense_lines", partOfClaim(), t.of(claims,
		whole("seq"), needs("category", t.categories), of, day("to_day"), moment("at"), text("city"), text("merchant"), amount("amount_fen"), notBelow("tax_fen"),
		ref("account", t.accounts), ref("contact", t.contacts), ref("visit", t.visits), ref("activity", t.activities), ref("contract", t.contracts), ref("node", t.nodes), ref("leaf", t.nodes),
		data("attendees"), notBelow("nights"), notBelow("distance_m"), text("no_invoice_reason"), text("reason"), data("computed"), data("hits"),
		notBelow("approved_fen"), text("cut_reason"), ref("cut_by", t.users), text("comment"),
	)...)
	for _, columns := range []string{"claim", "owner, day", "dept", "manager", "category, day, amount_fen", "account, day", "contact", "visit", "activity", "contract", "node", "leaf"} {
		index(c, false, columns)
	}
	return c
}

// shares are in which parts nodes, accounts and activities bear a line.
func (t claimTables) shares(claims, lines *core.Collection) *core.Collection {
	c := table("expense_shares", partOfClaim(), t.of(claims,
		part("line", lines), whole("seq"), ref("node", t.nodes), ref("leaf", t.nodes), ref("account", t.accounts), ref("activity", t.activities),
		notBelow("weight"), notBelow("fen"), notBelow("approved_fen"),
	)...)
	for _, columns := range []string{"claim", "line", "owner", "dept", "manager", "node", "leaf", "account", "activity"} {
		index(c, false, columns)
	}
	return c
}

// uses are the invoices of lines.
func (t claimTables) uses(claims, lines *core.Collection) *core.Collection {
	c := table("expense_uses", partOfClaim(), t.of(claims,
		part("line", lines), needs("invoice", t.invoices), amount("amount_fen"), oneOf("state", "draft", "active", "paid", "released"),
	)...)
	for _, columns := range []string{"claim", "owner", "dept", "manager", "invoice, state"} {
		index(c, false, columns)
	}
	index(c, true, "line, invoice")
	return c
}
