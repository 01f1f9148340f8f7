package sales

import "satchel/domain"

// States of what the ledger is written from, and of its statements.
const (
	ReceiptReported  = "reported"
	ReceiptConfirmed = "confirmed"
	ReceiptRejected  = "rejected"
	ReceiptReversed  = "reversed"

	DeductionReported = "reported"
	DeductionAccepted = "accepted"
	DeductionRejected = "rejected"

	StatementIssued    = "issued"
	StatementConfirmed = "confirmed"
	StatementDisputed  = "disputed"

	AccrualOpen    = "open"
	AccrualClosed  = "closed"
	AccrualSettled = "settled"
)

// Steps of them.
const (
	ReceiptConfirm = "confirm"
	ReceiptReject  = "reject"
	ReceiptReverse = "reverse"

	DeductionAccept = "accept"
	DeductionReject = "reject"

	StatementIssue   = "issue_statement" // on an account
	StatementConfirm = "confirm"
	StatementDispute = "dispute"

	AccrualClose  = "close"
	AccrualSettle = "settle"
)

// Guards by which nobody of finance rules over what he reported himself.
const (
	ReceiptOwn   = "receipt.own"
	DeductionOwn = "deduction.own"
)

// ReceiptMachine is the life of a receipt (R4.12): somebody reports it, and only
// what finance confirms counts.
var ReceiptMachine = domain.Machine{
	Collection: "receipts",
	States:     []string{ReceiptReported, ReceiptConfirmed, ReceiptRejected, ReceiptReversed},
	Refusal:    "receipt.state",
	Locked:     "receipt.locked",
	Steps: []domain.Step{
		{
			Action: ReceiptConfirm, From: []string{ReceiptReported}, To: []string{ReceiptConfirmed}, By: []domain.Party{domain.PartyOffice}, Stranger: "receipt.not_finance",
			Guards: []string{ReceiptOwn}, Leads: []string{"it is in the ledger, against the debits that were named or are due first", "who reported it is told"},
		},
		{
			Action: ReceiptReject, From: []string{ReceiptReported}, To: []string{ReceiptRejected}, By: []domain.Party{domain.PartyOffice}, Stranger: "receipt.not_finance",
			Guards: []string{"receipt.reason_required"}, Leads: []string{"who reported it is told"},
		},
		{
			Action: ReceiptReverse, From: []string{ReceiptConfirmed}, To: []string{ReceiptReversed}, By: []domain.Party{domain.PartyOffice}, Stranger: "receipt.not_finance",
			Guards: []string{"receipt.reason_required"}, Leads: []string{"what it was set against is open again", "who reported it is told"},
		},
	},
}

// DeductionMachine is the life of what an account takes off what it owes.
var DeductionMachine = domain.Machine{
	Collection: "deductions",
	States:     []string{DeductionReported, DeductionAccepted, DeductionRejected},
	Refusal:    "deduction.state",
	Locked:     "deduction.locked",
	Steps: []domain.Step{
		{
			Action: DeductionAccept, From: []string{DeductionReported}, To: []string{DeductionAccepted}, By: []domain.Party{domain.PartyOffice}, Stranger: "deduction.not_finance",
			Guards: []string{DeductionOwn}, Leads: []string{"it is in the ledger", "who reported it is told"},
		},
		{
			Action: DeductionReject, From: []string{DeductionReported}, To: []string{DeductionRejected}, By: []domain.Party{domain.PartyOffice}, Stranger: "deduction.not_finance",
			Guards: []string{"deduction.reason_required"}, Leads: []string{"who reported it is told"},
		},
	},
}

// StatementMachine is the life of a month's statement. Its figures never change:
// a dispute is cleared by documents of the months after.
var StatementMachine = domain.Machine{
	Collection: "statements",
	States:     []string{StatementIssued, StatementConfirmed, StatementDisputed},
	Open:       []string{},
	Refusal:    "statement.state",
	Locked:     "statement.locked",
	Steps: []domain.Step{
		{
			Action: StatementConfirm, From: []string{StatementIssued, StatementDisputed}, To: []string{StatementConfirmed}, By: []domain.Party{domain.PartyOwner}, Stranger: "statement.not_owner",
			Guards: []string{"statement.answered_by_required", "statement.paper_required"},
		},
		{
			Action: StatementDispute, From: []string{StatementIssued}, To: []string{StatementDisputed}, By: []domain.Party{domain.PartyOwner}, Stranger: "statement.not_owner",
			Guards: []string{"statement.answered_by_required", "statement.reason_required"}, Leads: []string{"finance and the account's manager are told"},
		},
	},
}

// AccrualMachine is the life of a period's rebate: it follows the deliveries
// until the period is over, and is settled as its term says.
var AccrualMachine = domain.Machine{
	Collection: "rebate_accruals",
	States:     []string{AccrualOpen, AccrualClosed, AccrualSettled},
	Open:       []string{},
	Refusal:    "rebate.state",
	Locked:     "rebate.locked",
	Steps: []domain.Step{
		{Action: AccrualClose, From: []string{AccrualOpen}, To: []string{AccrualClosed}},
		{
			Action: AccrualSettle, From: []string{AccrualClosed}, To: []string{AccrualSettled}, By: []domain.Party{domain.PartyOffice}, Stranger: "rebate.not_finance",
			Guards: []string{"rebate.voucher_required"}, Leads: []string{"a deduction that is accepted, or the voucher of a payment", "the account's owner is told"},
		},
	},
}
