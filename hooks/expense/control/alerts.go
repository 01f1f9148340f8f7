package control

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// alert tells once of each share that a node has come to.
func (s service) alert(ctx context.Context, app core.App, _ time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		nodes, err := records.BudgetNodes.All(tx, `reserved_fen + spent_fen > 0 AND budget IN (SELECT id FROM budgets WHERE state IN ('approved', 'active', 'frozen'))
			AND EXISTS (SELECT 1 FROM json_each(IIF(json_valid(alerts), alerts, '[]')) a
				WHERE a.value > alerted_bp AND (reserved_fen + spent_fen) * 10000 >= allocated_fen * a.value)`, nil, "budget, depth, id")
		if err != nil {
			return err
		}
		ctx := gate.AsServer(ctx)
		for _, node := range nodes {
			if err := s.alertOf(ctx, tx, node); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s service) alertOf(ctx context.Context, tx core.App, node records.BudgetNode) error {
	alerts, err := node.Alerts()
	if err != nil {
		return err
	}
	sums := expense.BudgetSums{Allocated: node.AllocatedFen(), Reserved: node.ReservedFen(), Spent: node.SpentFen()}
	share, due := expense.AlertDue(alerts, sums, node.AlertedBp())
	if !due {
		return nil
	}
	node.SetAlertedBp(share)
	if err := tx.SaveWithContext(ctx, node.Raw()); err != nil {
		return fmt.Errorf("note an alert: %w", err)
	}
	people, err := concerned(tx, node)
	if err != nil {
		return err
	}
	for _, user := range people {
		err := gate.Notify(ctx, tx, s.Now(), gate.Notice{
			User: string(user), Kind: "budget.alert", Link: records.BudgetNodeTable + "/" + string(node.ID()),
			Params: map[string]any{"name": node.Name(), "share": strconv.Itoa(share / 100), "free": domain.Yuan(int64(node.FreeFen()))},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// concerned are those whose node it is, then who heads the department: who is in
// office of them.
func concerned(app core.App, node records.BudgetNode) (out []records.UserID, err error) {
	dept, err := records.Departments.Require(app, node.Dept())
	if err != nil {
		return nil, err
	}
	for _, id := range unique(node.Rep(), node.Manager()) {
		user, found, err := records.Users.Find(app, id)
		if err != nil {
			return nil, err
		}
		if found && user.Active() {
			out = append(out, id)
		}
	}
	return unique(append(out, dept.Head())...), nil
}

// unique leaves out nobody, and who is named twice.
func unique(users ...records.UserID) (out []records.UserID) {
	for _, u := range users {
		if u != "" && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}
