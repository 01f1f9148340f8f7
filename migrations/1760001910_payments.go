package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

const (
	// paysMoney is who pays.
	paysMoney = `@request.auth.role = "finance"`
	// paidTo is who is paid what, and who looks after the money.
	paidTo = active + ` && (owner = @request.auth.id || ` + head + ` || ` + paysMoney + ` || ` + auditor + `)`
)

// Payments (policy 7(2)): who is paid, by which account, changed by two of finance; what
// is paid in advance; runs of payments with what the bank gets and answers; what of a
// category goes to which account of the ledger.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "accounts", "expense_claims", "expense_categories")
		if err != nil {
			return err
		}
		t := paymentTables{found[0], found[1], found[2], found[3]}
		categories := found[4]
		categories.Fields.Add(text("ledger_account"), one("input_tax", "deducted", "carried_out", "none"))
		payees := t.payees()
		if err := create(app, categories, payees); err != nil {
			return err
		}
		changes, advances := t.changes(payees), t.advances()
		if err := create(app, changes, t.payeeAccounts(payees, changes), advances); err != nil {
			return err
		}
		t.claims.Fields.Add(ref("payee", payees), ref("advance", advances))
		index(t.claims, false, "payee")
		index(t.claims, false, "advance")
		runs := t.runs()
		if err := create(app, t.claims, runs, t.payments(runs, payees, advances)); err != nil {
			return err
		}
		mine := []string{"user:{owner}", "dept:{dept}", "role:finance", "role:auditor", "role:admin"}
		if err := addSyncRules(app,
			syncRule{name: "payees", direction: "down", priority: 345, keys: []string{"user:{user}", "account:{account}", "role:finance", "role:auditor", "role:admin"}},
			syncRule{
				name: "advances", direction: "both", priority: 349, keys: slices.Concat([]string{"user:{reviewers}", "role:finance"}, ownKeys),
				policy: fieldPolicy("client", "purpose", "amount_fen", "due_on"),
			},
			syncRule{name: "payments", direction: "down", priority: 356, keys: mine},
		); err != nil {
			return err
		}
		return run(app, `UPDATE sync_rules SET keys = json_insert(keys, '$[#]', json('{"key":"all","when":{"kind":["supplier"]}}')) WHERE name = 'payees'`)
	}, func(app core.App) error {
		if err := dropRules(app, "payments", "advances", "payees"); err != nil {
			return err
		}
		if err := removeFields(app, "expense_claims", []string{"payee", "advance"}, "payee", "advance"); err != nil {
			return err
		}
		if err := removeFields(app, "expense_categories", nil, "ledger_account", "input_tax"); err != nil {
			return err
		}
		return drop(app, "payments", "payment_runs", "advances", "payee_accounts", "payee_changes", "payees")
	})
}

// paymentTables makes the collections out of those that they name.
type paymentTables struct{ users, departments, accounts, claims *core.Collection }

// payees are who is paid: one of the company's people, a supplier or a customer. The
// account is shown by its last digits.
func (t paymentTables) payees() *core.Collection {
	write := active + ` && ` + paysMoney
	c := table("payees", rules{
		see:    active + ` && (user = @request.auth.id || kind = "supplier" || ` + held + ` || ` + paysMoney + ` || ` + auditor + `)`,
		create: write, update: write,
	},
		oneOf("kind", "employee", "supplier", "customer"), ref("user", t.users), ref("account", t.accounts), must("name"), text("bank"), text("masked"), flag("active"))
	c.AddIndex("idx_payees_user", true, "user", "user <> ''")
	c.AddIndex("idx_payees_account", true, "account", "account <> ''")
	return c
}

// changes of a payee's account are asked for by one of finance and confirmed by another.
func (t paymentTables) changes(payees *core.Collection) *core.Collection {
	see := active + ` && ` + paysMoney
	c := table("payee_changes", rules{see: see, create: see + ` && owner = @request.auth.id`},
		needs("owner", t.users), needs("payee", payees), must("holder"), must("bank"), text("bank_code"), must("number"), text("masked"), must("reason"),
		oneOf("state", "asked", "confirmed", "refused", "cancelled"), ref("decided_by", t.users), moment("decided_at"), text("comment"))
	index(c, false, "payee")
	index(c, false, "owner, state")
	c.AddIndex("idx_payee_changes_asked", true, "payee", "state = 'asked'")
	return c
}

