package expense

import "satchel/domain"

// States of a finding.
const (
	FindingOpen      = "open"
	FindingConfirmed = "confirmed" // penalties follow
	FindingDismissed = "dismissed"
)

// Steps of a finding.
const (
	FindingAnswer  = "answer"
	FindingConfirm = "confirm"
	FindingDismiss = "dismiss"
)

// FindingMachine is the life of what was found about a claim. Who decides is neither who
// found it nor whom it concerns.
var FindingMachine = domain.Machine{
	Collection: "audit_findings",
	States:     []string{FindingOpen, FindingConfirmed, FindingDismissed},
	Refusal:    "finding.state",
	Locked:     "finding.locked",
	Steps: []domain.Step{
		{Action: FindingAnswer, From: []string{FindingOpen}, By: []domain.Party{domain.PartyAsked}, Stranger: "finding.not_concerned"},
		{
			Action: FindingConfirm, From: []string{FindingOpen}, To: []string{FindingConfirmed}, By: []domain.Party{domain.PartyOffice},
			Stranger: "finding.not_another", Leads: []string{"points to deduct and money to pay back become penalties"},
		},
		{
			Action: FindingDismiss, From: []string{FindingOpen}, To: []string{FindingDismissed}, By: []domain.Party{domain.PartyOffice},
			Stranger: "finding.not_another", Guards: []string{"finding.reason_required"},
		},
	},
}

// FindingReasonRequired is the guard of a finding that is dismissed.
const FindingReasonRequired = "finding.reason_required"

// Kinds of penalties.
const (
	PenaltyDeduction = "deduction" // points of an appraisal
	PenaltyRepayment = "repayment"
)

// States of a penalty.
const (
	PenaltyOpen    = "open"
	PenaltySettled = "settled" // deducted, or paid back whole
	PenaltyWaived  = "waived"
)

// Steps of a penalty.
const (
	PenaltyRepay = "repay"
	PenaltyWaive = "waive"
	// PenaltySettle is the server's: an appraisal took the points.
	PenaltySettle = "settle"
)

// PenaltyReasonRequired is the guard of a penalty that is waived.
const PenaltyReasonRequired = "penalty.reason_required"

// PenaltyMachine is the life of a penalty. Finance books what comes back; the management
// alone waives.
var PenaltyMachine = domain.Machine{
	Collection: "penalties",
	States:     []string{PenaltyOpen, PenaltySettled, PenaltyWaived},
	Refusal:    "penalty.state",
	Locked:     "penalty.locked",
	Steps: []domain.Step{
		{Action: PenaltyRepay, From: []string{PenaltyOpen}, To: []string{PenaltyOpen, PenaltySettled}, By: []domain.Party{domain.PartyOffice}, Stranger: "penalty.not_finance"},
		{Action: PenaltySettle, From: []string{PenaltyOpen}, To: []string{PenaltySettled}, Leads: []string{"the appraisal that took its points is locked"}},
		{
			Action: PenaltyWaive, From: []string{PenaltyOpen}, To: []string{PenaltyWaived}, By: []domain.Party{domain.PartyHead},
			Stranger: "penalty.not_management", Guards: []string{PenaltyReasonRequired},
		},
	},
}

// Repayment is one payment back.
type Repayment struct {
	Fen  int    `json:"fen"`
	Day  string `json:"day"`
	By   string `json:"by"`
	Note string `json:"note,omitzero"`
}

// CheckRepayment judges a payment back: problem penalty.amount_invalid, which names what
// is owed still.
func CheckRepayment(owed, fen int) error {
	if fen < 1 || fen > owed {
		return domain.Problem{Code: "penalty.amount_invalid", Params: map[string]any{"owed_fen": owed}}
	}
	return nil
}

// States of what somebody saved.
const (
	SavingReported  = "reported"
	SavingConfirmed = "confirmed"
	SavingDeclined  = "declined"
)

// Steps of what somebody saved.
const (
	SavingConfirm = "confirm"
	SavingDecline = "decline"
)

// SavingReasonRequired is the guard of a saving that is declined.
const SavingReasonRequired = "saving.reason_required"

// SavingMachine is the life of a report of what was saved; finance says whether it counts.
var SavingMachine = domain.Machine{
	Collection: "cost_savings",
	States:     []string{SavingReported, SavingConfirmed, SavingDeclined},
	Refusal:    "saving.state",
	Locked:     "saving.locked",
	Steps: []domain.Step{
		{Action: SavingConfirm, From: []string{SavingReported}, To: []string{SavingConfirmed}, By: []domain.Party{domain.PartyOffice}, Stranger: "saving.not_finance"},
		{
			Action: SavingDecline, From: []string{SavingReported}, To: []string{SavingDeclined}, By: []domain.Party{domain.PartyOffice},
			Stranger: "saving.not_finance", Guards: []string{SavingReasonRequired},
		},
	},
}
