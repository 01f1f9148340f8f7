package expense

import (
	"satchel/domain"
)

// States of an advance.
const (
	AdvanceDraft     = "draft"
	AdvanceSubmitted = "submitted"
	AdvanceApproved  = "approved"
	AdvancePaid      = "paid"
	AdvanceCleared   = "cleared" // by claims, or given back
	AdvanceReturned  = "returned"
	AdvanceRejected  = "rejected"
	AdvanceCancelled = "cancelled"
)

// Steps with an advance beside those of its approval.
const (
	AdvanceCancel   = "cancel"
	AdvanceGiveBack = "give_back"
	AdvancePay      = "pay"
	AdvanceClear    = "clear"
	AdvanceReopen   = "reopen"
	AdvanceReverse  = "reverse"
)

// AdvanceWritten are the states in which its owner writes an advance.
var AdvanceWritten = []string{AdvanceDraft, AdvanceReturned, AdvanceRejected}

// AdvanceMachine is the life of an advance (借款). Its approval belongs to approvals; it
// is paid by a run of payments, and cleared by claims that are paid.
var AdvanceMachine = domain.Machine{
	Collection: "advances",
	States: []string{
		AdvanceDraft, AdvanceSubmitted, AdvanceApproved, AdvancePaid, AdvanceCleared, AdvanceReturned, AdvanceRejected, AdvanceCancelled,
	},
	Open:    AdvanceWritten,
	Refusal: "advance.state",
	Locked:  "advance.locked",
	Steps: []domain.Step{
		{Action: AdvanceCancel, From: append([]string{AdvanceApproved}, AdvanceWritten...), To: []string{AdvanceCancelled}, By: []domain.Party{domain.PartyOwner}, Stranger: "advance.not_owner"},
		{Action: AdvancePay, From: []string{AdvanceApproved}, To: []string{AdvancePaid}},
		{
			Action: AdvanceGiveBack, From: []string{AdvancePaid}, To: []string{AdvancePaid, AdvanceCleared}, By: []domain.Party{domain.PartyOffice}, Stranger: "advance.not_finance",
			Leads: []string{"cleared once nothing of it is open"},
		},
		{Action: AdvanceClear, From: []string{AdvancePaid}, To: []string{AdvancePaid, AdvanceCleared}},
		{Action: AdvanceReopen, From: []string{AdvancePaid, AdvanceCleared}, To: []string{AdvancePaid}, Leads: []string{"a claim that cleared it was reversed"}},
		{Action: AdvanceReverse, From: []string{AdvancePaid}, To: []string{AdvanceApproved}, Leads: []string{"it may be paid again"}},
	},
}

// AdvanceSums are what became of an advance.
type AdvanceSums struct{ Paid, Cleared, GivenBack int }

// Open is what of it is neither claimed nor given back.
func (s AdvanceSums) Open() int { return s.Paid - s.Cleared - s.GivenBack }

// Check holds that what was claimed and given back never exceeds what was paid. Problem
// advance.exceeded.
func (s AdvanceSums) Check() error {
	if s.Cleared < 0 || s.GivenBack < 0 || s.Open() < 0 {
		return domain.Problem{Code: "advance.exceeded", Params: map[string]any{"paid_fen": s.Paid, "asked_fen": s.Cleared + s.GivenBack}}
	}
	return nil
}

// State is the state of an advance that was paid.
func (s AdvanceSums) State() string {
	if s.Open() == 0 {
		return AdvanceCleared
	}
	return AdvancePaid
}

// CheckAdvance judges an advance by itself. Problems advance.amount_invalid, advance.due_invalid.
func CheckAdvance(fen int, due, today string) error {
	switch {
	case fen < 1 || fen > BudgetMost:
		return domain.Problem{Code: "advance.amount_invalid"}
	case !domain.IsDay(due), due < today:
		return domain.Problem{Code: "advance.due_invalid"}
	}
	return nil
}

// PayDifference divides what a claim is approved for into what clears its advance and
// what is paid: the difference only. What is left open of the advance is its owner's to
// give back.
func PayDifference(approvedFen, openFen int) (clearFen, payFen int) {
	clearFen = min(approvedFen, max(openFen, 0))
	return clearFen, approvedFen - clearFen
}
