package budgets

import (
	"encoding/json/v2"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/records"
)

// nearest is the order of leaves that fit as well. By idx_budget_nodes_leaf the first of many
// that are of the same is found without a look at the others.
const nearest = "julianday(n.to_date) - julianday(n.from_date), n.depth DESC, n.position, n.name, n.id LIMIT 1"

var bestLeaf = `id = (WITH f AS MATERIALIZED (
		SELECT d.value ->> 'fit' AS fit, (SELECT n.id FROM budget_nodes n WHERE n.budget = b.id AND n.is_leaf = TRUE AND n.from_date <= {:day} AND n.to_date >= {:day}
			AND n.manager = d.value ->> 'manager' AND n.rep = d.value ->> 'rep' AND n.account = d.value ->> 'account'
			AND n.activity = d.value ->> 'activity' AND n.category = d.value ->> 'category' ORDER BY ` + nearest + `) AS leaf
		FROM budgets b, json_each({:dims}) d WHERE b.dept = {:dept} AND b.year = {:year} AND b.state IN ('` + strings.Join(expense.BudgetInForce, "', '") + `'))
	SELECT n.id FROM f JOIN budget_nodes n ON n.id = f.leaf ORDER BY f.fit DESC, ` + nearest + `)`

// Find finds the leaf of a department's budget in force that fits an expense of a day best:
// the one that names the most of what it is, then the one of the shortest period, then the
// first in the tree.
func (b *Book) Find(tx core.App, dept records.DepartmentID, day string, dims expense.BudgetDims) (leaf records.BudgetNode, found bool, err error) {
	if len(day) < 4 {
		return leaf, false, nil
	}
	categories, err := categoryLine(tx, dims.Category)
	if err != nil {
		return leaf, false, err
	}
	names, err := json.Marshal(fitting(dims, categories))
	if err != nil {
		return leaf, false, fmt.Errorf("name leaves of a budget: %w", err)
	}
	return records.BudgetNodes.First(tx, bestLeaf, dbx.Params{"dept": dept, "year": day[:4], "day": day, "dims": string(names)}, "")
}

// fittingDims is what a leaf may name that fits an expense, and how well.
type fittingDims struct {
	Fit      int    `json:"fit"`
	Category string `json:"category"`
	Manager  string `json:"manager"`
	Rep      string `json:"rep"`
	Account  string `json:"account"`
	Activity string `json:"activity"`
}

// fitting is all that a leaf may name of an expense: each of its parts, or none of them.
func fitting(dims expense.BudgetDims, categories []string) (out []fittingDims) {
	or := func(value string) []string {
		if value == "" {
			return []string{""}
		}
		return []string{"", value}
	}
	for _, category := range append([]string{""}, categories...) {
		for _, manager := range or(dims.Manager) {
			for _, rep := range or(dims.Rep) {
				for _, account := range or(dims.Account) {
					for _, activity := range or(dims.Activity) {
						d := expense.BudgetDims{Category: category, Manager: manager, Rep: rep, Account: account, Activity: activity}
						out = append(out, fittingDims{d.Fit(dims, categories), category, manager, rep, account, activity})
					}
				}
			}
		}
	}
	return out
}
