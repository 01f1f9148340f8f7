package budgets

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// recount writes the sums of a budget's nodes anew where they are not what its entries
// come to. The audit log keeps what each of them was.
func (b *Book) recount(ctx context.Context, tx core.App, budget records.Budget, _ kit.None) error {
	wrong, err := compared(tx.DB(), string(budget.ID()))
	if err != nil || len(wrong) == 0 {
		return err
	}
	for _, w := range wrong {
		if err := balance(tx, w, budget.Year()); err != nil {
			return err
		}
	}
	k, ids := &kept{}, map[string]bool{}
	for _, w := range wrong {
		ids[w.node] = true
	}
	if err := k.readNodes(tx, ids); err != nil {
		return err
	}
	for _, w := range wrong {
		node, err := records.BudgetNodes.Require(tx, records.BudgetNodeID(w.node))
		if err != nil {
			return err
		}
		all := w.want.Total()
		node.SetAllocatedFen(all.Allocated)
		node.SetReservedFen(all.Reserved)
		node.SetSpentFen(all.Spent)
		node.SetFreeFen(k.nodes[w.node].free(domain.BusinessDay(b.Now())))
		node.SetAsOf(b.Now())
		if err := tx.SaveWithContext(gate.AsServer(ctx), node.Raw()); err != nil {
			return fmt.Errorf("recount a node: %w", err)
		}
	}
	return b.alarm(ctx, tx, "budget.recounted", budget, len(wrong), b.Now())
}

// balance writes the months of a node anew.
func balance(tx core.App, w drifted, year string) error {
	if _, err := tx.DB().Delete("budget_balances", dbx.HashExp{"node": w.node}).Execute(); err != nil {
		return fmt.Errorf("drop the balances of a node: %w", err)
	}
	for m, sums := range w.want {
		if sums == (expense.BudgetSums{}) {
			continue
		}
		_, err := tx.DB().Insert("budget_balances", dbx.Params{
			"node": w.node, "month": domain.Month(expense.MonthDay(year, m)), "allocated_fen": sums.Allocated, "reserved_fen": sums.Reserved, "spent_fen": sums.Spent,
		}).Execute()
		if err != nil {
			return fmt.Errorf("write a balance of a node: %w", err)
		}
	}
	return nil
}
