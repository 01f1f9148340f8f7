package budgets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
)

// Entries and sums are written by a statement each for all of a step, as rows are by
// their rules: nobody else writes them.

// entryRow is an entry as it is written.
type entryRow struct {
	ID        string `json:"id"`
	Budget    string `json:"budget"`
	Node      string `json:"node"`
	Dept      string `json:"dept"`
	Kind      string `json:"kind"`
	Fen       int    `json:"fen"`
	Day       string `json:"day"`
	Month     string `json:"month"`
	Corrects  string `json:"corrects"`
	Ref       string `json:"ref"`
	RefID     string `json:"ref_id"`
	Line      string `json:"line"`
	Other     string `json:"other"`
	OtherID   string `json:"other_id"`
	OtherLine string `json:"other_line"`
}

// book writes entries of leaves that nobody asks whether they may.
func (b *Book) book(ctx context.Context, tx core.App, entries []expense.BudgetEntry, at time.Time, note string) error {
	leaves := make([]string, len(entries))
	for i, e := range entries {
		leaves[i] = e.Node
	}
	k, err := keptNodes(tx, leaves)
	if err != nil {
		return err
	}
	return b.write(ctx, tx, k, entries, at, note)
}

// write books entries, and keeps the sums of their leaves and of all above them.
func (b *Book) write(ctx context.Context, tx core.App, k *kept, entries []expense.BudgetEntry, at time.Time, note string) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([]entryRow, len(entries))
	booked := map[string][2]string{}
	today := domain.BusinessDay(at)
	for i, e := range entries {
		month, corrects, err := b.bookedIn(tx, booked, e.Day, today)
		if err != nil {
			return err
		}
		n := k.nodes[e.Node]
		rows[i] = entryRow{
			core.GenerateDefaultRandomId(), n.Budget, e.Node, n.Dept, e.Kind, e.Fen, e.Day, month, corrects, e.Doc.Collection, e.Doc.ID, e.Line,
			e.Other.Collection, e.Other.ID, e.OtherLine,
		}
	}
	by := ""
	if user := gate.Of(ctx).User; user != nil {
		by = user.Id
	}
	for part := range slices.Chunk(rows, 500) {
		_, err := tx.DB().NewQuery(`INSERT INTO budget_entries (id, budget, node, dept, kind, amount_fen, day, month, corrects, ref_collection, ref_id, ref_line,
				drawn_collection, drawn_id, drawn_line, by, at, note, created, updated)
			SELECT value ->> 'id', value ->> 'budget', value ->> 'node', value ->> 'dept', value ->> 'kind', value ->> 'fen', value ->> 'day', value ->> 'month',
				value ->> 'corrects', value ->> 'ref', value ->> 'ref_id', value ->> 'line', value ->> 'other', value ->> 'other_id', value ->> 'other_line',
				{:by}, {:at}, {:note}, {:now}, {:now}
			FROM json_each({:rows})`).
			Bind(dbx.Params{"rows": jsonOf(part), "by": by, "at": gate.Stamp(at), "note": note, "now": types.NowDateTime().String()}).Execute()
		if err != nil {
			return fmt.Errorf("write entries of a budget: %w", err)
		}
	}
	return b.keep(tx, k, entries, today)
}

// bookedIn is the month in which an expense of a day counts for reports.
func (b *Book) bookedIn(tx core.App, known map[string][2]string, day, today string) (month, corrects string, err error) {
	of := domain.Month(day)
	if at, asked := known[of]; asked {
		return at[0], at[1], nil
	}
	frozen := false
	if b.Frozen != nil {
		if frozen, err = b.Frozen(tx, of); err != nil {
			return "", "", err
		}
	}
	month, corrects = expense.BookedIn(day, today, frozen)
	known[of] = [2]string{month, corrects}
	return month, corrects, nil
}

// sumRow is a month of a node, and nodeRow a node, as they come to be.
type (
	sumRow struct {
		Node      string `json:"node"`
		Month     string `json:"month"`
		Allocated int    `json:"allocated"`
		Reserved  int    `json:"reserved"`
		Spent     int    `json:"spent"`
	}
	nodeRow struct {
		Node      string `json:"node"`
		Allocated int    `json:"allocated"`
		Reserved  int    `json:"reserved"`
		Spent     int    `json:"spent"`
		Free      int    `json:"free"`
	}
)

// keep writes the sums that entries leave.
func (b *Book) keep(tx core.App, k *kept, entries []expense.BudgetEntry, today string) error {
	var sums []sumRow
	var nodes []nodeRow
	for id, more := range expense.FoldBudget(entries, func(leaf string) []string { return k.nodes[leaf].path }) {
		n := k.nodes[id]
		n.months = n.months.Add(more)
		for m, s := range more {
			if s != (expense.BudgetSums{}) {
				now := n.months[m]
				sums = append(sums, sumRow{id, domain.Month(expense.MonthDay(n.Year, m)), now.Allocated, now.Reserved, now.Spent})
			}
		}
		all := n.months.Total()
		nodes = append(nodes, nodeRow{id, all.Allocated, all.Reserved, all.Spent, n.free(today)})
	}
	for part := range slices.Chunk(sums, 500) {
		_, err := tx.DB().NewQuery(`INSERT INTO budget_balances (node, month, allocated_fen, reserved_fen, spent_fen)
			SELECT value ->> 'node', value ->> 'month', value ->> 'allocated', value ->> 'reserved', value ->> 'spent' FROM json_each({:rows}) WHERE TRUE
			ON CONFLICT (node, month) DO UPDATE SET allocated_fen = excluded.allocated_fen, reserved_fen = excluded.reserved_fen, spent_fen = excluded.spent_fen`).
			Bind(dbx.Params{"rows": jsonOf(part)}).Execute()
		if err != nil {
			return fmt.Errorf("keep balances of a budget: %w", err)
		}
	}
	return b.keepNodes(tx, nodes)
}

// keepNodes writes what nodes have, hold, spent and may still spend.
func (b *Book) keepNodes(tx core.App, nodes []nodeRow) error {
	for part := range slices.Chunk(nodes, 500) {
		_, err := tx.DB().NewQuery(`UPDATE budget_nodes SET allocated_fen = p.value ->> 'allocated', reserved_fen = p.value ->> 'reserved', spent_fen = p.value ->> 'spent',
				free_fen = p.value ->> 'free', as_of = {:at}, updated = {:now}
			FROM json_each({:rows}) p WHERE budget_nodes.id = p.value ->> 'node'`).
			Bind(dbx.Params{"rows": jsonOf(part), "at": gate.Stamp(b.Now()), "now": types.NowDateTime().String()}).Execute()
		if err != nil {
			return fmt.Errorf("keep the sums of a budget's nodes: %w", err)
		}
	}
	return nil
}

// free is what a node may still spend for an expense of today, or of the nearest of its
// days; none if it was never handed in and has none.
func (n *keptNode) free(today string) int {
	if n.From == "" {
		return 0
	}
	day := min(max(today, n.From), n.To)
	return expense.BudgetControl{OverBP: n.OverBP, Window: n.Window}.Free(n.months, expense.MonthOf(day))
}
