package market

import (
	"satchel/domain"
)

// States of a promotion plan.
const (
	PlanDraft     = "draft"
	PlanSubmitted = "submitted"
	PlanApproved  = "approved"
	PlanReturned  = "returned"
	PlanRejected  = "rejected"
	PlanClosed    = "closed"
)

// Steps with a plan beside those of its approval.
const (
	PlanClose  = "close"
	PlanAssign = "assign" // to a colleague
)

// PlanOpen guards the end of a plan: no activity of it is under way.
const PlanOpen = "promo_plan.activities_open"

// planned are the parties who see to what market has planned: its owner, and who heads his department.
var planned = []domain.Party{domain.PartyOwner, domain.PartyHead}

// PlanMachine is the life of a promotion plan (R5.1). Its approval by the head of
// market, and by the management if it is dear, belongs to approvals.
var PlanMachine = domain.Machine{
	Collection: "promo_plans",
	States:     []string{PlanDraft, PlanSubmitted, PlanApproved, PlanReturned, PlanRejected, PlanClosed},
	Open:       []string{PlanDraft, PlanReturned, PlanRejected},
	Refusal:    "promo_plan.state",
	Locked:     "promo_plan.locked",
	Steps: []domain.Step{
		{Action: PlanClose, From: []string{PlanApproved}, To: []string{PlanClosed}, By: planned, Stranger: notOwner, Guards: []string{PlanOpen}},
		{
			Action: PlanAssign, From: []string{PlanDraft, PlanApproved, PlanReturned, PlanRejected}, By: []domain.Party{domain.PartyHead}, Stranger: notHead,
			Leads: []string{"who takes it over is told"},
		},
	},
}
