package expense

import (
	"slices"

	"satchel/domain"
)

// Kinds of adjustments.
const (
	AdjustTransfer = "transfer" // from a leaf to another
	AdjustRaise    = "raise"
	AdjustLower    = "lower"
)

// States of an adjustment.
const (
	AdjustmentDraft     = "draft"
	AdjustmentSubmitted = "submitted"
	AdjustmentApproved  = "approved" // it is in the ledger
	AdjustmentReturned  = "returned"
	AdjustmentRejected  = "rejected"
	AdjustmentWithdrawn = "withdrawn" // for good
)

// AdjustmentCancel gives an adjustment up.
const AdjustmentCancel = "cancel"

// adjustmentWritten are the states in which its owner writes an adjustment.
var adjustmentWritten = []string{AdjustmentDraft, AdjustmentReturned, AdjustmentRejected}

// AdjustmentMachine is the life of an adjustment (H-BUD-3). Its approval, by the chain
// of a budget, belongs to approvals.
var AdjustmentMachine = domain.Machine{
	Collection: "budget_adjustments",
	States: []string{
		AdjustmentDraft, AdjustmentSubmitted, AdjustmentApproved, AdjustmentReturned, AdjustmentRejected, AdjustmentWithdrawn,
	},
	Open:    adjustmentWritten,
	Refusal: "adjustment.state",
	Locked:  "adjustment.locked",
	Steps: []domain.Step{
		{Action: AdjustmentCancel, From: adjustmentWritten, To: []string{AdjustmentWithdrawn}, By: []domain.Party{domain.PartyOwner}, Stranger: "adjustment.not_owner"},
	},
}

// CheckAdjustment judges an adjustment by itself. Problems budget.amount_invalid,
// adjustment.nodes_invalid, adjustment.same_node.
func CheckAdjustment(kind, from, to string, fen int) error {
	switch {
	case fen < 1 || fen > BudgetMost:
		return domain.Problem{Code: "budget.amount_invalid"}
	case (kind != AdjustRaise) != (from != ""), (kind != AdjustLower) != (to != ""):
		return domain.Problem{Code: "adjustment.nodes_invalid"}
	case from == to:
		return domain.Problem{Code: "adjustment.same_node"}
	}
	return nil
}

// Adjustable reports whether the amounts of a budget in a state still change.
func Adjustable(state string) bool { return state == BudgetApproved || state == BudgetActive }

// AdjustmentCosts are what an adjustment does to its leaves, signed. days gives the day
// on which each of them has it.
func AdjustmentCosts(from, to string, fen int, days func(node string) string) (costs []BudgetCost) {
	if from != "" {
		costs = append(costs, BudgetCost{Line: "from", Node: from, Day: days(from), Net: -fen})
	}
	if to != "" {
		costs = append(costs, BudgetCost{Line: "to", Node: to, Day: days(to), Net: fen})
	}
	return costs
}

// SmallTransfer reports whether a transfer needs finance alone: below one manager, up
// to an amount.
func SmallTransfer(kind string, fen, most int, fromManager, toManager string) bool {
	return kind == AdjustTransfer && fen <= most && fromManager != "" && fromManager == toManager
}

// TransferCircle reports whether a transfer closes a circle with others that wait: what
// it takes would come back to where it was.
func TransferCircle(waiting [][2]string, from, to string) bool {
	next := map[string][]string{}
	for _, w := range waiting {
		next[w[0]] = append(next[w[0]], w[1])
	}
	for seen, at := map[string]bool{}, []string{to}; len(at) > 0; {
		node := at[0]
		at = at[1:]
		if node == from {
			return true
		}
		if !seen[node] {
			seen[node] = true
			at = append(at, next[node]...)
		}
	}
	return false
}

// CheckTaken judges what is taken of a leaf for the month of a day, whatever controls it:
// nothing that is in use, nothing that only may be used beyond its amount, and no more
// than the month has. Problem adjustment.not_free.
func CheckTaken(window string, m BudgetMonths, day string, fen int) error {
	free := min(BudgetControl{OverBP: wholeBP, Window: window}.Free(m, MonthOf(day)), m[MonthOf(day)].Allocated)
	if all := m.Total(); window != WindowYear {
		free = min(free, all.Allocated-all.Used())
	}
	if free >= fen {
		return nil
	}
	return domain.Problem{Code: "adjustment.not_free", Params: map[string]any{"free_fen": max(free, 0), "asked_fen": fen}}
}

const wholeBP = 10_000

// CarryTo finds for a leaf that is left over the one of the next year that goes on with
// it: of the same name for the same.
func CarryTo(leaf PlacedNode, next []PlacedNode) (n PlacedNode, found bool) {
	at := slices.IndexFunc(next, func(n PlacedNode) bool { return n.Leaf && n.Name == leaf.Name && n.Dims == leaf.Dims })
	if at < 0 {
		return n, false
	}
	return next[at], true
}
