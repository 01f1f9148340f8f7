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
	k, err := keptNodes(tx, idsOf(wrong))
	if err != nil {
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
	for m, sums := range w.want {
		_, err := tx.DB().NewQuery(`INSERT INTO budget_balances (node, month, allocated_fen, reserved_fen, spent_fen) VALUES ({:node}, {:month}, {:a}, {:r}, {:s})
			ON CONFLICT (node, month) DO UPDATE SET allocated_fen = excluded.allocated_fen, reserved_fen = excluded.reserved_fen, spent_fen = excluded.spent_fen`).
			Bind(dbx.Params{"node": w.node, "month": domain.Month(expense.MonthDay(year, m)), "a": sums.Allocated, "r": sums.Reserved, "s": sums.Spent}).Execute()
		if err != nil {
			return fmt.Errorf("write a balance of a node: %w", err)
		}
	}
	return nil
}
