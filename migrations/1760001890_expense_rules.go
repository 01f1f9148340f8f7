package migrations

import (
	"encoding/json"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Rules of expenses as data (policy 7(2), R7.3): each row is a version of a rule of one of
// a closed list of kinds. The limits of gifts, which were settings, become the first rule.
func init() {
	foreign := []string{"currency", "foreign_fen", "rate_ppm", "rate_day"}
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "expense_lines")
		if err != nil {
			return err
		}
		lines := found[1]
		lines.Fields.Add(text("currency"), notBelow("foreign_fen"), notBelow("rate_ppm"), day("rate_day"))
		if err := create(app, expenseRules(found[0]), lines); err != nil {
			return err
		}
		if err := addSyncRules(app, syncRule{name: "expense_rules", direction: "down", priority: 306, keys: []string{"all"}}); err != nil {
			return err
		}
		if err := writtenByPhones(app, "expense_lines", foreign...); err != nil {
			return err
		}
		return giftRule(app)
	}, func(app core.App) error {
		if err := dropRules(app, "expense_rules"); err != nil {
			return err
		}
		if err := removeFields(app, "expense_lines", nil, foreign...); err != nil {
			return err
		}
		return drop(app, "expense_rules")
	})
}

func expenseRules(users *core.Collection) *core.Collection {
	from := day("from_day")
	from.Required = true
	kinds := oneOf("kind",
		"buyer", "issue_future", "issue_before", "late", "last_year", "invoice_sum", "unverified", "dead", "special_required", "list_required", "forbidden",
		"preapproval", "attendees", "per_head", "gift", "city_tiers", "per_diem", "lodging", "mileage", "taxi", "no_visit", "split", "no_invoice",
		"currency", "original", "fee", "alike_own", "alike_others")
	roles := &core.SelectField{
		Name: "roles", MaxSelect: 12,
		Values: []string{"rep", "ka_manager", "dept_manager", "market", "product", "service", "finance", "executive", "reviewer", "admin", "auditor", "ops"},
	}
	c := table("expense_rules", rules{see: active, create: active + ` && (@request.auth.role = "finance" || @request.auth.role = "admin")`},
		must("code"), whole("version"), kinds, oneOf("severity", "block", "warn", "review"), text("clause"), data("params"), data("categories"), roles,
		from, day("to_day"), flag("active"), text("note"), ref("put_by", users))
	index(c, true, "code, version")
	index(c, false, "kind")
	return c
}

// writtenByPhones adds fields of a collection to those in which a phone's word counts.
func writtenByPhones(app core.App, name string, fields ...string) error {
	rule, err := app.FindFirstRecordByData("sync_rules", "name", name)
	if err != nil {
		return err
	}
	policy := map[string]string{}
	if err := rule.UnmarshalJSONField("policy", &policy); err != nil {
		return err
	}
	for _, field := range fields {
		policy[field] = "client"
	}
	rule.Set("policy", policy)
	return app.Save(rule)
}

// giftRule makes a rule of what a company had set for gifts.
func giftRule(app core.App) error {
	limits := map[string]int{}
	for key, usual := range map[string]int{"care.gift_fen": 20_000, "care.gift_year_fen": 100_000} {
		limits[key] = usual
		setting, err := app.FindRecordsByFilter("settings", "key = {:key}", "", 1, 0, dbx.Params{"key": key})
		if err != nil {
			return err
		}
		if len(setting) == 1 {
			if n, err := strconv.Atoi(setting[0].GetString("value")); err == nil {
				limits[key] = n
			}
		}
	}
	params, err := json.Marshal(map[string]int{
		"each_fen": limits["care.gift_fen"], "year_fen": limits["care.gift_year_fen"], "person_year_fen": limits["care.gift_year_fen"],
	})
	if err != nil {
		return err
	}
	_, err = app.DB().Insert("expense_rules", dbx.Params{
		"id": "expensegiftrule", "code": "gift", "version": 1, "kind": "gift", "severity": "block", "clause": "R3.3d", "params": string(params),
		"categories": `["gift"]`, "roles": "[]", "from_day": "2000-01-01", "active": true, "created": "2026-01-01 00:00:00.000Z", "updated": "2026-01-01 00:00:00.000Z",
	}).Execute()
	return err
}
