package budgets

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// categories are data: what is spent on.
func categories() kit.Collection {
	return kit.Collection{
		Name: records.ExpenseCategoryTable, Once: []string{records.ExpenseCategoryColCode},
		Audit: gate.Audit{Fields: []string{records.ExpenseCategoryColNameZh, records.ExpenseCategoryColParent, records.ExpenseCategoryColActive}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ExpenseCategories, "categoryCreate", categorySaved),
			kit.On(kit.Update, records.ExpenseCategories, "categoryUpdate", categorySaved),
		},
	}
}

// categorySaved refuses a category that stands below itself.
func categorySaved(e *kit.Change[records.ExpenseCategory]) error {
	line, err := categoryLine(e.App, string(e.Row.Parent()))
	if err != nil {
		return err
	}
	if slices.Contains(line, string(e.Row.ID())) {
		return gate.RefuseField(records.ExpenseCategoryColParent, "category.circle")
	}
	return e.Next()
}

// categoryLine are a category and those above it.
func categoryLine(tx core.App, id string) (line []string, err error) {
	if id == "" {
		return nil, nil
	}
	err = tx.DB().NewQuery(`WITH RECURSIVE up(id, n) AS (
			SELECT {:id}, 0 UNION ALL SELECT c.parent, n + 1 FROM up JOIN expense_categories c ON c.id = up.id WHERE c.parent <> '' AND n < 16
		) SELECT id FROM up ORDER BY n`).Bind(dbx.Params{"id": id}).Column(&line)
	if err != nil {
		return nil, fmt.Errorf("read the categories above one: %w", err)
	}
	return line, nil
}

// checkCategories wants a node to be for the category of the one above, or for one below
// that: budget.dimension.
func checkCategories(tx core.App, nodes []expense.PlacedNode) error {
	above, lines := map[string]string{}, map[string][]string{}
	for _, n := range nodes { // the ones above first
		own, over := n.Dims.Category, above[n.Parent]
		above[n.ID] = own
		if own == over || over == "" {
			continue
		}
		if _, read := lines[own]; !read {
			line, err := categoryLine(tx, own)
			if err != nil {
				return err
			}
			lines[own] = line
		}
		if !slices.Contains(lines[own], over) {
			return gate.WrapError(domain.Problem{Code: "budget.dimension", Params: map[string]any{"name": n.Name, "node": n.ID, "dimension": "category"}})
		}
	}
	return nil
}
