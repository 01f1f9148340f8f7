package customers

import (
	"testing"

	"satchel/domain"
)

func TestRequestsGoFromSideToSide(t *testing.T) {
	asked, asking, both := []domain.Party{domain.PartyAsked}, []domain.Party{domain.PartyOwner}, []domain.Party{domain.PartyAsked, domain.PartyOwner}
	for _, c := range []struct {
		machine       *domain.Machine
		state, action string
		by            []domain.Party
		to, code      string
	}{
		{&SupportMachine, SupportOpen, SupportAccept, asked, SupportAccepted, ""},
		{&SupportMachine, SupportOpen, SupportAccept, asking, "", "request.not_party"},
		{&SupportMachine, SupportAccepted, SupportAnswer, asked, SupportAnswered, ""},
		{&SupportMachine, SupportClosed, SupportAnswer, both, "", "request.state"},
		{&SupportMachine, SupportAnswered, SupportClose, asking, SupportClosed, ""},
		{&SupportMachine, SupportAnswered, SupportClose, asked, "", "request.not_party"},
		{&SupportMachine, SupportRefused, SupportReopen, asking, SupportOpen, ""},
		{&SupportMachine, SupportAccepted, SupportWithdraw, asking, SupportWithdrawn, ""},
		{&SupportMachine, SupportOpen, "fly", both, "", "action.unknown"},
		{&ProductMachine, ProductReviewing, ProductPromise, asked, ProductPlanned, ""},
		{&ProductMachine, ProductNew, ProductFinish, asked, "", "request.state"},
		{&ProductMachine, ProductDone, ProductDecline, asked, "", "request.state"},
		{&ProductMachine, ProductNew, ProductReview, asking, "", "request.not_party"},
		{&ProductMachine, ProductPlanned, ProductPromise, asked, ProductPlanned, ""},
		{&ProductMachine, ProductPlanned, ProductTell, asking, ProductPlanned, ""},
		{&ProductMachine, ProductDeclined, ProductTell, asking, ProductDeclined, ""},
		{&ProductMachine, ProductDone, ProductTell, asked, "", "request.not_party"},
		{&ProductMachine, ProductReviewing, ProductTell, asking, "", "request.state"},
	} {
		t.Run(c.machine.Collection+" "+c.action+" from "+c.state, func(t *testing.T) {
			step, err := c.machine.Take(c.state, c.action, c.by, nil)
			if domain.CodeOf(err) != c.code || c.code == "" && step.Next(c.state) != c.to {
				t.Errorf("by %v: %q, %v", c.by, step.Next(c.state), err)
			}
		})
	}
}
