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
	"satchel/records"
)

// CarryOver takes what closed budgets left free into those of the next year that are in
// force, where a budget is to do so: leaf by leaf of the same name for the same. What
// has none there is not carried.
func (b *Book) CarryOver(ctx context.Context, app core.App, _ time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		over, err := records.Budgets.All(tx, "state = 'closed' AND carry = 'free' AND carried_at = ''", nil, "year, id")
		if err != nil {
			return err
		}
		for _, budget := range over {
			next, found, err := records.Budgets.First(tx, "dept = {:d} AND year = {:y} AND state IN ('approved', 'active')",
				dbx.Params{"d": budget.Dept(), "y": domain.AddDays(budget.Year()+"-12-31", 1)[:4]}, "")
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			if err := b.carry(gate.AsServer(ctx), tx, budget, next); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *Book) carry(ctx context.Context, tx core.App, from, to records.Budget) error {
	old, err := tree(tx, from)
	if err != nil {
		return err
	}
	fresh, err := tree(tx, to)
	if err != nil {
		return err
	}
	ids := make([]string, len(old))
	for i, n := range old {
		ids[i] = n.ID
	}
	k, err := keptNodes(tx, ids)
	if err != nil {
		return err
	}
	doc := expense.BudgetDoc{Collection: records.BudgetTable, ID: string(from.ID())}
	var entries []expense.BudgetEntry
	carried, lost := 0, 0
	for _, leaf := range old {
		all := k.nodes[leaf.ID].months.Total()
		free := all.Allocated - all.Used()
		if !leaf.Leaf || free <= 0 {
			continue
		}
		at, found := expense.CarryTo(leaf, fresh)
		if !found {
			lost += free
			continue
		}
		carried += free
		entries = append(entries,
			expense.BudgetEntry{Node: leaf.ID, Kind: expense.EntryAdjust, Fen: -free, Day: leaf.To, Doc: doc, Line: "carry"},
			expense.BudgetEntry{Node: at.ID, Kind: expense.EntryAdjust, Fen: free, Day: at.From, Doc: doc, Line: "carry"})
	}
	if err := b.book(ctx, tx, entries, b.Now(), from.Year()+" → "+to.Year()); err != nil {
		return err
	}
	from.SetCarriedAt(b.Now())
	to.SetCarriedFrom(from.ID())
	for _, budget := range []records.Budget{from, to} {
		if err := tx.SaveWithContext(ctx, budget.Raw()); err != nil {
			return fmt.Errorf("note what was carried over: %w", err)
		}
	}
	return gate.Notify(ctx, tx, b.Now(), gate.Notice{
		User: string(to.Owner()), Kind: "budget.carried", Link: records.BudgetTable + "/" + string(to.ID()),
		Params: map[string]any{"year": from.Year(), "amount": domain.Yuan(int64(carried)), "lost": domain.Yuan(int64(lost))},
	})
}
