// Package rules keeps the rules of expenses as rows, and judges claims by them: what a
// claim says of itself comes from claims, what other tables know of it is added here.
package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Area is what rules of expenses are. A row is a version, and nobody changes it: who
// changes a rule writes another row of the same code. The newest that is in force on the
// day of an expense holds.
func Area(cfg gate.Config) kit.Area {
	d := desk{now: cfg.Now}
	return kit.Area{
		Name: "rules",
		Collections: []kit.Collection{
			{
				Name:   records.ExpenseRuleTable,
				Server: []string{records.ExpenseRuleColVersion, records.ExpenseRuleColPutBy},
				Once: []string{
					records.ExpenseRuleColCode, records.ExpenseRuleColKind, records.ExpenseRuleColSeverity, records.ExpenseRuleColClause, records.ExpenseRuleColParams,
					records.ExpenseRuleColCategories, records.ExpenseRuleColRoles, records.ExpenseRuleColFromDay, records.ExpenseRuleColToDay,
					records.ExpenseRuleColActive, records.ExpenseRuleColNote,
				},
				Audit: gate.Audit{Fields: []string{
					records.ExpenseRuleColCode, records.ExpenseRuleColVersion, records.ExpenseRuleColKind, records.ExpenseRuleColSeverity, records.ExpenseRuleColParams,
					records.ExpenseRuleColFromDay, records.ExpenseRuleColToDay, records.ExpenseRuleColActive,
				}, Create: true},
				Keep:  &gate.Keep{Drafts: []string{}},
				Rules: []kit.Rule{kit.On(kit.Create, records.ExpenseRules, "expenseRuleCreate", d.create)},
			},
			{Name: records.ExpenseLineTable, Rules: []kit.Rule{
				kit.On(kit.Create, records.ExpenseLines, "lineComputed", computed),
				kit.On(kit.Update, records.ExpenseLines, "lineComputed", computed),
			}},
		},
	}
}

// desk knows today.
type desk struct{ now func() time.Time }

// create makes the next version of a rule. What it leaves open is copied from the kind and
// the settings: from then on these say nothing of it.
func (d desk) create(e *kit.Change[records.ExpenseRule]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	row := e.Row
	last, found, err := records.ExpenseRules.First(e.App, "code = {:code}", dbx.Params{"code": row.Code()}, "version DESC")
	if err != nil {
		return err
	}
	row.SetVersion(1)
	if found {
		row.SetVersion(last.Version() + 1)
		if last.Kind() != row.Kind() {
			return gate.RefuseField(records.ExpenseRuleColKind, "expense_rule.kind_fixed", "kind", last.Kind())
		}
	}
	if row.FromDay() == "" {
		row.SetFromDay(domain.BusinessDay(d.now()))
	}
	if err := fill(e.App, row); err != nil {
		return err
	}
	if err := check(e.App, row); err != nil {
		return gate.WrapError(err)
	}
	if user := gate.From(e.RecordEvent).User; user != nil && user.Collection().Name == gate.Users {
		row.SetPutBy(records.UserID(user.Id))
	}
	return e.Next()
}

func fill(app core.App, row records.ExpenseRule) error {
	kind, found := expense.RuleKindOf(string(row.Kind()))
	if !found {
		return nil // the field's own validation refuses it
	}
	if row.Severity() == "" {
		row.SetSeverity(records.ExpenseRuleSeverity(kind.Severity))
	}
	params, err := kind.Fill(row.Params(), gate.SettingsNow(app).Whole)
	if err != nil {
		return err
	}
	row.SetParams(params)
	return nil
}

// check judges a rule as it is to be kept.
func check(app core.App, row records.ExpenseRule) error {
	categories, err := row.Categories()
	if err != nil {
		return domain.Problem{Code: "expense_rule.categories_invalid"}
	}
	all, err := records.ExpenseCategories.All(app, "", nil, "")
	if err != nil {
		return err
	}
	_, err = expense.CheckRule(expense.RuleDraft{
		Code: row.Code(), Kind: string(row.Kind()), Severity: string(row.Severity()), From: row.FromDay(), To: row.ToDay(), Categories: categories, Params: row.Params(),
	}, func(code string) bool {
		return slices.ContainsFunc(all, func(c records.ExpenseCategory) bool { return c.Code() == code })
	})
	return err
}

// read reads all versions of all rules, or of some kinds.
func read(app core.App, kinds ...string) ([]expense.Rule, error) {
	where, params := "", dbx.Params{}
	for i, kind := range kinds {
		if i > 0 {
			where += " OR "
		}
		name := fmt.Sprint("kind", i)
		where += "kind = {:" + name + "}"
		params[name] = kind
	}
	rows, err := records.ExpenseRules.All(app, where, params, "code, version")
	if err != nil {
		return nil, err
	}
	out := make([]expense.Rule, len(rows))
	for i, row := range rows {
		if out[i], err = ruleOf(row); err != nil {
			return nil, fmt.Errorf("read rule %s %d: %w", row.Code(), row.Version(), err)
		}
	}
	return out, nil
}

func ruleOf(row records.ExpenseRule) (expense.Rule, error) {
	r := expense.Rule{
		ID: string(row.ID()), Code: row.Code(), Version: row.Version(), Kind: string(row.Kind()), Severity: string(row.Severity()), Clause: row.Clause(),
		Roles: row.Roles(), From: row.FromDay(), To: row.ToDay(), Active: row.Active(),
	}
	kind, found := expense.RuleKindOf(r.Kind)
	if !found {
		return r, fmt.Errorf("no kind %q", r.Kind)
	}
	var err error
	if r.Categories, err = row.Categories(); err != nil {
		return r, err
	}
	r.Params, err = kind.Read(row.Params())
	return r, err
}
