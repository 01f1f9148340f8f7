package domain

// States of a message.
const (
	DispatchQueued = "queued"
	DispatchSent   = "sent"
	DispatchDead   = "dead" // given up; an administrator looks at it
)

// DispatchRetry is an administrator's step.
const DispatchRetry = "retry"

// DispatchMachine is the life of a mail or webhook on its way.
var DispatchMachine = Machine{
	Collection: "dispatches",
	States:     []string{DispatchQueued, DispatchSent, DispatchDead},
	Refusal:    "dispatch.state",
	Steps: []Step{
		{Action: "deliver", From: []string{DispatchQueued}, To: []string{DispatchSent}},
		{Action: "give_up", From: []string{DispatchQueued}, To: []string{DispatchDead}},
		{
			Action: DispatchRetry, From: []string{DispatchDead}, To: []string{DispatchQueued}, By: []Party{PartyOffice}, Stranger: "record.not_allowed",
			Leads: []string{"its tries begin anew", "its target is tried at once"},
		},
	},
}
