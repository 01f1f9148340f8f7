package scope_test

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
)

// What is applied for beforehand, and what was found about claims: his who applied or whom
// it concerns, his superiors', finance's and the management's; samples only the offices'.
func init() {
	counts := or(or(is("finance"), is("executive")), overseer)
	heads := or(counts, func(f *facts, person string, row map[string]string) bool { return f.heads(person, row["dept"]) })
	for collection, c := range map[string]struct {
		see           seen
		columns, text string
	}{
		"preapprovals":   {or(heads, or(named("owner"), or(named("manager"), named("reviewers")))), "owner manager dept reviewers", "reason"},
		"audit_samples":  {counts, "owner", "note"},
		"audit_findings": {or(heads, or(named("finder"), or(named("person"), named("liable")))), "finder person liable dept", "text"},
		"penalties":      {or(heads, named("owner")), "owner dept", "reason"},
		"cost_savings":   {or(heads, or(named("owner"), named("manager"))), "owner manager dept", "title"},
	} {
		columns[collection], fieldSees[collection], texts[collection] = strings.Fields(c.columns), c.see, c.text
	}
}

// makeAudits gives people what they applied for and saved, and finds something about claims.
func (o *org) makeAudits(tx dbx.Builder) error {
	for n := range 20 {
		owner := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		some := fmt.Sprintf(`["%s","%s"]`, o.one(o.people, 0), o.one(o.people, 0))
		claim, err := o.row(tx, "expense_claims", dbx.Params{
			"owner": owner, "manager": manager, "dept": dept, "title": "x", "period": "2026-03", "payee_kind": "employee", "state": "paid", "reviewers": "[]", "visits": "[]",
		})
		if err != nil {
			return err
		}
		finding, err := o.row(tx, "audit_findings", dbx.Params{
			"finder": o.one(o.people, 0), "person": owner, "dept": dept, "liable": some, "claim": claim, "kind": "other", "text": "@mark", "state": "open",
		})
		if err != nil {
			return err
		}
		err = o.insertAll(tx, map[string]dbx.Params{
			"preapprovals": {
				"owner": owner, "manager": manager, "dept": dept, "kind": "gift", "reason": "@mark", "day": "2026-03-16", "to_day": "2026-03-16", "reviewers": some, "state": "draft",
			},
			"audit_samples": {"owner": owner, "month": fmt.Sprintf("%d-01", 2000+n), "seed": n, "note": "@mark"},
			"penalties":     {"owner": owner, "dept": dept, "finding": finding, "kind": "deduction", "month": "2026-03", "reason": "@mark", "state": "open"},
			"cost_savings":  {"owner": owner, "manager": manager, "dept": dept, "month": "2026-03", "title": "@mark", "how": "x", "state": "reported"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
