package people

import (
	"satchel/domain"
)

// States of an improvement.
const (
	ActionOpen      = "open"
	ActionIsDone    = "done" // says who is responsible; to be verified
	ActionVerified  = "verified"
	ActionCancelled = "cancelled"
)

// Steps of an improvement.
const (
	ActionDone   = "done"   // by who is responsible
	ActionVerify = "verify" // by somebody else
	ActionReopen = "reopen" // it did not help
	ActionCancel = "cancel"
)

// ImprovementMachine is the life of an improvement (R1.5): it is judged by who
// asked for it or is over who is responsible, never by him.
var ImprovementMachine = domain.Machine{
	Collection: "improvement_actions",
	States:     []string{ActionOpen, ActionIsDone, ActionVerified, ActionCancelled},
	Refusal:    "action.state",
	Steps: []domain.Step{
		{
			Action: ActionDone, From: []string{ActionOpen}, To: []string{ActionIsDone}, By: []domain.Party{domain.PartyOwner}, Stranger: "action.not_owner",
			Leads: []string{"who asked for it is told to verify it"},
		},
		{Action: ActionVerify, From: []string{ActionIsDone}, To: []string{ActionVerified}, By: actionJudges, Stranger: "action.verify_other"},
		{Action: ActionReopen, From: []string{ActionIsDone}, To: []string{ActionOpen}, By: actionJudges, Stranger: "action.verify_other"},
		{Action: ActionCancel, From: []string{ActionOpen, ActionIsDone}, To: []string{ActionCancelled}, By: actionJudges, Stranger: "action.verify_other"},
	},
}

var actionJudges = []domain.Party{domain.PartyAuthor, domain.PartySuperior}
