package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Control of what was claimed (policy R7.9 to R7.11): samples that are looked at again,
// what was found, what follows from it, and what was saved.
func init() {
	synced := []string{"cost_savings", "penalties", "audit_findings"}
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "accounts", "expense_categories", "expense_claims", "expense_lines")
		if err != nil {
			return err
		}
		t := auditTables{found[0], found[1], found[2], found[3], found[4], found[5]}
		samples := t.samples()
		if err := create(app, samples); err != nil {
			return err
		}
		findings := t.findings(samples)
		if err := create(app, findings); err != nil {
			return err
		}
		if err := create(app, t.penalties(findings), t.savings()); err != nil {
			return err
		}
		return addSyncRules(app,
			syncRule{name: "audit_findings", direction: "both", priority: 370, keys: append([]string{"user:{finder}", "user:{person}", "user:{liable}"}, budgetKeys...)},
			syncRule{name: "penalties", direction: "both", priority: 371, keys: append([]string{"user:{owner}"}, budgetKeys...)},
			syncRule{name: "cost_savings", direction: "both", priority: 372, keys: append([]string{"user:{owner}", "user:{manager}"}, budgetKeys...)},
		)
	}, func(app core.App) error {
		if err := dropRules(app, synced...); err != nil {
			return err
		}
		return drop(app, append(synced, "audit_samples")...)
	})
}

// audits is who looks at claims again.
const audits = active + ` && (@request.auth.role = "finance" || @request.auth.role = "auditor")`

// auditTables makes the collections out of those that they name.
type auditTables struct{ users, departments, accounts, categories, claims, lines *core.Collection }

// samples are drawn of the claims that were paid in a month, once for each seed.
func (t auditTables) samples() *core.Collection {
	of := month("month")
	of.Required = true
	c := table("audit_samples", rules{see: active + ` && (` + countsMoney + `)`, create: audits},
		needs("owner", t.users), of, whole("seed"), whole("size"), whole("population"), data("picks"), text("content_hash"), text("note"))
	index(c, true, "month, seed")
	index(c, false, "owner")
	return c
}

// findings are what was found about a claim; liable are those who signed it.
func (t auditTables) findings(samples *core.Collection) *core.Collection {
	c := table("audit_findings", rules{
		see:    active + ` && (finder = @request.auth.id || person = @request.auth.id || liable.id ?= @request.auth.id || ` + head + ` || ` + countsMoney + `)`,
		create: audits, update: audits + ` && finder = @request.auth.id`,
	},
		needs("finder", t.users), ref("sample", samples), needs("claim", t.claims), ref("line", t.lines), ref("person", t.users), ref("dept", t.departments),
		listOf("liable", t.users, 20), oneOf("kind", "false_invoice", "altered", "private", "no_evidence", "over_limit", "wrong_account", "other"), must("text"),
		notBelow("repay_fen"), notBelow("points"), notBelow("liable_points"), text("answer"), moment("answered_at"),
		oneOf("state", "open", "confirmed", "dismissed"), ref("decided_by", t.users), moment("decided_at"), text("reason"),
	)
	for _, columns := range []string{"finder", "sample", "claim", "line", "person, state", "dept", "decided_by"} {
		index(c, false, columns)
	}
	return c
}

// penalties are what follows from a finding: points that the appraisal of a month
// deducts, or money that is paid back.
func (t auditTables) penalties(findings *core.Collection) *core.Collection {
	of := month("month")
	of.Required = true
	c := table("penalties", rules{see: active + ` && (owner = @request.auth.id || ` + head + ` || ` + countsMoney + `)`}, slices.Concat(
		[]core.Field{
			needs("owner", t.users), ref("dept", t.departments), needs("finding", findings), oneOf("kind", "deduction", "repayment"), of, notBelow("points"),
			notBelow("amount_fen"), notBelow("repaid_fen"), data("payments"), day("due"), oneOf("state", "open", "settled", "waived"),
			moment("settled_at"), text("reason"), moment("told_at"),
		},
	)...)
	index(c, true, "finding, owner, kind")
	for _, columns := range []string{"owner, month", "dept", "state, due"} {
		index(c, false, columns)
	}
	return c
}

// savings are what somebody spent less on, and how.
func (t auditTables) savings() *core.Collection {
	own := active + ` && owner = @request.auth.id`
	of := month("month")
	of.Required = true
	c := table("cost_savings", rules{
		see:    active + ` && (` + ownLine + ` || ` + countsMoney + `)`,
		create: own, update: own, remove: own,
	},
		needs("owner", t.users), ref("manager", t.users), ref("dept", t.departments), of, ref("category", t.categories), ref("account", t.accounts),
		must("title"), must("how"), notBelow("before_fen"), notBelow("after_fen"), notBelow("saved_fen"),
		oneOf("state", "reported", "confirmed", "declined"), ref("decided_by", t.users), moment("decided_at"), text("reason"),
	)
	for _, columns := range []string{"owner", "manager", "dept", "state", "category", "account", "decided_by"} {
		index(c, false, columns)
	}
	return c
}
