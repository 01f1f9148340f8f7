package domain

import "slices"

// States of an order.
const (
	OrderDraft     = "draft"
	OrderSubmitted = "submitted"
	OrderApproved  = "approved"
	OrderRejected  = "rejected"
	OrderCancelled = "cancelled"
)

// Actions on an order.
const (
	OrderSubmit  = "submit"
	OrderApprove = "approve"
	OrderReject  = "reject"
	OrderCancel  = "cancel"
)

// Standing is what somebody is to an order.
type Standing struct{ Owner, Superior bool }

var orderMoves = map[string]struct {
	from []string
	to   string
}{
	OrderSubmit:  {[]string{OrderDraft}, OrderSubmitted},
	OrderApprove: {[]string{OrderSubmitted}, OrderApproved},
	OrderReject:  {[]string{OrderSubmitted}, OrderRejected},
	OrderCancel:  {[]string{OrderDraft, OrderSubmitted, OrderApproved}, OrderCancelled},
}

// OrderMove returns the state that an action by somebody leads to, or
// order.state, order.not_owner or order.not_superior. The owner submits and
// cancels until a decision; the superior decides, never on his own order, and
// cancels what is approved.
func OrderMove(state, action string, by Standing) (string, error) {
	move, ok := orderMoves[action]
	if !ok {
		return "", Problem{Code: "action.unknown", Params: map[string]any{"action": action}}
	}
	superior := by.Superior && !by.Owner
	switch {
	case action == OrderSubmit && !by.Owner, action == OrderCancel && state != OrderApproved && !by.Owner:
		return "", Problem{Code: "order.not_owner"}
	case (action == OrderApprove || action == OrderReject || action == OrderCancel && state == OrderApproved) && !superior:
		return "", Problem{Code: "order.not_superior"}
	case !slices.Contains(move.from, state):
		return "", Problem{Code: "order.state", Params: map[string]any{"from": state, "action": action}}
	}
	return move.to, nil
}
