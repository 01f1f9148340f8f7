package field

import (
	"satchel/domain"
)

// States of a proposal of where an account is.
const (
	PositionOpen      = "open"
	PositionConfirmed = "confirmed"
	PositionRefused   = "refused"
)

// Actions on a proposal.
const (
	PositionConfirm = "confirm"
	PositionRefuse  = "refuse"
)

// PositionMachine is the life of a proposal: who leads the account's owner decides.
var PositionMachine = domain.Machine{
	Collection: "account_positions",
	States:     []string{PositionOpen, PositionConfirmed, PositionRefused},
	Refusal:    "position.decided",
	Steps: []domain.Step{
		{
			Action: PositionConfirm, From: []string{PositionOpen}, To: []string{PositionConfirmed}, By: []domain.Party{domain.PartySuperior}, Stranger: "position.not_manager",
			Leads: []string{"the account is there", "visits that had no place to be at are judged anew"},
		},
		{Action: PositionRefuse, From: []string{PositionOpen}, To: []string{PositionRefused}, By: []domain.Party{domain.PartySuperior}, Stranger: "position.not_manager"},
	},
}
