package control

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// kinds of adjustments as approvers read them.
var kinds = map[string]string{expense.AdjustTransfer: "预算调剂", expense.AdjustRaise: "预算追加", expense.AdjustLower: "预算核减"}

// approval is of who heads the department, of finance and of the management, as a
// budget's is; of finance alone if little moves below one manager (H-BUD-3).
func (s service) approval() kit.Approval {
	return kit.Approval{
		Collection: records.BudgetAdjustmentTable,
		Content: []string{
			records.BudgetAdjustmentColBudget, records.BudgetAdjustmentColKind, records.BudgetAdjustmentColFromNode, records.BudgetAdjustmentColToNode,
			records.BudgetAdjustmentColMonth, records.BudgetAdjustmentColAmountFen, records.BudgetAdjustmentColReason,
		},
		Title: func(subject *core.Record) string {
			row := records.BudgetAdjustments.Of(subject)
			return kinds[string(row.Kind())] + " " + domain.Yuan(int64(row.AmountFen())) + " 元：" + row.Reason()
		},
		Oversight:  "finance",
		OnSubmit:   s.submitted,
		Route:      route,
		OnApproved: s.agreed,
	}
}

// submitted wants what is asked for to be possible now.
func (s service) submitted(_ context.Context, tx core.App, subject *core.Record) error {
	row := records.BudgetAdjustments.Of(subject)
	if _, err := s.judge(tx, row); err != nil {
		return err
	}
	waiting, err := records.BudgetAdjustments.All(tx, "budget = {:b} AND kind = 'transfer' AND state = 'submitted' AND id <> {:id}",
		dbx.Params{"b": row.Budget(), "id": row.ID()}, "")
	if err != nil {
		return err
	}
	edges := make([][2]string, len(waiting))
	for i, w := range waiting {
		edges[i] = [2]string{string(w.FromNode()), string(w.ToNode())}
	}
	if row.Kind() == expense.AdjustTransfer && expense.TransferCircle(edges, string(row.FromNode()), string(row.ToNode())) {
		return gate.Refuse("adjustment.circle")
	}
	small, err := s.isSmall(tx, row)
	if err != nil {
		return err
	}
	row.SetSmall(small)
	return nil
}

// isSmall reports whether finance alone decides.
func (s service) isSmall(tx core.App, row records.BudgetAdjustment) (bool, error) {
	budget, err := records.Budgets.Require(tx, row.Budget())
	if err != nil {
		return false, err
	}
	from, err := managerOf(tx, row.FromNode())
	if err != nil {
		return false, err
	}
	to, err := managerOf(tx, row.ToNode())
	if err != nil {
		return false, err
	}
	if !expense.SmallTransfer(string(row.Kind()), row.AmountFen(), budget.SmallTransferFen(), from, to) {
		return false, nil
	}
	before, err := s.smallSoFar(tx, row, from)
	return before+row.AmountFen() <= budget.SmallTransferFen(), err
}

// smallSoFar is what finance alone let move below a manager, or is asked for, since the
// month began: many small transfers are a large one.
func (s service) smallSoFar(tx core.App, row records.BudgetAdjustment, manager string) (fen int, err error) {
	begin := domain.BusinessDay(s.Now())[:8] + "01"
	from, err := time.ParseInLocation(time.DateOnly, begin, domain.BusinessZone)
	if err != nil {
		return 0, fmt.Errorf("read when a month began: %w", err)
	}
	err = tx.DB().NewQuery(`SELECT COALESCE(SUM(a.amount_fen), 0) FROM budget_adjustments a JOIN budget_nodes n ON n.id = a.from_node
		WHERE a.budget = {:b} AND a.id <> {:id} AND a.small AND a.state IN ('submitted', 'approved') AND n.manager = {:m} AND a.submitted_at >= {:from}`).
		Bind(dbx.Params{"b": row.Budget(), "id": row.ID(), "m": manager, "from": gate.Stamp(from)}).Row(&fen)
	if err != nil {
		return 0, fmt.Errorf("add up small transfers: %w", err)
	}
	return fen, nil
}

// managerOf is the manager below whom a node stands; none if it stands below nobody.
func managerOf(tx core.App, id records.BudgetNodeID) (string, error) {
	node, found, err := records.BudgetNodes.Find(tx, id)
	if err != nil || !found {
		return "", err
	}
	return string(node.Manager()), nil
}

func route(tx core.App, subject *core.Record) ([]people.ApprovalStep, error) {
	row := records.BudgetAdjustments.Of(subject)
	finance := people.ApprovalStep{Key: "finance", By: people.ByRole, Role: people.RoleFinance, Any: true}
	if row.Small() {
		return []people.ApprovalStep{finance}, nil
	}
	dept, err := records.Departments.Require(tx, row.Dept())
	if err != nil {
		return nil, err
	}
	steps := []people.ApprovalStep{finance, {Key: "management", By: people.ByRole, Role: people.RoleExecutive, Any: true}}
	if dept.Head() == row.Owner() {
		return steps, nil
	}
	return append([]people.ApprovalStep{{Key: "department", By: people.ByPerson, Person: string(dept.Head())}}, steps...), nil
}

// agreed books it, if it is still possible.
func (s service) agreed(ctx context.Context, tx core.App, subject *core.Record) error {
	row := records.BudgetAdjustments.Of(subject)
	costs, err := s.judge(tx, row)
	if err != nil {
		return err
	}
	doc := expense.BudgetDoc{Collection: records.BudgetAdjustmentTable, ID: string(row.ID())}
	if err := s.Adjust(ctx, tx, doc, costs, row.Reason()); err != nil {
		return err
	}
	row.SetAppliedAt(s.Now())
	dept, err := records.Departments.Require(tx, row.Dept())
	if err != nil {
		return err
	}
	if dept.Head() == row.Owner() {
		return nil
	}
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(dept.Head()), Kind: "budget.adjusted", Link: records.BudgetAdjustmentTable + "/" + string(row.ID()),
		Params: map[string]any{"title": s.approval().Title(subject)},
	})
}

// judge reads what an adjustment does, and refuses what is not free to be taken.
func (s service) judge(tx core.App, row records.BudgetAdjustment) ([]expense.BudgetCost, error) {
	costs, err := costsOf(tx, row)
	if err != nil || row.FromNode() == "" {
		return costs, err
	}
	node, err := records.BudgetNodes.Require(tx, row.FromNode())
	if err != nil {
		return nil, err
	}
	booked, err := s.Months(tx, node.ID())
	if err != nil {
		return nil, err
	}
	return costs, gate.WrapError(expense.CheckTaken(string(node.Window()), booked, costs[0].Day, row.AmountFen()))
}
