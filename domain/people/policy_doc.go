package people

import (
	"satchel/domain"
)

// States of a version of a policy document. One that is published stays as it is.
const (
	PolicyDraft     = "draft"
	PolicyPublished = "published"
	PolicyWithdrawn = "withdrawn"
)

// Steps of a version of a policy document.
const (
	PolicyPublish  = "publish"
	PolicyWithdraw = "withdraw"
)

// PolicyMachine is the life of a version of a policy document (R1.1).
var PolicyMachine = domain.Machine{
	Collection: "policy_docs",
	States:     []string{PolicyDraft, PolicyPublished, PolicyWithdrawn},
	Refusal:    "policy.state",
	Steps: []domain.Step{
		{
			Action: PolicyPublish, From: []string{PolicyDraft}, To: []string{PolicyPublished}, By: []domain.Party{domain.PartyOffice}, Stranger: "record.not_allowed",
			Leads: []string{"the version before it is withdrawn", "everybody is asked to read it"},
		},
		{Action: PolicyWithdraw, From: []string{PolicyPublished}, To: []string{PolicyWithdrawn}, By: []domain.Party{domain.PartyOffice}, Stranger: "record.not_allowed"},
	},
}
