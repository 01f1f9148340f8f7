package budgets

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// byTheDay begins, freezes and closes budgets whose day has come, and counts anew what
// a month that has begun leaves free.
func (b *Book) byTheDay(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	return app.RunInTransaction(func(tx core.App) error {
		due, err := records.Budgets.All(tx, "state IN ('approved', 'active', 'frozen')", nil, "id")
		if err != nil {
			return err
		}
		for _, budget := range due {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := b.moveOn(gate.AsServer(ctx), tx, budget, today); err != nil {
				return err
			}
			if err := gate.SaveChanged(ctx, tx, budget.Raw()); err != nil {
				return fmt.Errorf("move a budget on: %w", err)
			}
			if err := b.freeAnew(tx, budget, today); err != nil {
				return err
			}
		}
		return nil
	})
}

// moveOn takes the steps of a budget that are due on a day.
func (b *Book) moveOn(ctx context.Context, tx core.App, budget records.Budget, today string) error {
	for {
		verb, due := expense.BudgetOn(string(budget.State()), budget.Year(), budget.FreezeUntil(), today)
		if !due {
			return nil
		}
		next, err := expense.BudgetMachine.OwnNext(string(budget.State()), verb)
		if err != nil {
			return gate.WrapError(err)
		}
		budget.SetState(records.BudgetState(next))
		for state, stamp := range map[string]func(time.Time){
			expense.BudgetActive: budget.SetActiveAt, expense.BudgetFrozen: budget.SetFrozenAt, expense.BudgetClosed: budget.SetClosedAt,
		} {
			if state == next {
				stamp(b.Now())
			}
		}
		if err := b.tell(ctx, tx, budget, "budget."+next); err != nil {
			return err
		}
	}
}

// tell tells who owns a budget.
func (b *Book) tell(ctx context.Context, tx core.App, budget records.Budget, kind string) error {
	return gate.Notify(ctx, tx, b.Now(), gate.Notice{
		User: string(budget.Owner()), Kind: kind, Link: records.BudgetTable + "/" + string(budget.ID()),
		Params: map[string]any{"year": budget.Year(), "title": budget.Title(), "until": budget.FreezeUntil()},
	})
}

// freeAnew writes what the nodes that count by months have free today.
func (b *Book) freeAnew(tx core.App, budget records.Budget, today string) error {
	var rows []struct {
		ID   string `db:"id"`
		Free int    `db:"free_fen"`
	}
	err := tx.DB().NewQuery(`SELECT id, free_fen FROM budget_nodes WHERE budget = {:b} AND "window" <> 'year'`).Bind(dbx.Params{"b": budget.ID()}).All(&rows)
	if err != nil {
		return fmt.Errorf("read nodes that count by months: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	k, err := keptNodes(tx, ids)
	if err != nil {
		return err
	}
	var changed []nodeRow
	for _, r := range rows {
		n := k.nodes[r.ID]
		if free := n.free(today); free != r.Free {
			all := n.months.Total()
			changed = append(changed, nodeRow{r.ID, all.Allocated, all.Reserved, all.Spent, free})
		}
	}
	return b.keepNodes(tx, changed)
}

// closable asks whether money is still reserved.
func closable(_ context.Context, tx core.App, budget records.Budget) (func(string) bool, error) {
	reserved, err := records.BudgetNodes.Count(tx, "budget = {:b} AND is_leaf AND reserved_fen <> 0", dbx.Params{"b": budget.ID()})
	return func(string) bool { return reserved == 0 }, err
}

// close ends a budget before its day.
func (b *Book) close(ctx context.Context, tx core.App, budget records.Budget, _ kit.None) error {
	budget.SetClosedAt(b.Now())
	budget.SetClosedBy(records.UserID(gate.Of(ctx).User.Id))
	return b.tell(ctx, tx, budget, "budget.closed")
}
