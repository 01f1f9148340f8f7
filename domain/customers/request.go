package customers

import (
	"satchel/domain"
)

// States of a support request.
const (
	SupportOpen      = "open"
	SupportAccepted  = "accepted"
	SupportAnswered  = "answered"
	SupportRefused   = "refused"
	SupportClosed    = "closed"
	SupportWithdrawn = "withdrawn"
)

// Actions on a support request.
const (
	SupportAccept   = "accept"
	SupportAnswer   = "answer"
	SupportRefuse   = "refuse"
	SupportReopen   = "reopen"
	SupportClose    = "close"
	SupportWithdraw = "withdraw"
)

// SupportMachine is the life of a support request (R1.3): the department that is
// asked answers, who asked says whether that is the end of it.
var SupportMachine = domain.Machine{
	Collection: "support_requests",
	States:     []string{SupportOpen, SupportAccepted, SupportAnswered, SupportRefused, SupportClosed, SupportWithdrawn},
	Refusal:    "request.state",
	Steps: []domain.Step{
		{Action: SupportAccept, From: []string{SupportOpen}, To: []string{SupportAccepted}, By: []domain.Party{domain.PartyAsked}, Stranger: "request.not_party"},
		{
			Action: SupportAnswer, From: []string{SupportOpen, SupportAccepted}, To: []string{SupportAnswered}, By: []domain.Party{domain.PartyAsked}, Stranger: "request.not_party",
			Leads: []string{"who asked is told"},
		},
		{
			Action: SupportRefuse, From: []string{SupportOpen, SupportAccepted}, To: []string{SupportRefused}, By: []domain.Party{domain.PartyAsked}, Stranger: "request.not_party",
			Leads: []string{"who asked is told"},
		},
		{
			Action: SupportReopen, From: []string{SupportAnswered, SupportRefused}, To: []string{SupportOpen}, By: []domain.Party{domain.PartyOwner}, Stranger: "request.not_party",
			Leads: []string{"its clock begins anew", "the department's head is told"},
		},
		{Action: SupportClose, From: []string{SupportAnswered, SupportRefused}, To: []string{SupportClosed}, By: []domain.Party{domain.PartyOwner}, Stranger: "request.not_party"},
		{Action: SupportWithdraw, From: []string{SupportOpen, SupportAccepted}, To: []string{SupportWithdrawn}, By: []domain.Party{domain.PartyOwner}, Stranger: "request.not_party"},
	},
}

// States of a product request.
const (
	ProductNew       = "new"
	ProductReviewing = "reviewing"
	ProductPlanned   = "planned"
	ProductDone      = "done"
	ProductDeclined  = "declined"
)

// Actions on a product request.
const (
	ProductReview  = "review"
	ProductPromise = "promise"
	ProductFinish  = "finish"
	ProductDecline = "decline"
	ProductTell    = "tell_customer"
)

// ProductMachine is the life of a product request (R5.4): the department that makes
// the goods answers, and who asked is told of each step; he tells the customer. A
// promise that cannot be kept is made anew.
var ProductMachine = domain.Machine{
	Collection: "product_requests",
	States:     []string{ProductNew, ProductReviewing, ProductPlanned, ProductDone, ProductDeclined},
	Refusal:    "request.state",
	Steps: []domain.Step{
		{Action: ProductReview, From: []string{ProductNew}, To: []string{ProductReviewing}, By: []domain.Party{domain.PartyAsked}, Stranger: "request.not_party", Leads: []string{"who asked is told"}},
		{Action: ProductPromise, From: []string{ProductNew, ProductReviewing, ProductPlanned}, To: []string{ProductPlanned}, By: []domain.Party{domain.PartyAsked}, Stranger: "request.not_party", Leads: []string{"who asked is told"}},
		{Action: ProductFinish, From: []string{ProductPlanned}, To: []string{ProductDone}, By: []domain.Party{domain.PartyAsked}, Stranger: "request.not_party", Leads: []string{"who asked is told"}},
		{
			Action: ProductDecline, From: []string{ProductNew, ProductReviewing, ProductPlanned}, To: []string{ProductDeclined}, By: []domain.Party{domain.PartyAsked}, Stranger: "request.not_party",
			Leads: []string{"who asked is told"},
		},
		{
			Action: ProductTell, From: []string{ProductPlanned, ProductDone, ProductDeclined}, By: []domain.Party{domain.PartyOwner}, Stranger: "request.not_party",
			Leads: []string{"it is a communication with the account"},
		},
	},
}

// ProductOpen are the states in which a product request waits for the product.
var ProductOpen = []string{ProductNew, ProductReviewing, ProductPlanned}
