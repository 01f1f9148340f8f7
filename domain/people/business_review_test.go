package people

import (
	"testing"

	"satchel/domain"
)

// TestAReviewIsHandedInOnce by whose it is, and a policy is published and
// withdrawn by the office, in that order.
func TestAReviewIsHandedInOnce(t *testing.T) {
	for _, c := range []struct {
		machine *domain.Machine
		step    string
		by      domain.Party
		want    []string // by state: the next one, or the code of the refusal
	}{
		{&BusinessReviewMachine, BusinessReviewComplete, domain.PartyOwner, []string{BusinessReviewDone, "review.state"}},
		{&BusinessReviewMachine, BusinessReviewComplete, domain.PartySuperior, []string{"review.owner", "review.owner"}},
		{&PolicyMachine, PolicyPublish, domain.PartyOffice, []string{PolicyPublished, "policy.state", "policy.state"}},
		{&PolicyMachine, PolicyWithdraw, domain.PartyOffice, []string{"policy.state", PolicyWithdrawn, "policy.state"}},
		{&PolicyMachine, PolicyPublish, domain.PartyOwner, []string{"record.not_allowed", "record.not_allowed", "record.not_allowed"}},
		{&PolicyMachine, PolicyWithdraw, domain.PartyHead, []string{"record.not_allowed", "record.not_allowed", "record.not_allowed"}},
	} {
		t.Run(c.machine.Collection+" "+c.step+" "+string(c.by), func(t *testing.T) {
			for i, from := range c.machine.States {
				step, err := c.machine.Take(from, c.step, []domain.Party{c.by}, nil)
				got := domain.CodeOf(err)
				if err == nil {
					got = step.Next(from)
				}
				if got != c.want[i] {
					t.Errorf("from %s: %s, want %s", from, got, c.want[i])
				}
			}
		})
	}
}