// payeeAccounts are full numbers: finance alone reads them, and no phone.
func (t paymentTables) payeeAccounts(payees, changes *core.Collection) *core.Collection {
	c := table("payee_accounts", rules{see: active + ` && ` + paysMoney},
		needs("payee", payees), needs("change", changes), must("holder"), must("bank"), text("bank_code"), must("number"), flag("active"))
	c.AddIndex("idx_payee_accounts_payee", true, "payee", "active = TRUE")
	index(c, false, "change")
	return c
}

// advances are paid before it is known what things cost.
func (t paymentTables) advances() *core.Collection {
	own := active + ` && owner = @request.auth.id`
	due := day("due_on")
	due.Required = true
	c := table("advances", rules{
		see:    active + ` && (` + ownLine + ` || ` + reviewer + ` || ` + paysMoney + ` || ` + auditor + `)`,
		create: own, update: own, remove: own,
	}, slices.Concat(
		[]core.Field{
			needs("owner", t.users), ref("manager", t.users), ref("dept", t.departments), must("purpose"), notBelow("amount_fen"), due,
			oneOf("state", "draft", "submitted", "approved", "paid", "cleared", "returned", "rejected", "cancelled"),
			notBelow("paid_fen"), notBelow("cleared_fen"), notBelow("given_back_fen"), moment("paid_at"), moment("closed_at"), moment("told_at"),
		},
		reviewed(t.users),
	)...)
	for _, columns := range []string{"owner, state", "manager", "dept", "state, due_on"} {
		index(c, false, columns)
	}
	return c
}

// runs are what is given to the bank together. The file as it was written is no field
// that anybody is shown.
func (t paymentTables) runs() *core.Collection {
	see := active + ` && ` + paysMoney
	file := unseen(&core.TextField{Name: "file", Max: 8 << 20})
	c := table("payment_runs", rules{
		see: active + ` && (` + paysMoney + ` || ` + auditor + `)`, create: see + ` && owner = @request.auth.id`, update: see + ` && owner = @request.auth.id`,
	},
		needs("owner", t.users), text("no"), text("title"), oneOf("state", "draft", "exported", "answered", "closed", "cancelled"),
		whole("count"), notBelow("total_fen"), whole("paid_count"), notBelow("paid_fen"), whole("failed_count"),
		one("encoding", "utf8", "gbk"), &core.TextField{Name: "sha256", Pattern: `^([0-9a-f]{64})?$`}, file,
		ref("exported_by", t.users), moment("exported_at"), data("answers"), ref("closed_by", t.users), moment("closed_at"))
	c.AddIndex("idx_payment_runs_no", true, "no", "no <> ''")
	index(c, false, "owner, state")
	return c
}

// payments are of claims and advances, and back from these. Nothing is paid by two
// of them.
func (t paymentTables) payments(runs, payees, advances *core.Collection) *core.Collection {
	c := table("payments", rules{see: paidTo},
		ref("run", runs), whole("seq"), oneOf("kind", "claim", "advance", "return"), ref("claim", t.claims), ref("advance", advances),
		needs("owner", t.users), ref("dept", t.departments), ref("payee", payees), text("payee_name"), text("payee_account"), text("masked"),
		notBelow("amount_fen"), notBelow("cleared_fen"), oneOf("state", "planned", "sent", "paid", "failed", "reversed"),
		text("voucher_no"), text("bank_ref"), text("reason"), ref("paid_by", t.users), moment("paid_at"),
		ref("reversal_by", t.users), text("reversal_reason"), ref("reversed_by", t.users), moment("reversed_at"), text("reversal_voucher_no"))
	c.AddIndex("idx_payments_claim", true, "claim", "claim <> '' AND state IN ('planned', 'sent', 'paid')")
	c.AddIndex("idx_payments_advance", true, "advance", "kind = 'advance' AND state IN ('planned', 'sent', 'paid')")
	c.AddIndex("idx_payments_voucher_no", true, "voucher_no", "voucher_no <> ''")
	c.AddIndex("idx_payments_reversal_voucher_no", true, "reversal_voucher_no", "reversal_voucher_no <> ''")
	for _, columns := range []string{"run, seq", "owner", "dept", "payee", "advance, state", "paid_at", "reversed_at"} {
		index(c, false, columns)
	}
	return c
}
