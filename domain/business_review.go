package domain

// States of a department's business review.
const (
	BusinessReviewDraft = "draft"
	BusinessReviewDone  = "done"
)

// BusinessReviewComplete hands a business review in.
const BusinessReviewComplete = "complete"

// BusinessReviewMachine is the life of a month's business review (R2.5).
var BusinessReviewMachine = Machine{
	Collection: "business_reviews",
	States:     []string{BusinessReviewDraft, BusinessReviewDone},
	Refusal:    "review.state",
	Steps: []Step{{
		Action: BusinessReviewComplete, From: []string{BusinessReviewDraft}, To: []string{BusinessReviewDone}, By: []Party{PartyOwner}, Stranger: "review.owner",
		Leads: []string{"it is noted whether it is late"},
	}},
}
