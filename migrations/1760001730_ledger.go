package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What an account owes and why: its ledger, what it paid, what it deducts, what
// it may still order, its monthly statements and its rebates (policy 4(3)3).
func init() {
	names := []string{"rebate_accruals", "statements", "receipt_allocations", "account_entries", "deductions", "receipts", "rebate_terms", "account_credits"}
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "accounts", "orders", "contracts", "blobs")
		if err != nil {
			return err
		}
		users, departments, accounts, orders, contracts, blobs := found[0], found[1], found[2], found[3], found[4], found[5]
		whose := func() []core.Field {
			return []core.Field{needs("account", accounts), ref("owner", users), ref("manager", users), ref("dept", departments)}
		}
		decided := func() []core.Field {
			return []core.Field{ref("decided_by", users), moment("decided_at"), text("reason")}
		}
		amount := func() core.Field {
			f := whole("amount_fen")
			f.Required = true
			return f
		}
		heldOrFinance := active + ` && (account.owner = @request.auth.id || account.manager = @request.auth.id || @request.auth.role = "finance")`
		reported := active + ` && state = "reported" && ((owner = @request.auth.id && ` +
			held + `) || @request.auth.role = "finance")`
		finance := active + ` && (@request.auth.role = "finance" || @request.auth.role = "admin")`

		credits := table("account_credits", rules{see: seenMoney},
			part("account", accounts), ref("dept", departments), whole("limit_fen"), whole("ordered_fen"), whole("ledger_fen"),
			whole("open_fen"), whole("overdue_fen"), whole("free_fen"), day("as_of"))
		index(credits, true, "account")
		index(credits, false, "dept")

		receipts := table("receipts", rules{see: seenMoney, create: heldOrFinance, update: reported, remove: reported},
			append(append(whose(), amount(), oneOf("method", "transfer", "cash", "cheque", "acceptance", "other"), day("received_on"),
				text("payer"), text("reference"), ref("paper", blobs), text("note"),
				oneOf("state", "reported", "confirmed", "rejected", "reversed"), whole("open_fen")), decided()...)...)
		terms := table("rebate_terms", rules{see: seenMoney, create: finance, update: finance, remove: finance},
			needs("account", accounts), ref("dept", departments), must("name"), oneOf("period", "month", "quarter", "year"),
			day("valid_from"), day("valid_to"), data("tiers"), oneOf("settle", "deduction", "payment"), flag("active"), ref("contract", contracts))
		deductions := table("deductions", rules{see: seenMoney, create: heldOrFinance, update: reported, remove: reported},
			append(append(whose(), amount(), oneOf("cause", "rebate", "display", "shortage", "other"), ref("order", orders), ref("paper", blobs), text("note"),
				oneOf("state", "reported", "accepted", "rejected")), decided()...)...)
		for _, c := range []*core.Collection{receipts, deductions} {
			for _, columns := range []string{"account", "owner", "dept", "state"} {
				index(c, false, columns)
			}
		}
		index(terms, false, "account")
		index(terms, false, "dept")
		if err := create(app, credits, receipts, terms, deductions); err != nil {
			return err
		}

		entries := table("account_entries", rules{see: seenMoney},
			needs("account", accounts), ref("dept", departments), oneOf("kind", "delivery", "return", "receipt", "reversal", "deduction"),
			must("ref_collection"), must("ref_id"), ref("order", orders), text("no"), amount(), whole("open_fen"),
			&core.TextField{Name: "on", Required: true, Pattern: `^\d{4}-\d{2}-\d{2}$`}, day("due_on"), moment("at"))
		index(entries, true, "ref_collection, ref_id, kind")
		for _, columns := range []string{"account, on, at, id, kind, amount_fen", "dept", "order"} { // sums are read of the first alone
			index(entries, false, columns)
		}
		entries.AddIndex("idx_account_entries_open", false, "account, due_on", "open_fen != 0")
		if err := create(app, entries); err != nil {
			return err
		}
		allocations := table("receipt_allocations", rules{see: seenMoney},
			needs("account", accounts), ref("dept", departments), needs("credit", entries), needs("debit", entries), amount(), moment("at"), ref("by", users))
		index(allocations, false, "credit")
		index(allocations, false, "debit")
		index(allocations, false, "account")
		index(allocations, false, "dept")
		statements := table("statements", rules{see: seenMoney},
			append(whose(), &core.TextField{Name: "month", Required: true, Pattern: `^\d{4}-\d{2}$`},
				whole("opening_fen"), whole("delivered_fen"), whole("returned_fen"), whole("received_fen"), whole("deducted_fen"), whole("closing_fen"),
				whole("entries"), text("sha256"), oneOf("state", "issued", "confirmed", "disputed"),
				moment("issued_at"), text("answered_by"), moment("answered_at"), text("reason"), ref("paper", blobs))...)
		index(statements, true, "account, month")
		index(statements, false, "dept")
		accruals := table("rebate_accruals", rules{see: seenMoney},
			needs("term", terms), needs("account", accounts), ref("dept", departments), must("period"),
			whole("base_fen"), whole("rate_bp"), whole("accrued_fen"), oneOf("state", "open", "closed", "settled"),
			ref("deduction", deductions), moment("settled_at"), ref("settled_by", users), text("voucher_no"))
		index(accruals, true, "term, period")
		index(accruals, false, "account")
		index(accruals, false, "dept")
		if err := create(app, allocations, statements, accruals); err != nil {
			return err
		}
		late := "owner = @request.auth.id"
		return addSyncRules(app,
			syncRule{name: "account_credits", direction: "down", priority: 171, keys: moneyKeys},
			syncRule{name: "receipts", direction: "both", priority: 172, keys: moneyKeys, late: late},
			syncRule{name: "deductions", direction: "both", priority: 173, keys: moneyKeys, late: late},
			syncRule{name: "account_entries", direction: "down", priority: 174, keys: moneyKeys},
			syncRule{name: "receipt_allocations", direction: "down", priority: 175, keys: moneyKeys},
			syncRule{name: "statements", direction: "both", priority: 176, keys: moneyKeys},
			syncRule{name: "rebate_terms", direction: "down", priority: 177, keys: moneyKeys},
			syncRule{name: "rebate_accruals", direction: "down", priority: 178, keys: moneyKeys},
		)
	}, func(app core.App) error {
		if err := dropRules(app, names...); err != nil {
			return err
		}
		return drop(app, names...)
	})
}
