package scope_test

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// Who answers an account and how that was kept is its line's and the service's to
// see; what is promised is everybody's once it is in force.
func init() {
	for _, name := range []string{"service_channels", "service_evaluations"} {
		columns[name] = []string{"account", "dept"}
		fieldSees[name] = or(atAccount, is("service"))
	}
	columns["service_standards"] = []string{"state"}
	fieldSees["service_standards"] = func(f *facts, person string, row map[string]string) bool {
		role := f.tables["users"][person]["role"]
		return row["state"] != "draft" || role == "service" || role == "auditor" || role == "admin"
	}
	texts["service_channels"] = "note"
	actions["service_standards"], texts["service_standards"] = "enforce", "name"
	actions["service_evaluations"], texts["service_evaluations"] = "evaluate", "findings"
}

// makeService gives accounts a channel and an evaluation: of their department
// mostly, and of one that had them before.
func (o *org) makeService(tx dbx.Builder) error {
	for n, state := range []string{"replaced", "in_force", "draft", "draft"} {
		_, err := o.row(tx, "service_standards", dbx.Params{"name": "@mark", "version": n + 1, "from_date": fmt.Sprintf("2026-0%d-01", n+1), "state": state})
		if err != nil {
			return err
		}
	}
	for _, account := range o.accounts {
		var dept string
		if err := tx.Select("dept").From("accounts").Where(dbx.HashExp{"id": account}).Row(&dept); err != nil {
			return err
		}
		if dept == "" || o.dice.IntN(4) == 0 {
			dept = o.one(o.depts, 0)
		}
		err := o.insertAll(tx, map[string]dbx.Params{
			"service_channels":    {"account": account, "dept": dept, "owner": o.one(o.people, 0), "kind": "phone", "hours": "office", "note": "@mark", "active": o.dice.IntN(2) == 0},
			"service_evaluations": {"account": account, "dept": dept, "owner": o.one(o.people, 3), "quarter": "2026-Q1", "findings": "@mark", "state": "open"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
