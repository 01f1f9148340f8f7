package budgets

import (
	"encoding/json/v2"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// nodes are the tree of a budget: people write it while the budget is theirs, and
// nobody afterwards.
func nodes() kit.Collection {
	return kit.Collection{
		Name: records.BudgetNodeTable,
		Server: []string{
			records.BudgetNodeColDept, records.BudgetNodeColAllocatedFen, records.BudgetNodeColReservedFen, records.BudgetNodeColSpentFen,
			records.BudgetNodeColFreeFen, records.BudgetNodeColAsOf, records.BudgetNodeColAlertedBp, records.BudgetNodeColIsLeaf,
			records.BudgetNodeColDepth, records.BudgetNodeColPath, records.BudgetNodeColViewers,
		},
		Once:   []string{records.BudgetNodeColBudget},
		Within: &kit.Within{Field: records.BudgetNodeColBudget, Parent: records.BudgetTable, Open: expense.BudgetWritten, Refusal: "budget.locked"},
		Audit: gate.Audit{Fields: []string{
			records.BudgetNodeColAmountFen, records.BudgetNodeColControl, records.BudgetNodeColOverBp, records.BudgetNodeColWindow,
			records.BudgetNodeColRep, records.BudgetNodeColManager,
			records.BudgetNodeColAllocatedFen, records.BudgetNodeColReservedFen, records.BudgetNodeColSpentFen, // of a recount; the book's own writes are entries
		}, Create: true},
		Open: kit.Open(records.BudgetNodes, `(rep = {:user} OR manager = {:user}) AND budget IN (SELECT id FROM budgets WHERE state IN ('approved', 'active', 'frozen'))`),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.BudgetNodes, "budgetNodeCreate", nodeSaved),
			kit.On(kit.Update, records.BudgetNodes, "budgetNodeUpdate", nodeSaved),
		},
	}
}

// nodeSaved gives a node what its budget begins with; the tree is judged as a whole
// when it is handed in.
func nodeSaved(e *kit.Change[records.BudgetNode]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	budget, found, err := records.Budgets.Find(e.App, e.Row.Budget())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.BudgetNodeColBudget, "record.not_found")
	}
	if user := gate.From(e.RecordEvent).User; user != nil && !gate.Heads(user, string(budget.Dept())) {
		return gate.Refuse("budget.not_head")
	}
	if _, err := e.Row.Months(); err != nil {
		return gate.RefuseField(records.BudgetNodeColMonths, "budget.months_required", "name", e.Row.Name())
	}
	own, err := e.Row.Alerts()
	if err != nil {
		return gate.RefuseField(records.BudgetNodeColAlerts, "budget.alerts_invalid")
	}
	if e.Row.Parent() != "" {
		parent, found, err := records.BudgetNodes.Find(e.App, e.Row.Parent())
		if err != nil {
			return err
		}
		if !found || parent.Budget() != e.Row.Budget() || parent.ID() == e.Row.ID() {
			return gate.RefuseField(records.BudgetNodeColParent, "budget.parent_invalid")
		}
	}
	e.Row.SetDept(budget.Dept())
	if e.Row.Control() == "" {
		e.Row.SetControl(records.BudgetNodeControl(budget.Control()))
	}
	if e.Row.OverBp() == 0 {
		e.Row.SetOverBp(budget.OverBp())
	}
	if e.Row.Window() == "" {
		e.Row.SetWindow(records.BudgetNodeWindow(budget.Window()))
	}
	if alerts, err := budget.Alerts(); err == nil && own == nil {
		e.Row.SetAlerts(alerts)
	}
	return e.Next()
}

// tree reads the nodes of a budget in the order in which people see them, and places them.
func tree(app core.App, budget records.Budget) ([]expense.PlacedNode, error) {
	rows, err := records.BudgetNodes.All(app, "budget = {:b}", dbx.Params{"b": budget.ID()}, "position, name, id")
	if err != nil {
		return nil, err
	}
	nodes := make([]expense.BudgetNode, len(rows))
	for i, row := range rows {
		months, err := row.Months()
		if err != nil {
			return nil, gate.Refuse("budget.months_required", "name", row.Name())
		}
		alerts, err := row.Alerts()
		if err != nil {
			return nil, gate.Refuse("budget.alerts_invalid")
		}
		nodes[i] = expense.BudgetNode{
			ID: string(row.ID()), Parent: string(row.Parent()), Name: row.Name(), Fen: row.AmountFen(), Months: months, Alerts: alerts,
			Dims: expense.BudgetDims{
				Category: string(row.Category()), Manager: string(row.Manager()), Rep: string(row.Rep()), Account: string(row.Account()), Activity: string(row.Activity()),
			},
			Period: string(row.Period()), From: row.FromDate(), To: row.ToDate(),
			Control: expense.BudgetControl{Control: string(row.Control()), OverBP: row.OverBp(), Window: string(row.Window())},
		}
	}
	placed, err := expense.PlaceBudget(budget.Year(), nodes)
	return placed, gate.WrapError(err)
}

// jsonOf writes a value as its column keeps it.
func jsonOf(value any) string {
	raw, err := json.Marshal(value)
	if err != nil { // of lists of texts and numbers
		panic(err)
	}
	return string(raw)
}
