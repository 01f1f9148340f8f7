package expense

import (
	"cmp"
	"slices"

	"satchel/domain"
)

// Shortage is a node that a step asks more of than is free.
type Shortage struct {
	Node        string
	Free, Asked int // fen
}

// KeptNode is a node with what is booked on it so far.
type KeptNode struct {
	Path    []string // ids: its own, then those above it
	Control BudgetControl
	Months  BudgetMonths
}

// BudgetShort finds the nodes that a step's entries leave short, the lowest first: those
// that forbid it, and those that warn. A node is asked once, for all lines together.
func BudgetShort(entries []BudgetEntry, node func(id string) KeptNode) (forbid, warn []Shortage) {
	sums := FoldBudget(entries, func(leaf string) []string { return node(leaf).Path })
	var order []string
	for _, e := range entries {
		for _, id := range node(e.Node).Path {
			if !slices.Contains(order, id) {
				order = append(order, id)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(len(node(b).Path), len(node(a).Path)) })
	for _, id := range order {
		n := node(id)
		free, asked, short := n.Control.Short(n.Months, n.Months.Add(sums[id]))
		if !short {
			continue
		}
		switch n.Control.Control {
		case ControlForbid:
			forbid = append(forbid, Shortage{id, free, asked})
		case ControlWarn:
			warn = append(warn, Shortage{id, free, asked})
		}
	}
	return forbid, warn
}

// CheckBudgetBounds refuses entries that leave a node with more than money may be, so
// that no sum overflows: budget.amount_invalid.
func CheckBudgetBounds(entries []BudgetEntry, node func(id string) KeptNode) error {
	for id, more := range FoldBudget(entries, func(leaf string) []string { return node(leaf).Path }) {
		added, all := more.Total(), node(id).Months.Add(more).Total()
		if added.Allocated > 0 && all.Allocated > BudgetMost || added.Reserved > 0 && all.Reserved > BudgetMost || added.Spent > 0 && all.Spent > BudgetMost {
			return domain.Problem{Code: "budget.amount_invalid"}
		}
	}
	return nil
}
