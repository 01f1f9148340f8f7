package domain

import (
	"fmt"
	"slices"
	"time"
)

// States of a monthly plan and of a visit plan.
const (
	PlanDraft     = "draft"
	PlanSubmitted = "submitted"
	PlanApproved  = "approved"
	PlanReturned  = "returned"
)

// Actions on a plan: of who made it, and of who decides.
const (
	PlanSubmit   = "submit"
	PlanWithdraw = "withdraw"
	PlanApprove  = "approve"
	PlanReturn   = "return"
)

var planMoves = map[string]struct {
	from []string
	to   string
}{
	PlanSubmit:   {[]string{PlanDraft, PlanReturned}, PlanSubmitted},
	PlanWithdraw: {[]string{PlanSubmitted}, PlanDraft},
	PlanApprove:  {[]string{PlanSubmitted}, PlanApproved},
	PlanReturn:   {[]string{PlanSubmitted}, PlanReturned},
}

// PlanMove returns the state that an action leads to, or plan.state.
func PlanMove(state, action string) (string, error) {
	move, ok := planMoves[action]
	if !ok {
		return "", Problem{Code: "action.unknown", Params: map[string]any{"action": action}}
	}
	if !slices.Contains(move.from, state) {
		return "", Problem{Code: "plan.state", Params: map[string]any{"from": state, "action": action}}
	}
	return move.to, nil
}

// PlanEditable tells whether its maker still writes a plan and its items.
func PlanEditable(state string) bool { return state == PlanDraft || state == PlanReturned }

// States of a plan's item.
const (
	ItemOpen    = "open"
	ItemDone    = "done"
	ItemMissed  = "missed"  // its month ended before it was done
	ItemDropped = "dropped" // taken out by the superior after the approval
)

// Actions on an item of an approved plan.
const (
	ItemExplain = "explain" // why it was missed, and what is done about it
	ItemDrop    = "drop"
	ItemChange  = "change" // other days, another number
)

// CauseCodes are why an item may have been missed.
var CauseCodes = []string{"customer", "workload", "stock", "price", "competition", "sick", "travel", "priority", "other"}

// ItemState is where an item stands: what is done in excess or later than its
// month still counts, and what was dropped stays so.
func ItemState(state string, qty, done int, monthOver bool) string {
	switch {
	case state == ItemDropped:
		return ItemDropped
	case done >= max(1, qty):
		return ItemDone
	case monthOver:
		return ItemMissed
	}
	return ItemOpen
}

// IsMonth tells whether a text is a month, YYYY-MM.
func IsMonth(text string) bool {
	_, err := time.Parse("2006-01", text)
	return err == nil
}

// MonthOf returns the month of a day.
func MonthOf(day string) string { return day[:min(len(day), 7)] }

// AddMonths returns the month n months after month; what is no month comes back as it is.
func AddMonths(month string, n int) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return t.AddDate(0, n, 0).Format("2006-01")
}

// PlanDue is the day on which a plan is to be handed in: the dueDay-th, 1 to 28,
// of the month before.
func PlanDue(month string, dueDay int) string {
	return fmt.Sprintf("%s-%02d", AddMonths(month, -1), min(max(dueDay, 1), 28))
}
