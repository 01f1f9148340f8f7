package customers

import (
	"satchel/domain"
)

// States of a task of care.
const (
	CareOpen    = "open"
	CareDone    = "done"
	CareSkipped = "skipped"
)

// Steps with a task of care.
const (
	CareFinish = "finish"
	CareSkip   = "skip"
)

// CareMachine is the life of a task of care (R3.3d).
var CareMachine = domain.Machine{
	Collection: "care_tasks",
	States:     []string{CareOpen, CareDone, CareSkipped},
	Refusal:    "care.done",
	Steps: []domain.Step{
		{Action: CareFinish, From: []string{CareOpen}, To: []string{CareDone}, By: []domain.Party{domain.PartyTeam}, Stranger: "record.not_allowed", Leads: []string{"a gift counts to the year of the account"}},
		{Action: CareSkip, From: []string{CareOpen}, To: []string{CareSkipped}, By: []domain.Party{domain.PartyTeam}, Stranger: "record.not_allowed"},
	},
}
