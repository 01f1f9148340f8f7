package budgets

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Drift is how many nodes differed from their entries when somebody last looked.
func (b *Book) Drift() int64 { return b.drift.Load() }

// compare adds up the entries of every budget that has any and compares them with what
// is kept. It mends nothing: whoever reads it must know that something is wrong, and
// has it recounted then.
func (b *Book) compare(ctx context.Context, app core.App, now time.Time) error {
	budgets, err := records.Budgets.All(app, "approved_at <> ''", nil, "id")
	if err != nil {
		return err
	}
	all := 0
	for _, budget := range budgets {
		if err := ctx.Err(); err != nil {
			return err
		}
		wrong, err := differing(ctx, app, budget)
		if err != nil {
			return err
		}
		if all += len(wrong); len(wrong) == 0 {
			continue
		}
		app.Logger().Error("Balances of a budget differ from its entries", "budget", budget.ID(), "nodes", idsOf(wrong))
		err = app.RunInTransaction(func(tx core.App) error {
			return b.alarm(gate.AsServer(ctx), tx, "budget.drift", budget, len(wrong), now)
		})
		if err != nil {
			return err
		}
	}
	b.drift.Store(int64(all))
	return nil
}

func idsOf(wrong []drifted) (ids []string) {
	for _, w := range wrong {
		ids = append(ids, w.node)
	}
	return ids
}

// alarm tells finance and the administrators.
func (b *Book) alarm(ctx context.Context, tx core.App, kind string, budget records.Budget, nodes int, now time.Time) error {
	people, err := records.Users.All(tx, "role IN ('admin', 'finance') AND active", nil, "id")
	if err != nil {
		return err
	}
	for _, p := range people {
		err := gate.Notify(ctx, tx, now, gate.Notice{
			User: string(p.ID()), Kind: kind, Link: records.BudgetTable + "/" + string(budget.ID()),
			Params: map[string]any{"title": budget.Title(), "nodes": nodes},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// differing are the nodes of a budget whose sums, or those of a month, are not what its
// entries come to, all read at one moment.
func differing(ctx context.Context, app core.App, budget records.Budget) (wrong []drifted, err error) {
	db := app.ConcurrentDB()
	if pool, is := db.(*dbx.DB); is {
		tx, err := pool.WithContext(ctx).Begin()
		if err != nil {
			return nil, fmt.Errorf("begin to compare: %w", err)
		}
		defer tx.Rollback() //nolint:errcheck // nothing was written
		db = tx
	}
	return compared(db, string(budget.ID()))
}

// drifted is a node with what its entries come to.
type drifted struct {
	node string
	want expense.BudgetMonths
}

func compared(tx dbx.Builder, budget string) (wrong []drifted, err error) {
	var nodes []struct {
		ID        string `db:"id"`
		PathText  string `db:"path"`
		Allocated int    `db:"allocated_fen"`
		Reserved  int    `db:"reserved_fen"`
		Spent     int    `db:"spent_fen"`
	}
	p := dbx.Params{"b": budget}
	if err := tx.NewQuery("SELECT id, path, allocated_fen, reserved_fen, spent_fen FROM budget_nodes WHERE budget = {:b} ORDER BY id").Bind(p).All(&nodes); err != nil {
		return nil, fmt.Errorf("read the nodes of a budget: %w", err)
	}
	paths := map[string][]string{}
	for _, n := range nodes {
		if paths[n.ID] = []string{n.ID}; n.PathText == "" { // it was put there past the approval
			continue
		}
		if paths[n.ID], err = records.Decode[[]string]([]byte(n.PathText)); err != nil {
			return nil, fmt.Errorf("read the path of a budget's node: %w", err)
		}
	}
	var sums []struct {
		Node  string `db:"node"`
		Month string `db:"month"`
		Kind  string `db:"kind"`
		Fen   int    `db:"fen"`
	}
	err = tx.NewQuery(`SELECT node, substr(day, 1, 7) AS month, kind, SUM(amount_fen) AS fen FROM budget_entries WHERE budget = {:b} GROUP BY 1, 2, 3`).Bind(p).All(&sums)
	if err != nil {
		return nil, fmt.Errorf("add up the entries of a budget: %w", err)
	}
	entries := make([]expense.BudgetEntry, len(sums))
	for i, s := range sums {
		entries[i] = expense.BudgetEntry{Node: s.Node, Kind: s.Kind, Fen: s.Fen, Day: s.Month + "-01"}
	}
	want := expense.FoldBudget(entries, func(leaf string) []string { return paths[leaf] })
	var months []sumRow
	err = tx.NewQuery(`SELECT node, month, allocated_fen AS allocated, reserved_fen AS reserved, spent_fen AS spent FROM budget_balances
		WHERE node IN (SELECT id FROM budget_nodes WHERE budget = {:b})`).Bind(p).All(&months)
	if err != nil {
		return nil, fmt.Errorf("read the balances of a budget: %w", err)
	}
	kept := map[string]expense.BudgetMonths{}
	for _, m := range months {
		all := kept[m.Node]
		all[expense.MonthOf(m.Month)] = expense.BudgetSums{Allocated: m.Allocated, Reserved: m.Reserved, Spent: m.Spent}
		kept[m.Node] = all
	}
	for _, n := range nodes {
		if kept[n.ID] != want[n.ID] || want[n.ID].Total() != (expense.BudgetSums{Allocated: n.Allocated, Reserved: n.Reserved, Spent: n.Spent}) {
			wrong = append(wrong, drifted{n.ID, want[n.ID]})
		}
	}
	return wrong, nil
}
