package budgets

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/records"
)

// fitting are the leaves of a department's budget in force that a day is in.
var fitting = `FROM budget_nodes n JOIN budgets b ON b.id = n.budget
	WHERE b.dept = {:dept} AND b.year = {:year} AND b.state IN ('` + strings.Join(expense.BudgetInForce, "', '") + `') AND n.is_leaf = TRUE AND n.from_date <= {:day} AND n.to_date >= {:day}`

// Find finds the leaf of a department's budget that fits an expense of a day best: the
// one that names the most of what it is, then the one of the shortest period, then the
// first in the tree.
func (b *Book) Find(tx core.App, dept records.DepartmentID, day string, dims expense.BudgetDims) (leaf records.BudgetNode, found bool, err error) {
	if len(day) < 4 {
		return leaf, false, nil
	}
	categories, err := categoryLine(tx, dims.Category)
	if err != nil {
		return leaf, false, err
	}
	of := dbx.Params{
		"dept": dept, "year": day[:4], "day": day, "manager": dims.Manager, "rep": dims.Rep, "account": dims.Account, "activity": dims.Activity,
	}
	var named []struct { // what leaves of many name is the same
		Category string `db:"category"`
		Manager  string `db:"manager"`
		Rep      string `db:"rep"`
		Account  string `db:"account"`
		Activity string `db:"activity"`
	}
	err = tx.DB().NewQuery(`SELECT DISTINCT n.category, n.manager, n.rep, n.account, n.activity ` + fitting + `
		AND n.manager IN ('', {:manager}) AND n.rep IN ('', {:rep}) AND n.account IN ('', {:account}) AND n.activity IN ('', {:activity})`).Bind(of).All(&named)
	if err != nil {
		return leaf, false, fmt.Errorf("look for leaves of a budget: %w", err)
	}
	best, names := -1, []expense.BudgetDims{}
	for _, n := range named {
		d := expense.BudgetDims{Category: n.Category, Manager: n.Manager, Rep: n.Rep, Account: n.Account, Activity: n.Activity}
		switch fit := d.Fit(dims, categories); {
		case fit > best:
			best, names = fit, []expense.BudgetDims{d}
		case fit == best && fit >= 0:
			names = append(names, d)
		}
	}
	if best < 0 {
		return leaf, false, nil
	}
	these := make([]string, len(names))
	for i, d := range names {
		at := fmt.Sprint(i)
		these[i] = "(n.category = {:c" + at + "} AND n.manager = {:m" + at + "} AND n.rep = {:r" + at + "} AND n.account = {:a" + at + "} AND n.activity = {:v" + at + "})"
		of["c"+at], of["m"+at], of["r"+at], of["a"+at], of["v"+at] = d.Category, d.Manager, d.Rep, d.Account, d.Activity
	}
	var id string
	err = tx.DB().NewQuery(`SELECT n.id ` + fitting + ` AND (` + strings.Join(these, " OR ") + `)
		ORDER BY julianday(n.to_date) - julianday(n.from_date), n.depth DESC, n.position, n.name, n.id LIMIT 1`).Bind(of).Row(&id)
	if err != nil {
		return leaf, false, fmt.Errorf("look for a leaf of a budget: %w", err)
	}
	return records.BudgetNodes.Find(tx, records.BudgetNodeID(id))
}
