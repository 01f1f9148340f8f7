package budgets

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/records"
)

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
	var rows []struct {
		ID       string `db:"id"`
		Category string `db:"category"`
		Manager  string `db:"manager"`
		Rep      string `db:"rep"`
		Account  string `db:"account"`
		Activity string `db:"activity"`
	}
	err = tx.DB().NewQuery(`SELECT n.id, n.category, n.manager, n.rep, n.account, n.activity FROM budget_nodes n JOIN budgets b ON b.id = n.budget
		WHERE b.dept = {:dept} AND b.year = {:year} AND b.state IN ('` + strings.Join(expense.BudgetInForce, "', '") + `')
			AND n.is_leaf AND n.from_date <= {:day} AND n.to_date >= {:day}
			AND n.manager IN ('', {:manager}) AND n.rep IN ('', {:rep}) AND n.account IN ('', {:account}) AND n.activity IN ('', {:activity})
		ORDER BY julianday(n.to_date) - julianday(n.from_date), n.depth DESC, n.position, n.name, n.id`).
		Bind(dbx.Params{
			"dept": dept, "year": day[:4], "day": day, "manager": dims.Manager, "rep": dims.Rep, "account": dims.Account, "activity": dims.Activity,
		}).All(&rows)
	if err != nil {
		return leaf, false, fmt.Errorf("look for a leaf of a budget: %w", err)
	}
	best, id := -1, ""
	for _, r := range rows {
		if fit := (expense.BudgetDims{Category: r.Category, Manager: r.Manager, Rep: r.Rep, Account: r.Account, Activity: r.Activity}).Fit(dims, categories); fit > best {
			best, id = fit, r.ID
		}
	}
	return records.BudgetNodes.Find(tx, records.BudgetNodeID(id))
}
