package people

import (
	"satchel/domain"
)

// States of a department's business review.
const (
	BusinessReviewDraft = "draft"
	BusinessReviewDone  = "done"
)

// BusinessReviewComplete hands a business review in.
const BusinessReviewComplete = "complete"

// BusinessReviewMachine is the life of a month's business review (R2.5).
var BusinessReviewMachine = domain.Machine{
	Collection: "business_reviews",
	States:     []string{BusinessReviewDraft, BusinessReviewDone},
	Refusal:    "review.state",
	Steps: []domain.Step{{
		Action: BusinessReviewComplete, From: []string{BusinessReviewDraft}, To: []string{BusinessReviewDone}, By: []domain.Party{domain.PartyOwner}, Stranger: "review.owner",
		Leads: []string{"it is noted whether it is late"},
	}},
}
