package scope_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
)

// makeDeals adds what hangs on accounts: of their department mostly, and of one
// that had them before.
func (o *org) makeDeals(tx dbx.Builder) error {
	var model string
	if err := tx.Select("id").From("scoring_models").Limit(1).Row(&model); err != nil {
		return err
	}
	if _, err := o.row(tx, "outreach_campaigns", dbx.Params{"title": "@mark", "text": "x", "channel": "letter", "state": "draft"}); err != nil {
		return err
	}
	rival, err := o.row(tx, "competitors", dbx.Params{"name": "对手"})
	if err != nil {
		return err
	}
	for n := range 60 {
		account, owner, dept := o.accounts[n], "", ""
		if err := tx.Select("owner", "dept").From("accounts").Where(dbx.HashExp{"id": account}).Row(&owner, &dept); err != nil {
			return err
		}
		if owner == "" || o.dice.IntN(4) == 0 {
			owner = o.one(o.people, 0)
		}
		if dept == "" || o.dice.IntN(4) == 0 {
			dept = o.one(o.depts, 0)
		}
		if err := o.hang(tx, account, owner, dept, model, rival); err != nil {
			return err
		}
	}
	return nil
}

// hang adds a row of each collection to an account.
func (o *org) hang(tx dbx.Builder, account, owner, dept, model, rival string) error {
	reviewers := `["` + o.one(o.people, 0) + `"]`
	solver := o.one(o.depts, 0)
	date, err := o.row(tx, "care_dates", dbx.Params{"account": account, "dept": dept, "title": "@mark", "kind": "custom", "calendar": "solar", "month": 1, "day": 1})
	if err != nil {
		return err
	}
	issue, err := o.row(tx, "cases", dbx.Params{
		"account": account, "dept": dept, "kind": "quality", "level": "normal", "channel": "phone", "title": "@mark", "owner_dept": solver, "state": "in_progress", "told": reviewers,
	})
	if err != nil {
		return err
	}
	deal, err := o.row(tx, "opportunities", dbx.Params{"account": account, "dept": dept, "owner": owner, "title": "@mark", "stage": "found"})
	if err != nil {
		return err
	}
	rows := map[string]dbx.Params{
		"account_stage_log":     {"to": "screened", "note": "@mark"},
		"account_scorecards":    {"model": model, "owner": owner, "state": "draft", "override_reason": "@mark", "reviewers": reviewers},
		"opportunity_stage_log": {"opportunity": deal, "to": "found", "note": "@mark"},
		"account_plans":         {"year": "2026", "needs": "@mark", "state": "draft"},
		"communications":        {"channel": "phone", "direction": "out", "at": "2026-03-01 00:00:00.000Z", "summary": "@mark"},
		"negotiations":          {"topic": "@mark", "state": "open"},
		"account_competitors":   {"competitor": rival, "note": "@mark"},
		"contracts":             {"owner": owner, "no": fmt.Sprint("K-", o.n), "type": "standard", "title": "@mark", "state": "draft", "reviewers": reviewers},
		"account_coverage":      {"owner": owner, "period": "2026-03", "state": "open", "exception_reason": "@mark"},
		"care_tasks":            {"care_date": date, "title": "@mark", "due": "2026-04-01", "state": "open"},
		"value_services":        {"kind": "training", "provider": solver, "content": "@mark"},
		"account_reviews":       {"owner": owner, "period": "2025", "findings": "@mark", "state": "draft", "reviewers": reviewers},
		"case_events":           {"issue": issue, "owner_dept": solver, "kind": "note", "text": "@mark"},
	}
	for _, collection := range slices.Sorted(maps.Keys(rows)) { // in one order, so that a seed is a company
		fields := rows[collection]
		fields["account"], fields["dept"] = account, dept
		if _, err := o.row(tx, collection, fields); err != nil {
			return fmt.Errorf("%s: %w", collection, err)
		}
	}
	return nil
}

// forAll are for everybody.
var forAll = []string{"indicators", "appraisal_cycles", "surveys", "expense_categories", "expense_rules", "own_companies", "holidays", "scoring_models", "products", "product_units", "promotions", "competitors", "outreach_campaigns", "departments", "visit_templates"}

// seenAndUnseen lists the collections of which nobody sees a row, or nobody
// lacks one though not all of it is for everybody: what is said of them above
// says nothing.
func (w *watcher) seenAndUnseen() (out []string) {
	for collection := range columns {
		rows := len(w.facts.tables[collection])
		seen, lacking := 0, 0
		for _, person := range w.people {
			if w.facts.tables["users"][person]["active"] != "1" {
				continue
			}
			n := len(w.sets[person][collection])
			seen += n
			if n < rows {
				lacking++
			}
		}
		if rows == 0 || seen == 0 || (lacking == 0) != slices.Contains(forAll, collection) {
			out = append(out, fmt.Sprintf("%s: %d rows, seen %d times, %d people lack one", collection, rows, seen, lacking))
		}
	}
	return out
}
