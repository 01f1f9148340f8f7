package domain

import "testing"

// TestWhoJudgesAnImprovement: never who is responsible.
//
// policy: R1.5 improvement_actions
func TestWhoJudgesAnImprovement(t *testing.T) {
	const owner, other, state = "action.not_owner", "action.verify_other", "action.state"
	for _, c := range []struct {
		step string
		by   Party
		want [4]string // by state: the next one, or the code of the refusal
	}{
		{ActionDone, PartyOwner, [4]string{ActionIsDone, state, state, state}},
		{ActionDone, PartyAuthor, [4]string{owner, owner, owner, owner}},
		{ActionDone, PartySuperior, [4]string{owner, owner, owner, owner}},
		{ActionVerify, PartyOwner, [4]string{other, other, other, other}},
		{ActionVerify, PartyAuthor, [4]string{state, ActionVerified, state, state}},
		{ActionVerify, PartySuperior, [4]string{state, ActionVerified, state, state}},
		{ActionReopen, PartyOwner, [4]string{other, other, other, other}},
		{ActionReopen, PartyAuthor, [4]string{state, ActionOpen, state, state}},
		{ActionCancel, PartyOwner, [4]string{other, other, other, other}},
		{ActionCancel, PartyAuthor, [4]string{ActionCancelled, ActionCancelled, state, state}},
		{ActionCancel, PartySuperior, [4]string{ActionCancelled, ActionCancelled, state, state}},
		{ActionCancel, PartyTeam, [4]string{other, other, other, other}},
	} {
		t.Run(c.step+" "+string(c.by), func(t *testing.T) {
			for i, from := range ImprovementMachine.States {
				step, err := ImprovementMachine.Take(from, c.step, []Party{c.by}, nil)
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
