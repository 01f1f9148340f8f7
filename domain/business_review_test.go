package domain

import "testing"

// TestAReviewIsHandedInOnce by whose it is, and a policy is published and
// withdrawn by the office, in that order.
func TestAReviewIsHandedInOnce(t *testing.T) {
	for _, c := range []struct {
		machine *Machine
		step    string
		by      Party
		want    []string // by state: the next one, or the code of the refusal
	}{
		{&BusinessReviewMachine, BusinessReviewComplete, PartyOwner, []string{BusinessReviewDone, "review.state"}},
		{&BusinessReviewMachine, BusinessReviewComplete, PartySuperior, []string{"review.owner", "review.owner"}},
		{&PolicyMachine, PolicyPublish, PartyOffice, []string{PolicyPublished, "policy.state", "policy.state"}},
		{&PolicyMachine, PolicyWithdraw, PartyOffice, []string{"policy.state", PolicyWithdrawn, "policy.state"}},
		{&PolicyMachine, PolicyPublish, PartyOwner, []string{"record.not_allowed", "record.not_allowed", "record.not_allowed"}},
		{&PolicyMachine, PolicyWithdraw, PartyHead, []string{"record.not_allowed", "record.not_allowed", "record.not_allowed"}},
	} {
		t.Run(c.machine.Collection+" "+c.step+" "+string(c.by), func(t *testing.T) {
			for i, from := range c.machine.States {
				step, err := c.machine.Take(from, c.step, []Party{c.by}, nil)
				got := CodeOf(err)
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
