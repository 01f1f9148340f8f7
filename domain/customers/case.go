package customers

import (
	"slices"

	"satchel/domain"
)

// States of a customer's issue.
const (
	CaseNew          = "new"
	CaseAcknowledged = "acknowledged"
	CaseInProgress   = "in_progress"
	CaseWaiting      = "waiting_customer" // the clock stands still
	CaseResolved     = "resolved"
	CaseConfirmed    = "confirmed"
	CaseReopened     = "reopened"
	CaseClosed       = "closed"
	CaseMerged       = "merged"
)

// Steps with a customer's issue.
const (
	CaseAcknowledge = "acknowledge"
	CaseStart       = "start"
	CaseWait        = "wait"
	CaseResume      = "resume"
	CaseResolve     = "resolve"
	CaseConfirm     = "confirm" // the customer is content, as he told the line
	CaseReopen      = "reopen"  // he is not
	CaseClose       = "close"
	CaseMerge       = "merge"     // it is another one again
	CaseRoute       = "route"     // another department or person solves it
	CaseAttribute   = "attribute" // whose fault it was
)

// CaseOwnFault is that of the company, for which a colleague answers.
const CaseOwnFault = "own"

// CaseFaults are whose fault an issue can be.
var CaseFaults = []string{CaseOwnFault, "supplier", "carrier", "customer", "none"}

// CheckFault wants somebody responsible for a fault of our own, and for no other:
// customer_issue.responsible_required.
func CheckFault(fault, responsible string) error {
	if !slices.Contains(CaseFaults, fault) || (fault == CaseOwnFault) != (responsible != "") {
		return domain.Problem{Code: "customer_issue.responsible_required"}
	}
	return nil
}

// What else must hold for a step.
const (
	CaseUnconfirmed = "customer_issue.not_confirmed" // the customer has confirmed the solution (H-ISS)
	CaseLocked      = "customer_issue.locked"        // the issue is neither closed nor merged
)

var (
	caseStates  = []string{CaseNew, CaseAcknowledged, CaseInProgress, CaseWaiting, CaseResolved, CaseConfirmed, CaseReopened, CaseClosed, CaseMerged}
	caseSolvers = []domain.Party{domain.PartyAsked}
	caseLine    = []domain.Party{domain.PartyTeam}
	caseEither  = []domain.Party{domain.PartyAsked, domain.PartyTeam}
)

// CaseMachine is the life of a customer's issue (R3.3e). Those who solve it are
// the department that was asked and the service; the line speaks with the
// customer. A closed one is reopened, of a merged one the other goes on.
var CaseMachine = domain.Machine{
	Collection: "cases",
	States:     caseStates,
	Open:       caseStates[:7],
	Refusal:    "customer_issue.state",
	Steps: []domain.Step{
		{Action: CaseAcknowledge, From: []string{CaseNew}, To: []string{CaseAcknowledged}, By: caseSolvers, Stranger: caseStranger, Leads: []string{"the clock of the first answer ends"}},
		{
			Action: CaseStart, From: []string{CaseNew, CaseAcknowledged, CaseReopened}, To: []string{CaseInProgress}, By: caseSolvers, Stranger: caseStranger,
			Leads: []string{"the clock of the first answer ends"},
		},
		{Action: CaseWait, From: []string{CaseInProgress}, To: []string{CaseWaiting}, By: caseSolvers, Stranger: caseStranger, Leads: []string{"the clock of the solution stands still"}},
		{Action: CaseResume, From: []string{CaseWaiting}, To: []string{CaseInProgress}, By: caseEither, Stranger: caseStranger, Leads: []string{"the clock of the solution goes on"}},
		{
			Action: CaseResolve, From: []string{CaseAcknowledged, CaseInProgress, CaseReopened}, To: []string{CaseResolved}, By: caseSolvers, Stranger: caseStranger,
			Leads: []string{"both clocks end", "the account's owner is told"},
		},
		{Action: CaseConfirm, From: []string{CaseResolved}, To: []string{CaseConfirmed}, By: caseLine, Stranger: caseStranger},
		{
			Action: CaseReopen, From: []string{CaseResolved, CaseConfirmed, CaseClosed}, To: []string{CaseReopened}, By: caseLine, Stranger: caseStranger,
			Leads: []string{"the clock of the solution begins anew", "who solved it is told"},
		},
		{Action: CaseClose, From: []string{CaseResolved, CaseConfirmed}, To: []string{CaseClosed}, By: caseEither, Stranger: caseStranger, Guards: []string{CaseUnconfirmed}},
		{Action: CaseMerge, From: []string{CaseNew, CaseAcknowledged, CaseInProgress, CaseReopened}, To: []string{CaseMerged}, By: caseEither, Stranger: caseStranger},
		{Action: CaseRoute, From: caseStates, By: caseSolvers, Stranger: caseStranger, Guards: []string{CaseLocked}, Leads: []string{"the history goes with it"}},
		{
			Action: CaseAttribute, From: []string{CaseResolved, CaseConfirmed, CaseClosed}, By: []domain.Party{domain.PartyHead}, Stranger: "customer_issue.not_head",
			Leads: []string{"who is responsible is told, and reads it"},
		},
	},
}

const caseStranger = "customer_issue.not_party"

// CaseDepartment is the kind of department that solves an issue of a kind, if
// nobody names another.
func CaseDepartment(kind string) string {
	switch kind {
	case "quality", "technical":
		return "product"
	case "billing":
		return "finance"
	}
	return "service"
}

// CaseKind is the kind of issue that feedback of a theme becomes.
func CaseKind(theme string) string {
	switch theme {
	case "quality", "delivery", "service", "technical":
		return theme
	case "payment":
		return "billing"
	}
	return "complaint"
}
