package expense

import (
	"satchel/domain"
)

// States of a claim.
const (
	ClaimDraft     = "draft"
	ClaimSubmitted = "submitted"
	ClaimApproved  = "approved" // waits for its payment
	ClaimPaid      = "paid"
	ClaimArchived  = "archived"
	ClaimReturned  = "returned"
	ClaimRejected  = "rejected"
	ClaimCancelled = "cancelled"
	ClaimReversed  = "reversed" // taken back after its approval
)

// Steps with a claim beside those of its approval.
const (
	ClaimCancel      = "cancel"
	ClaimPay         = "pay"
	ClaimUnpay       = "unpay" // the bank did not pay after all
	ClaimArchive     = "archive"
	ClaimAskReversal = "ask_reversal"
	ClaimReverse     = "reverse"

	ClaimDropReversal = "drop_reversal"
)

// Guards of a claim's steps.
const (
	ClaimReasonRequired   = "claim.reason_needed"
	ClaimReversalNotAsked = "claim.reversal_not_asked"
	ClaimReversalAlone    = "claim.reversal_alone" // two people take back what was approved
)

// States of the use of an invoice.
const (
	UseDraft    = "draft"
	UseActive   = "active" // its claim was handed in
	UsePaid     = "paid"
	UseReleased = "released" // its claim came to nothing
)

// ClaimLinesMost is how many lines a claim has at most.
const ClaimLinesMost = 300

// ClaimWritten are the states in which a claim and its parts are written.
var ClaimWritten = []string{ClaimDraft, ClaimReturned, ClaimRejected}

// ClaimMachine is the life of a claim (R7.3 to R7.5). Its approval belongs to approvals.
var ClaimMachine = domain.Machine{
	Collection: "expense_claims",
	States: []string{
		ClaimDraft, ClaimSubmitted, ClaimApproved, ClaimPaid, ClaimArchived, ClaimReturned, ClaimRejected, ClaimCancelled, ClaimReversed,
	},
	Open:    ClaimWritten,
	Refusal: "claim.state",
	Locked:  "claim.locked",
	Steps: []domain.Step{
		{Action: ClaimCancel, From: ClaimWritten, To: []string{ClaimCancelled}, By: []domain.Party{domain.PartyOwner}, Stranger: "claim.not_owner"},
		{
			Action: ClaimPay, From: []string{ClaimApproved}, To: []string{ClaimPaid},
			Leads: []string{"what it reserved is spent", "its invoices are paid", "its advance is cleared"},
		},
		{
			Action: ClaimUnpay, From: []string{ClaimPaid, ClaimArchived}, To: []string{ClaimApproved},
			Leads: []string{"what it spent is reserved again"},
		},
		{Action: ClaimArchive, From: []string{ClaimPaid}, To: []string{ClaimArchived}, By: []domain.Party{domain.PartyOffice}, Stranger: "claim.not_finance"},
		{
			Action: ClaimAskReversal, From: []string{ClaimApproved, ClaimPaid}, By: []domain.Party{domain.PartyOffice}, Stranger: "claim.not_finance",
			Guards: []string{ClaimReasonRequired}, Leads: []string{"who heads the department may take it back"},
		},
		{
			Action: ClaimDropReversal, From: []string{ClaimApproved, ClaimPaid}, By: []domain.Party{domain.PartyOffice}, Stranger: "claim.not_finance",
			Guards: []string{ClaimReversalNotAsked}, Leads: []string{"nobody takes it back"},
		},
		{
			Action: ClaimReverse, From: []string{ClaimApproved, ClaimPaid}, To: []string{ClaimReversed}, By: []domain.Party{domain.PartyHead}, Stranger: "claim.not_head",
			Guards: []string{ClaimReversalNotAsked, ClaimReversalAlone},
			Leads:  []string{"what it reserved or spent is free again", "its invoices are free again"},
		},
	},
}

// ClaimHolds reports whether a claim in that state has money reserved, unless it waits
// for what goes over the budget.
func ClaimHolds(state string) bool { return state == ClaimSubmitted || state == ClaimApproved }
