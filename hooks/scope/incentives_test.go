package scope_test

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
)

// What somebody is paid is his and finance's, of others; what a team earns also its
// department manager's, of others than himself. Proposals are seen by who decides on them.
func init() {
	others := func(see seen) seen {
		return func(f *facts, person string, row map[string]string) bool {
			return row["person"] != person && see(f, person, row)
		}
	}
	state := func(states string, see seen) seen {
		return func(f *facts, person string, row map[string]string) bool {
			return strings.Contains(states, row["state"]) && see(f, person, row)
		}
	}
	heads := others(func(f *facts, person string, row map[string]string) bool { return f.heads(person, row["dept"]) })
	approved := "approved exported paid"
	team := func(f *facts, person string, row map[string]string) bool {
		return (row["kind"] == "commission" || row["kind"] == "manager_share") && heads(f, person, row)
	}
	ofResult := func(f *facts, person string, row map[string]string) bool {
		return row["person"] == person && strings.Contains(approved, f.tables["incentive_results"][row["result"]]["state"])
	}
	plans := or(state("published retired", everybody), or(or(is("finance"), overseer), func(f *facts, person string, row map[string]string) bool { return f.heads(person, row["dept"]) }))
	for collection, c := range map[string]struct {
		see           seen
		columns, text string
	}{
		"employments":          {or(named("person"), is("finance")), "person", "note"},
		"commission_plans":     {plans, "dept state", "name"},
		"incentive_results":    {or(state(approved, named("person")), or(others(is("finance")), team)), "person dept kind state", "reason"},
		"commission_lines":     {or(ofResult, or(others(is("finance")), heads)), "person dept result", "sold"},
		"promotion_candidates": {or(state("promoted", named("person")), or(heads, others(is("executive")))), "person dept state", "comment"},
		"honors":               {or(state("published", everybody), or(heads, is("executive"))), "person dept state", "comment"},
		"development_actions":  {or(state("planned done", named("person")), or(heads, others(named("manager")))), "person manager dept state", "title"},
	} {
		columns[collection], fieldSees[collection], texts[collection] = strings.Fields(c.columns), c.see, c.text
	}
}

// makeIncentives gives people bases and results of cycles, and departments plans.
func (o *org) makeIncentives(tx dbx.Builder) error {
	for n := range 20 {
		person := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, person)
		if err != nil {
			return err
		}
		cycle, err := o.row(tx, "appraisal_cycles", dbx.Params{
			"dept": dept, "kind": "quarter", "period": fmt.Sprintf("%dQ1", 2000+n), "from_day": fmt.Sprintf("%d-01-01", 2000+n), "to_day": fmt.Sprintf("%d-03-31", 2000+n), "state": "locked",
		})
		if err != nil {
			return err
		}
		whose := func(more dbx.Params) dbx.Params {
			out := dbx.Params{"person": person, "manager": manager, "dept": dept, "cycle": cycle, "period": fmt.Sprintf("%dQ1", 2000+n)}
			for k, v := range more {
				out[k] = v
			}
			return out
		}
		of := func(all ...string) string { return all[o.dice.IntN(len(all))] }
		result, err := o.row(tx, "incentive_results", whose(dbx.Params{"kind": "commission", "version": 1, "state": of("draft", "approved", "paid"), "reason": "@mark", "content": "{}"}))
		if err != nil {
			return err
		}
		if _, err := o.row(tx, "incentive_results", whose(dbx.Params{"kind": "bonus", "version": 1, "state": of("draft", "approved", "paid"), "reason": "@mark", "content": "{}"})); err != nil {
			return err
		}
		err = o.insertAll(tx, map[string]dbx.Params{
			"employments":          {"person": person, "from_date": fmt.Sprintf("%d-01-01", 2000+n), "base_fen": 1, "note": "@mark"},
			"commission_plans":     {"dept": dept, "name": "@mark", "version": 100 + n, "from_date": "2026-01-01", "rules": "{}", "state": of("draft", "published", "retired")},
			"commission_lines":     whose(dbx.Params{"result": result, "sold": "@mark", "kind": "sale", "order": o.one(o.orders, 0), "amount_fen": 1}),
			"promotion_candidates": whose(dbx.Params{"basis": "quarters", "state": of("proposed", "promoted", "declined"), "comment": "@mark"}),
			"honors":               whose(dbx.Params{"name": "x", "category": "satisfaction", "state": of("nominated", "published"), "comment": "@mark"}),
			"development_actions":  whose(dbx.Params{"kind": "training", "state": of("proposed", "planned", "done"), "title": "@mark"}),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
