package customers

import (
	"satchel/domain"
)

// States of a change request: what a rep wanted to change on an account that was
// somebody else's by the time it arrived.
const (
	RequestOpen     = "open"
	RequestAccepted = "accepted"
	RequestRefused  = "refused"
)

// Decisions on a change request.
const (
	RequestAccept = "accept"
	RequestRefuse = "refuse"
)

// ChangeRequestMachine is the life of a change request, which whoever has the
// account today decides.
var ChangeRequestMachine = domain.Machine{
	Collection: "account_change_requests",
	States:     []string{RequestOpen, RequestAccepted, RequestRefused},
	Refusal:    "request.decided",
	Steps: []domain.Step{
		{
			Action: RequestAccept, From: []string{RequestOpen}, To: []string{RequestAccepted}, By: []domain.Party{domain.PartyTeam}, Stranger: "record.not_allowed",
			Leads: []string{"the change is carried out, as his who accepts it"},
		},
		{Action: RequestRefuse, From: []string{RequestOpen}, To: []string{RequestRefused}, By: []domain.Party{domain.PartyTeam}, Stranger: "record.not_allowed"},
	},
}
