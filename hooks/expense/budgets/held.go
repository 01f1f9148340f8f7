package budgets

import (
	"context"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/records"
)

// Holds is what a document holds of each of its lines, and what others drew from it.
func (b *Book) Holds(tx core.App, doc expense.BudgetDoc) ([]expense.BudgetHeld, error) {
	k := &kept{doc: doc, entries: map[expense.BudgetDoc][]expense.BudgetEntry{}}
	if err := k.entriesOf(tx, doc); err != nil {
		return nil, err
	}
	return expense.BudgetHolds(k.entries[doc]), nil
}

// Keep is Reserve of what a document's lines are to hold beside what others drew of them.
func (b *Book) Keep(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) ([]expense.BudgetWarning, error) {
	k := &kept{doc: doc, entries: map[expense.BudgetDoc][]expense.BudgetEntry{}}
	if err := k.entriesOf(tx, doc); err != nil {
		return nil, err
	}
	lent, all := expense.BudgetLent(k.entries[doc]), slices.Clone(costs)
	for i, c := range all {
		all[i].Net += lent[[2]string{c.Line, c.Node}]
	}
	return b.Reserve(ctx, tx, doc, all)
}

// Months is what is booked on a node, by months.
func (b *Book) Months(app core.App, node records.BudgetNodeID) (m expense.BudgetMonths, err error) {
	k := &kept{nodes: map[string]*keptNode{string(node): {ID: string(node)}}}
	if err := k.readMonths(app); err != nil {
		return m, err
	}
	return k.nodes[string(node)].months, nil
}
