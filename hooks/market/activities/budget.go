package activities

import (
	"context"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/market"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Budget is the ledger of budgets, as far as activities need it.
type Budget struct {
	// Find finds the leaf of a department's budget that fits an expense of a day best.
	Find func(tx core.App, dept records.DepartmentID, day string, dims expense.BudgetDims) (records.BudgetNode, bool, error)
	// Reserve makes a document hold what its lines are to cost, in place of what it held.
	Reserve func(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) ([]expense.BudgetWarning, error)
	// Release gives up what a document holds.
	Release func(ctx context.Context, tx core.App, doc expense.BudgetDoc) error
	// Holds is what a document holds of each line, and what others drew from it.
	Holds func(tx core.App, doc expense.BudgetDoc) ([]expense.BudgetHeld, error)
}

// Open reports whether a document may hold money of a budget: an activity until it is
// over, others as long as they like.
func Open(app core.App, doc expense.BudgetDoc) (bool, error) {
	if doc.Collection != records.ActivityTable {
		return true, nil
	}
	activity, found, err := records.Activities.Find(app, records.ActivityID(doc.ID))
	return found && market.ActivityHolds(string(activity.State())), err
}

func docOf(activity records.Activity) expense.BudgetDoc {
	return expense.BudgetDoc{Collection: records.ActivityTable, ID: string(activity.ID())}
}

// payers are the departments whose budgets pay for an activity, its own first: those
// whose heads agree to it.
func payers(activity records.Activity) []records.DepartmentID {
	return slices.Compact(append([]records.DepartmentID{activity.Dept()}, activity.Depts()...))
}

// checkNode wants a node of a department that pays: activity.node_invalid.
func checkNode(app core.App, activity records.Activity, id records.BudgetNodeID) error {
	if id == "" {
		return nil
	}
	node, found, err := records.BudgetNodes.Find(app, id)
	if err != nil {
		return err
	}
	if !found || !slices.Contains(payers(activity), node.Dept()) {
		return gate.RefuseField(records.ActivityCostColNode, "activity.node_invalid")
	}
	return nil
}

// reserve holds what an activity is planned to cost, each line on the node that it
// names, else on the one that fits. A department that has no budget in force for the
// year is not held to one; of one that has, each line needs a node: activity.no_node.
// A refusal names the line; levels that are short and only warn are noted.
func (s service) reserve(ctx context.Context, tx core.App, activity records.Activity) error {
	rows, err := records.ActivityCosts.All(tx, "activity = {:a} AND planned_fen > 0", dbx.Params{"a": activity.ID()}, "kind, id")
	if err != nil {
		return err
	}
	var costs []expense.BudgetCost
	for _, row := range rows {
		node, found, err := s.nodeOf(tx, activity, row)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if row.Node() != node {
			row.SetNode(node)
			if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
				return err
			}
		}
		costs = append(costs, expense.BudgetCost{Line: string(row.ID()), Node: string(node), Day: activity.FromDate(), Net: row.PlannedFen()})
	}
	if len(costs) == 0 {
		return nil
	}
	short, err := s.Budget.Reserve(ctx, tx, docOf(activity), costs)
	if err != nil {
		return ofLine(tx, rows, costs, err)
	}
	levels := []int{}
	for _, warning := range short {
		levels = append(levels, warning.Level)
	}
	activity.SetBudgetLevels(levels)
	return nil
}

// nodeOf is the leaf that a line is paid from; none if nobody's budget is asked.
func (s service) nodeOf(tx core.App, activity records.Activity, row records.ActivityCost) (id records.BudgetNodeID, found bool, err error) {
	if row.Node() != "" {
		return row.Node(), true, checkNode(tx, activity, row.Node())
	}
	dims := expense.BudgetDims{Activity: string(activity.ID())}
	if accounts := activity.Accounts(); len(accounts) == 1 {
		account, has, err := records.Accounts.Find(tx, accounts[0])
		if err != nil {
			return "", false, err
		}
		if has {
			dims.Account, dims.Rep, dims.Manager = string(account.ID()), string(account.Owner()), string(account.Manager())
		}
	}
	category, has, err := records.ExpenseCategories.First(tx, "code = {:c} AND active = TRUE", dbx.Params{"c": row.Kind()}, "")
	if err != nil {
		return "", false, err
	}
	if has {
		dims.Category = string(category.ID())
	}
	budgeted := false
	for _, dept := range payers(activity) {
		node, fits, err := s.Budget.Find(tx, dept, activity.FromDate(), dims)
		if err != nil {
			return "", false, err
		}
		if fits {
			return node.ID(), true, nil
		}
		n, err := records.Budgets.Count(tx, "dept = {:d} AND year = {:y} AND state IN ('approved', 'active', 'frozen', 'closed')",
			dbx.Params{"d": dept, "y": activity.FromDate()[:4]})
		if err != nil {
			return "", false, err
		}
		budgeted = budgeted || n > 0
	}
	if budgeted {
		return "", false, gate.Refuse("activity.no_node", "line", lineName(row))
	}
	return "", false, nil
}

// settle keeps of the reservation what the activity did cost and nobody has claimed
// yet, line by line; the rest goes back. Claims draw what is kept.
func (s service) settle(ctx context.Context, tx core.App, activity records.Activity) error {
	held, err := s.Budget.Holds(tx, docOf(activity))
	if err != nil || len(held) == 0 {
		return err
	}
	var costs []expense.BudgetCost
	for _, h := range held {
		row, found, err := records.ActivityCosts.Find(tx, records.ActivityCostID(h.Line))
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if left := h.Owed(row.ActualFen()); left > 0 { // what was drawn counts as held
			costs = append(costs, expense.BudgetCost{Line: h.Line, Node: h.Node, Day: h.Day, Net: left + max(0, h.Drawn)})
		}
	}
	if len(costs) == 0 {
		return s.Budget.Release(ctx, tx, docOf(activity))
	}
	_, err = s.Budget.Reserve(ctx, tx, docOf(activity), costs)
	if p, _, is := gate.ProblemOf(err); is && (p.Code == "budget.closed" || p.Code == "budget.node_gone") {
		return s.Budget.Release(ctx, tx, docOf(activity)) // nobody claims of it any more
	}
	return err
}

// ofLine tells of a refusal which line it is about: the first that the node is asked for.
func ofLine(tx core.App, rows []records.ActivityCost, costs []expense.BudgetCost, err error) error {
	p, _, is := gate.ProblemOf(err)
	if !is {
		return err
	}
	params := map[string]any{}
	for key, value := range p.Params {
		params[key] = value
	}
	at := costs[0].Line
	for _, c := range costs {
		node, found, err := records.BudgetNodes.Find(tx, records.BudgetNodeID(c.Node))
		if err != nil {
			return err
		}
		if found && node.Name() == params["node"] {
			at = c.Line
			break
		}
	}
	for _, row := range rows {
		if string(row.ID()) == at {
			params["line"] = lineName(row)
		}
	}
	return gate.Wrap(domain.Problem{Code: p.Code, Params: params}, nil)
}

// lineName is what people know a line by.
func lineName(row records.ActivityCost) string {
	if row.Note() != "" {
		return row.Note()
	}
	return string(row.Kind())
}
