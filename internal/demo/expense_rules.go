package demo

import (
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
)

// ruled are the rules of expenses beside that of gifts, which every company begins with:
// the kinds as they are, for the categories of the company.
var ruled = []struct {
	code, kind, severity string
	params               map[string]any // beside what the kind says
	categories           []string
}{
	{code: "buyer", kind: "buyer"},
	{code: "issue_future", kind: "issue_future"},
	{code: "issue_before", kind: "issue_before"},
	{code: "late", kind: "late"},
	{code: "late_block", kind: "late", severity: expense.HitBlocks, params: map[string]any{"days": 90}},
	{code: "last_year", kind: "last_year"},
	{code: "invoice_sum", kind: "invoice_sum"},
	{code: "unverified", kind: "unverified"},
	{code: "dead", kind: "dead"},
	{code: "special_required", kind: "special_required", categories: []string{"lodging", "promotion"}},
	{code: "list_required", kind: "list_required"},
	{code: "forbidden", kind: "forbidden"},
	{code: "preapproval", kind: "preapproval", categories: []string{"entertainment", "gift"}},
	{code: "attendees", kind: "attendees", categories: []string{"entertainment"}},
	{code: "per_head", kind: "per_head", categories: []string{"entertainment"}},
	{code: "city_tiers", kind: expense.RuleCityTiers},
	{code: "per_diem", kind: expense.RulePerDiem, params: map[string]any{"meals": []string{"meal"}}, categories: []string{"per_diem"}},
	{code: "lodging", kind: expense.RuleLodging, categories: []string{"lodging"}},
	{code: "lodging_block", kind: expense.RuleLodging, severity: expense.HitBlocks, params: map[string]any{"over_bp": 12_000}, categories: []string{"lodging"}},
	{code: "mileage", kind: expense.RuleMileage, categories: []string{"mileage"}},
	{code: "taxi", kind: "taxi", categories: []string{"taxi"}},
	{code: "no_visit", kind: "no_visit", categories: []string{"visit"}},
	{code: "split", kind: "split"},
	{code: "no_invoice", kind: "no_invoice", params: map[string]any{"allowed": []string{"taxi", "other"}}},
	{code: "currency", kind: "currency"},
	{code: "original", kind: "original"},
	{code: "fee", kind: expense.RuleFee, categories: []string{"display", "entry", "stack"}},
	{code: "alike_own", kind: "alike_own"},
	{code: "alike_others", kind: "alike_others"},
}

// expenseRules writes the first version of each rule.
func (b *builder) expenseRules() error {
	at := b.at(b.opt.Days+40, 9)
	for i, r := range ruled {
		kind, found := expense.RuleKindOf(r.kind)
		if !found {
			return fmt.Errorf("no kind of rule %q", r.kind)
		}
		said, err := json.Marshal(r.params, json.Deterministic(true))
		if err != nil {
			return err
		}
		params, err := kind.Fill(said, func(key string) (int, error) { return standard[int](key), nil })
		if err != nil {
			return err
		}
		severity := r.severity
		if severity == "" {
			severity = kind.Severity
		}
		categories := "[]"
		if len(r.categories) > 0 {
			categories = toJSON(r.categories)
		}
		err = b.w.insert("expense_rules", dbx.Params{
			"id": b.id("expense_rules", i), "code": r.code, "version": 1, "kind": r.kind, "severity": severity, "clause": "R7.3",
			"params": string(params), "categories": categories, "roles": "[]", "from_day": at.Format("2006") + "-01-01", "active": true,
			"note": kind.ZH, "created": stamp(at), "updated": stamp(at),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
