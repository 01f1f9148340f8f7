package control

import (
	"context"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) adjustments() kit.Collection {
	return kit.Collection{
		Name:     records.BudgetAdjustmentTable,
		Machine:  &expense.AdjustmentMachine,
		Parties:  kit.PersonalParties(records.BudgetAdjustments),
		Personal: &kit.Personal{Stranger: "adjustment.not_owner"},
		Begins:   kit.Begin(records.BudgetAdjustments, begin),
		Server:   []string{records.BudgetAdjustmentColSmall, records.BudgetAdjustmentColAppliedAt},
		Once:     []string{records.BudgetAdjustmentColBudget},
		Audit: gate.Audit{Fields: []string{
			records.BudgetAdjustmentColState, records.BudgetAdjustmentColKind, records.BudgetAdjustmentColFromNode, records.BudgetAdjustmentColToNode,
			records.BudgetAdjustmentColAmountFen,
		}, Create: true},
		Open: kit.Open(records.BudgetAdjustments, "owner = {:user} AND state NOT IN ('approved', 'withdrawn')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.BudgetAdjustments, "adjustmentCreate", saved),
			kit.On(kit.Update, records.BudgetAdjustments, "adjustmentUpdate", saved),
		},
	}
}

// begin takes the budget from the nodes: phones have these, and not every one has it.
func begin(e *kit.Change[records.BudgetAdjustment]) error {
	if e.Row.Budget() != "" {
		return nil
	}
	for _, id := range nodesOf(e.Row) {
		node, found, err := records.BudgetNodes.Find(e.App, id)
		if err != nil {
			return err
		}
		if found {
			e.Row.SetBudget(node.Budget())
		}
	}
	return nil
}

// saved judges a draft by itself; what it meets is judged when it is handed in, and
// again when it is approved.
func saved(e *kit.Change[records.BudgetAdjustment]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	row := e.Row
	if err := expense.CheckAdjustment(string(row.Kind()), string(row.FromNode()), string(row.ToNode()), row.AmountFen()); err != nil {
		return gate.WrapError(err)
	}
	budget, found, err := records.Budgets.Find(e.App, row.Budget())
	if err != nil {
		return err
	}
	if !found || budget.Dept() != row.Dept() {
		return gate.RefuseField(records.BudgetAdjustmentColBudget, "adjustment.other_budget")
	}
	user := gate.From(e.RecordEvent).User
	for col, id := range nodesOf(row) {
		node, found, err := records.BudgetNodes.Find(e.App, id)
		switch {
		case err != nil:
			return err
		case !found || node.Budget() != row.Budget():
			return gate.RefuseField(col, "adjustment.other_budget")
		case user != nil && !sees(user, node):
			return gate.RefuseField(col, "adjustment.not_yours")
		}
	}
	return e.Next()
}

// nodesOf are the nodes that an adjustment names, by column.
func nodesOf(row records.BudgetAdjustment) map[string]records.BudgetNodeID {
	out := map[string]records.BudgetNodeID{}
	if row.FromNode() != "" {
		out[records.BudgetAdjustmentColFromNode] = row.FromNode()
	}
	if row.ToNode() != "" {
		out[records.BudgetAdjustmentColToNode] = row.ToNode()
	}
	return out
}

// sees reports whether a node is somebody's to ask for.
func sees(user *core.Record, node records.BudgetNode) bool {
	return gate.Heads(user, string(node.Dept())) || slices.Contains(node.Viewers(), records.UserID(user.Id))
}

// giveUp ends an adjustment that was not approved.
func giveUp(context.Context, core.App, records.BudgetAdjustment, kit.None) error { return nil }

// costsOf are what an adjustment does to its leaves, as they are now: nodes may be gone,
// or its budget over.
func costsOf(app core.App, row records.BudgetAdjustment) ([]expense.BudgetCost, error) {
	budget, found, err := records.Budgets.Find(app, row.Budget())
	if err != nil {
		return nil, err
	}
	if !found || !expense.Adjustable(string(budget.State())) {
		return nil, gate.Refuse("adjustment.budget_state", "from", budget.State())
	}
	if err := expense.CheckAdjustment(string(row.Kind()), string(row.FromNode()), string(row.ToNode()), row.AmountFen()); err != nil {
		return nil, gate.Refuse("budget.node_gone") // a node that was deleted leaves an empty field
	}
	days := map[string]string{}
	for _, id := range nodesOf(row) {
		node, found, err := records.BudgetNodes.Find(app, id)
		switch {
		case err != nil:
			return nil, err
		case !found:
			return nil, gate.Refuse("budget.node_gone")
		case !node.IsLeaf():
			return nil, gate.Refuse("budget.not_leaf")
		}
		if days[string(id)], err = dayOf(node, row.Month()); err != nil {
			return nil, err
		}
	}
	return expense.AdjustmentCosts(string(row.FromNode()), string(row.ToNode()), row.AmountFen(), func(node string) string { return days[node] }), nil
}

// dayOf is the day on which a node gets or gives: of the month asked for, which a node
// that is held by months needs, else its first.
func dayOf(node records.BudgetNode, month string) (string, error) {
	months, err := node.Months()
	if err != nil {
		return "", err
	}
	switch {
	case month == "" && len(months) > 0, month != "" && (month < domain.Month(node.FromDate()) || month > domain.Month(node.ToDate())):
		return "", gate.RefuseField(records.BudgetAdjustmentColMonth, "adjustment.month_invalid")
	case len(months) == 0:
		return node.FromDate(), nil
	}
	return month + "-01", nil
}
