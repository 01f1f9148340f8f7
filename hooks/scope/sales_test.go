package scope_test

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// Whose a target is, who led him and headed the department when it was made, and
// the management.
func init() {
	for _, name := range []string{"targets", "target_progress"} {
		columns[name] = []string{"owner", "manager", "dept"}
		fieldSees[name] = or(line, is("executive"))
	}
	actions["targets"], texts["targets"] = "issue", "basis_market"
}

// makeSales adds targets, of people as they were led at some time.
func (o *org) makeSales(tx dbx.Builder) error {
	for n := range 40 {
		owner := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, owner)
		id := ""
		if err == nil {
			id, err = o.row(tx, "targets", dbx.Params{
				"level": o.one([]string{"dept", "manager", "rep", "account"}, 0), "owner": owner, "manager": manager, "dept": dept, "metric": "amount",
				"year": fmt.Sprint(2000 + n), "basis_market": "@mark", "state": o.one([]string{"draft", "issued"}, 0), "version": 1,
			})
		}
		if err == nil {
			_, err = o.row(tx, "target_progress", dbx.Params{"target": id, "owner": owner, "manager": manager, "dept": dept, "told": "all", "as_of": "2026-03-16"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
