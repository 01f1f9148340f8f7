package scope_test

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
)

// What a department may spend is its manager's, finance's and the management's to see,
// and of it each node those whose it is; what things are spent on is everybody's.
func init() {
	counts := or(or(is("finance"), is("executive")), or(overseer, func(f *facts, person string, row map[string]string) bool { return f.heads(person, row["dept"]) }))
	for collection, c := range map[string]struct {
		see     seen
		columns string
	}{
		"expense_categories": {everybody, "code"},
		"expense_rules":      {everybody, "code"},
		"own_companies":      {everybody, "name"},
		"budgets":            {or(counts, or(named("owner"), named("reviewers"))), "owner dept reviewers"},
		"budget_nodes":       {or(counts, named("viewers")), "dept viewers"},
		"budget_adjustments": {or(counts, or(named("owner"), named("reviewers"))), "owner dept reviewers"},
		"expense_reviews":    {or(counts, named("owner")), "owner dept"},
	} {
		columns[collection], fieldSees[collection] = strings.Fields(c.columns), c.see
	}
	actions["budgets"] = "close"
	for collection, text := range map[string]string{
		"expense_categories": "name_en", "expense_rules": "note", "own_companies": "tax_no", "budgets": "title", "budget_nodes": "name", "budget_adjustments": "reason", "expense_reviews": "cause",
	} {
		texts[collection] = text
	}
}

// makeBudgets gives departments budgets of years, each with nodes of anybody's.
func (o *org) makeBudgets(tx dbx.Builder) error {
	for n := range 3 {
		_, err := o.row(tx, "expense_categories", dbx.Params{"code": fmt.Sprint("c", n), "name_zh": "x", "name_en": "@mark"})
		if err != nil {
			return err
		}
		if _, err := o.row(tx, "own_companies", dbx.Params{"name": fmt.Sprint("company", n), "tax_no": "@mark"}); err != nil {
			return err
		}
		rule := dbx.Params{"code": fmt.Sprint("r", n), "version": 1, "kind": "dead", "severity": "review", "params": "{}", "categories": "[]", "from_day": "2026-01-01", "note": "@mark"}
		if _, err := o.row(tx, "expense_rules", rule); err != nil {
			return err
		}
	}
	for n := range 20 {
		owner := o.one(o.people, 0)
		_, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		some := fmt.Sprintf(`["%s","%s"]`, o.one(o.people, 0), o.one(o.people, 0))
		budget, err := o.row(tx, "budgets", dbx.Params{"owner": owner, "dept": dept, "year": fmt.Sprint(2000 + n), "title": "@mark", "reviewers": some, "state": "active"})
		if err != nil {
			return err
		}
		node, err := o.row(tx, "budget_nodes", dbx.Params{"budget": budget, "dept": dept, "name": "@mark", "viewers": some, "path": "[]"})
		if err != nil {
			return err
		}
		err = o.insertAll(tx, map[string]dbx.Params{
			"budget_adjustments": {"owner": o.one(o.people, 0), "dept": dept, "budget": budget, "kind": "raise", "reason": "@mark", "reviewers": some, "state": "draft"},
			"expense_reviews":    {"budget": budget, "node": node, "dept": dept, "owner": o.one(o.people, 0), "month": "2026-03", "cause": "@mark", "state": "open"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
