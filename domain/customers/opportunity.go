package customers

import (
	"slices"
	"strings"

	"satchel/domain"
)

// Stages of an opportunity.
const (
	OppFound       = "found"
	OppQualified   = "qualified"
	OppProposal    = "proposal"
	OppNegotiation = "negotiation"
	OppWinPending  = "win_pending" // won as its owner says; his manager confirms
	OppWon         = "won"
	OppLost        = "lost"
	OppSuspended   = "suspended"
)

// Steps that people take with an opportunity.
const (
	OppAdvance = "advance"
	OppWin     = "win"
	OppConfirm = "confirm" // the win
	OppReturn  = "return"  // the win, to be corrected
	OppLose    = "lose"
	OppSuspend = "suspend"
	OppResume  = "resume"
	OppDecide  = "decide" // whether a major deal is gone for
)

// Guards of an opportunity's steps.
const (
	oppReason    = "opportunity.reason_required"
	oppLostCode  = "opportunity.lost_code_required"
	oppUndecided = "opportunity.major_undecided"
	oppProof     = "opportunity.proof_required"
)

// LostCodes are the reasons of which a lost opportunity has one, beside its text.
var LostCodes = []string{"price", "competitor", "budget", "need", "timing", "service", "other"}

// Deal is what the guards of an opportunity ask.
type Deal struct {
	Major   bool   // of an amount from which the department manager decides
	Decided bool   // his decision to go for it is on record
	Proof   bool   // an order or a contract is linked
	Reason  string // of the step
	Code    string // of why it is lost
}

// Holds reports whether the condition behind a guard's code does.
func (d Deal) Holds(guard string) bool {
	switch guard {
	case oppReason:
		return strings.TrimSpace(d.Reason) != ""
	case oppLostCode:
		return slices.Contains(LostCodes, d.Code)
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
	oppOver     = []domain.Party{domain.PartySuperior}
)

// OppUnderway reports whether a stage is one in which somebody has to act next.
func OppUnderway(stage string) bool { return slices.Contains(oppUnderway, stage) }

// OppMachine is the life of an opportunity. One that was suspended goes on where
// it was; a major deal is won after the department manager decided (H-OPP-MAJ),
// and from a certain amount a win counts only when it is confirmed.
var OppMachine = domain.Machine{
	Collection: "opportunities",
	Field:      "stage",
	States:     []string{OppFound, OppQualified, OppProposal, OppNegotiation, OppWinPending, OppWon, OppLost, OppSuspended},
	Open:       oppOpen,
	Refusal:    "opportunity.state",
	Steps: []domain.Step{
		{Action: OppAdvance, From: []string{OppFound}, To: []string{OppQualified}, By: oppTeam, Stranger: "record.not_allowed"},
		{Action: OppAdvance, From: []string{OppQualified}, To: []string{OppProposal}, By: oppTeam, Stranger: "record.not_allowed"},
		{Action: OppAdvance, From: []string{OppProposal}, To: []string{OppNegotiation}, By: oppTeam, Stranger: "record.not_allowed"},
		{
			Action: OppWin, From: []string{OppNegotiation}, To: []string{OppWon, OppWinPending}, By: oppTeam, Stranger: "record.not_allowed",
			Guards: []string{oppUndecided, oppProof},
			Leads:  []string{"the order or contract that proves it is linked", "from opportunity.confirm_fen it waits for who is over the account's owner, unless he says so himself"},
		},
		{
			Action: OppConfirm, From: []string{OppWinPending}, To: []string{OppWon}, By: oppOver, Stranger: "opportunity.not_superior",
			Leads: []string{"who won it is told"},
		},
		{
			Action: OppReturn, From: []string{OppWinPending}, To: []string{OppNegotiation}, By: oppOver, Stranger: "opportunity.not_superior",
			Guards: []string{oppReason}, Leads: []string{"who won it is told why"},
		},
		{Action: OppLose, From: oppUnderway, To: []string{OppLost}, By: oppTeam, Stranger: "record.not_allowed", Guards: []string{oppReason, oppLostCode}},
		{Action: OppSuspend, From: oppUnderway, To: []string{OppSuspended}, By: oppTeam, Stranger: "record.not_allowed", Guards: []string{oppReason}},
		{Action: OppResume, From: []string{OppSuspended}, To: oppUnderway, By: oppTeam, Stranger: "record.not_allowed"},
		{Action: OppDecide, From: oppOpen, By: []domain.Party{domain.PartyHead}, Stranger: "opportunity.not_head", Refusal: "opportunity.locked"},
	},
}
