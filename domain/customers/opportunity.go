package customers

import (
	"strings"

	"satchel/domain"
)

// Stages of an opportunity.
const (
	OppFound       = "found"
	OppQualified   = "qualified"
	OppProposal    = "proposal"
	OppNegotiation = "negotiation"
	OppWon         = "won"
	OppLost        = "lost"
	OppSuspended   = "suspended"
)

// Steps that people take with an opportunity.
const (
	OppAdvance = "advance"
	OppWin     = "win"
	OppLose    = "lose"
	OppSuspend = "suspend"
	OppResume  = "resume"
	OppDecide  = "decide" // whether a major deal is gone for
)

// Guards of an opportunity's steps.
const (
	oppReason    = "opportunity.reason_required"
	oppUndecided = "opportunity.major_undecided"
	oppProof     = "opportunity.proof_required"
)

// Deal is what the guards of an opportunity ask.
type Deal struct {
	Major   bool   // of an amount from which the department manager decides
	Decided bool   // his decision to go for it is on record
	Proof   bool   // an order or a contract is linked
	Reason  string // of the step
}

// Holds reports whether the condition behind a guard's code does.
func (d Deal) Holds(guard string) bool {
	switch guard {
	case oppReason:
		return strings.TrimSpace(d.Reason) != ""
	case oppUndecided:
		return !d.Major || d.Decided
	case oppProof:
		return d.Proof
	}
	return false
}

var (
	oppUnderway = []string{OppFound, OppQualified, OppProposal, OppNegotiation}
	oppOpen     = append(oppUnderway[:len(oppUnderway):len(oppUnderway)], OppSuspended)
	oppTeam     = []domain.Party{domain.PartyTeam}
)

// OppMachine is the life of an opportunity. One that was suspended goes on where
// it was; a major deal is won after the department manager decided (H-OPP-MAJ).
var OppMachine = domain.Machine{
	Collection: "opportunities",
	Field:      "stage",
	States:     []string{OppFound, OppQualified, OppProposal, OppNegotiation, OppWon, OppLost, OppSuspended},
	Open:       oppOpen,
	Refusal:    "opportunity.state",
	Steps: []domain.Step{
		{Action: OppAdvance, From: []string{OppFound}, To: []string{OppQualified}, By: oppTeam, Stranger: "record.not_allowed"},
		{Action: OppAdvance, From: []string{OppQualified}, To: []string{OppProposal}, By: oppTeam, Stranger: "record.not_allowed"},
		{Action: OppAdvance, From: []string{OppProposal}, To: []string{OppNegotiation}, By: oppTeam, Stranger: "record.not_allowed"},
		{
			Action: OppWin, From: []string{OppNegotiation}, To: []string{OppWon}, By: oppTeam, Stranger: "record.not_allowed",
			Guards: []string{oppUndecided, oppProof}, Leads: []string{"the order or contract that proves it is linked"},
		},
		{Action: OppLose, From: oppUnderway, To: []string{OppLost}, By: oppTeam, Stranger: "record.not_allowed", Guards: []string{oppReason}},
		{Action: OppSuspend, From: oppUnderway, To: []string{OppSuspended}, By: oppTeam, Stranger: "record.not_allowed", Guards: []string{oppReason}},
		{Action: OppResume, From: []string{OppSuspended}, To: oppUnderway, By: oppTeam, Stranger: "record.not_allowed"},
		{Action: OppDecide, From: oppOpen, By: []domain.Party{domain.PartyHead}, Stranger: "opportunity.not_head", Refusal: "opportunity.locked"},
	},
}
