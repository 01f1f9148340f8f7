package domain

import (
	"slices"
	"testing"
)

// TestWhoStepsWithAnIssue holds every state, step and side to a table made by hand.
//
// policy: R3.3e H-ISS
func TestWhoStepsWithAnIssue(t *testing.T) {
	const stranger, state = "customer_issue.not_party", "customer_issue.state"
	for _, c := range []struct {
		step  string
		by    []Party
		leads map[string]string // a state, or the code of a refusal, by the state before
		other string            // from all other states
	}{
		{CaseAcknowledge, []Party{PartyAsked}, map[string]string{CaseNew: CaseAcknowledged}, state},
		{CaseAcknowledge, []Party{PartyTeam}, nil, stranger},
		{CaseStart, []Party{PartyAsked}, map[string]string{CaseNew: CaseInProgress, CaseAcknowledged: CaseInProgress, CaseReopened: CaseInProgress}, state},
		{CaseStart, []Party{PartyTeam}, nil, stranger},
		{CaseWait, []Party{PartyAsked}, map[string]string{CaseInProgress: CaseWaiting}, state},
		{CaseWait, []Party{PartyTeam}, nil, stranger},
		{CaseResume, []Party{PartyAsked}, map[string]string{CaseWaiting: CaseInProgress}, state},
		{CaseResume, []Party{PartyTeam}, map[string]string{CaseWaiting: CaseInProgress}, state},
		{CaseResolve, []Party{PartyAsked}, map[string]string{CaseAcknowledged: CaseResolved, CaseInProgress: CaseResolved, CaseReopened: CaseResolved}, state},
		{CaseResolve, []Party{PartyTeam}, nil, stranger},
		{CaseConfirm, []Party{PartyTeam}, map[string]string{CaseResolved: CaseConfirmed}, state},
		{CaseConfirm, []Party{PartyAsked}, nil, stranger},
		{CaseConfirm, []Party{PartyAsked, PartyTeam}, map[string]string{CaseResolved: CaseConfirmed}, state},
		{CaseReopen, []Party{PartyTeam}, map[string]string{CaseResolved: CaseReopened, CaseConfirmed: CaseReopened, CaseClosed: CaseReopened}, state},
		{CaseReopen, []Party{PartyAsked}, nil, stranger},
		{CaseClose, []Party{PartyAsked}, map[string]string{CaseResolved: CaseUnconfirmed, CaseConfirmed: CaseClosed}, state},
		{CaseClose, []Party{PartyTeam}, map[string]string{CaseResolved: CaseUnconfirmed, CaseConfirmed: CaseClosed}, state},
		{CaseMerge, []Party{PartyTeam}, map[string]string{CaseNew: CaseMerged, CaseAcknowledged: CaseMerged, CaseInProgress: CaseMerged, CaseReopened: CaseMerged}, state},
		{CaseMerge, nil, nil, stranger},
		{CaseRoute, []Party{PartyAsked}, map[string]string{
			CaseNew: CaseNew, CaseAcknowledged: CaseAcknowledged, CaseInProgress: CaseInProgress, CaseWaiting: CaseWaiting,
			CaseResolved: CaseResolved, CaseConfirmed: CaseConfirmed, CaseReopened: CaseReopened,
		}, CaseLocked},
		{CaseRoute, []Party{PartyTeam}, nil, stranger},
		{"burn", []Party{PartyAsked, PartyTeam}, nil, "action.unknown"},
	} {
		for _, from := range CaseMachine.States {
			want, listed := c.leads[from]
			if !listed {
				want = c.other
			}
			got := ""
			step, err := CaseMachine.Take(from, c.step, c.by, func(guard string) bool {
				return guard == CaseUnconfirmed && from == CaseConfirmed || guard == CaseLocked && slices.Contains(CaseMachine.Editable(), from)
			})
			if err == nil {
				got = step.Next(from)
			} else {
				got = CodeOf(err)
			}
			if got != want {
				t.Errorf("%s from %s by %v: %s, want %s", c.step, from, c.by, got, want)
			}
		}
	}
	if over := CaseMachine.States[len(CaseMachine.Editable()):]; !slices.Equal(over, []string{CaseClosed, CaseMerged}) {
		t.Errorf("over are %v", over)
	}
}
