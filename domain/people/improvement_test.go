package people

import (
	"testing"

	"satchel/domain"
)

// TestWhoJudgesAnImprovement: never who is responsible.
//
// policy: R1.5 improvement_actions
func TestWhoJudgesAnImprovement(t *testing.T) {
	const owner, other, state = "action.not_owner", "action.verify_other", "action.state"
	for _, c := range []struct {
		step string
		by   domain.Party
		want [4]string // by state: the next one, or the code of the refusal
	}{
		{ActionDone, domain.PartyOwner, [4]string{ActionIsDone, state, state, state}},
		{ActionDone, domain.PartyAuthor, [4]string{owner, owner, owner, owner}},
		{ActionDone, domain.PartySuperior, [4]string{owner, owner, owner, owner}},
		{ActionVerify, domain.PartyOwner, [4]string{other, other, other, other}},
		{ActionVerify, domain.PartyAuthor, [4]string{state, ActionVerified, state, state}},
		{ActionVerify, domain.PartySuperior, [4]string{state, ActionVerified, state, state}},
		{ActionReopen, domain.PartyOwner, [4]string{other, other, other, other}},
		{ActionReopen, domain.PartyAuthor, [4]string{state, ActionOpen, state, state}},
		{ActionCancel, domain.PartyOwner, [4]string{other, other, other, other}},
		{ActionCancel, domain.PartyAuthor, [4]string{ActionCancelled, ActionCancelled, state, state}},
		{ActionCancel, domain.PartySuperior, [4]string{ActionCancelled, ActionCancelled, state, state}},
		{ActionCancel, domain.PartyTeam, [4]string{other, other, other, other}},
	} {
		t.Run(c.step+" "+string(c.by), func(t *testing.T) {
			for i, from := range ImprovementMachine.States {
				step, err := ImprovementMachine.Take(from, c.step, []domain.Party{c.by}, nil)
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
