package expense

import (
	"slices"

	"satchel/domain"
)

// States of a budget.
const (
	BudgetDraft     = "draft"
	BudgetSubmitted = "submitted"
	BudgetApproved  = "approved" // its year has not begun
	BudgetActive    = "active"
	BudgetFrozen    = "frozen" // its year is over: what is late still counts
	BudgetClosed    = "closed"
	BudgetReturned  = "returned"
	BudgetRejected  = "rejected"
	BudgetCancelled = "cancelled"
)

// Steps with a budget beside those of its approval.
const (
	BudgetActivate = "activate" // its year has begun
	BudgetFreeze   = "freeze"   // its year is over
	BudgetExpire   = "expire"   // nothing late is taken any more
	BudgetClose    = "close"
	BudgetCancel   = "cancel"
	BudgetHandOver = "hand_over" // what is somebody's in it goes to another
	BudgetRecount  = "recount"   // its sums are those of its entries again
)

// Guards of a budget's steps.
const (
	BudgetReservedOpen   = "budget.still_reserved"
	BudgetReasonRequired = "budget.reason_required"
)

// BudgetWritten are the states in which a budget and its nodes are written; after
// them its amounts change by adjustments alone (H-BUD-3).
var BudgetWritten = []string{BudgetDraft, BudgetReturned, BudgetRejected}

// BudgetInForce are the states in which a budget has an amount to hold to.
var BudgetInForce = []string{BudgetApproved, BudgetActive, BudgetFrozen}

// BudgetMachine is the life of a budget (R7.1, R7.2). Its approval by finance and by
// the management belongs to approvals.
var BudgetMachine = domain.Machine{
	Collection: "budgets",
	States: []string{
		BudgetDraft, BudgetSubmitted, BudgetApproved, BudgetActive, BudgetFrozen, BudgetClosed, BudgetReturned, BudgetRejected, BudgetCancelled,
	},
	Open:    BudgetWritten,
	Refusal: "budget.state",
	Locked:  "budget.locked",
	Steps: []domain.Step{
		{Action: BudgetActivate, From: []string{BudgetApproved}, To: []string{BudgetActive}},
		{Action: BudgetFreeze, From: []string{BudgetActive}, To: []string{BudgetFrozen}, Leads: []string{"it takes expenses of its year alone"}},
		{Action: BudgetExpire, From: []string{BudgetFrozen}, To: []string{BudgetClosed}},
		{
			Action: BudgetClose, From: []string{BudgetFrozen}, To: []string{BudgetClosed}, By: []domain.Party{domain.PartyOffice}, Stranger: "budget.not_finance",
			Guards: []string{BudgetReservedOpen}, Leads: []string{"it takes no expense"},
		},
		{
			Action: BudgetHandOver, From: slices.Concat(BudgetWritten, BudgetInForce), By: []domain.Party{domain.PartyHead}, Stranger: "budget.not_head",
			Leads: []string{"who gets the nodes is told, and sees them; who had them does not any more"},
		},
		{
			Action: BudgetRecount, From: append(slices.Clone(BudgetInForce), BudgetClosed), By: []domain.Party{domain.PartyOffice}, Stranger: "budget.not_finance",
			Leads: []string{"the sums of its nodes are those of its entries; finance and administrators are told of those that were not"},
		},
		{
			Action: BudgetCancel, From: BudgetWritten, To: []string{BudgetCancelled}, By: []domain.Party{domain.PartyHead}, Stranger: "budget.not_head",
			Guards: []string{BudgetReasonRequired}, Leads: []string{"the department may make another one for the year"},
		},
	},
}

// BudgetOn is the step of a budget that is due on a day, if one is.
func BudgetOn(state, year, freezeUntil, today string) (step string, due bool) {
	switch {
	case state == BudgetApproved && today >= year+"-01-01":
		return BudgetActivate, true
	case state == BudgetActive && today > year+"-12-31":
		return BudgetFreeze, true
	case state == BudgetFrozen && today > freezeUntil:
		return BudgetExpire, true
	}
	return "", false
}

// FreezeUntil is the last day on which a year's budget takes what is late.
func FreezeUntil(year string, days int) string { return domain.AddDays(year+"-12-31", days) }

// What becomes of a budget: a reservation, or spending.
const (
	BudgetReserves = "reserve"
	BudgetSpends   = "spend"
)

// CheckBudgetOpen judges whether a budget takes an expense of a day. Money is reserved
// once it is approved, and spent once its year has begun (H-BUD-1). Problems
// budget.not_active: state; budget.closed; budget.year: year.
func CheckBudgetOpen(state, year, freezeUntil, what, day, today string) error {
	taken := slices.Contains(BudgetInForce, state) && (what == BudgetReserves || state != BudgetApproved)
	switch {
	case state == BudgetClosed, state == BudgetFrozen && today > freezeUntil:
		return domain.Problem{Code: "budget.closed", Params: map[string]any{"year": year}}
	case !taken:
		return domain.Problem{Code: "budget.not_active", Params: map[string]any{"from": state}}
	case len(day) < 4 || day[:4] != year:
		return domain.Problem{Code: "budget.year", Params: map[string]any{"year": year}}
	}
	return nil
}
