package customers

import (
	"slices"
	"testing"

	"satchel/domain"
)

// TestWhoStepsWithAnIssue holds every state, step and side to a table made by hand.
//
// policy: R3.3e H-ISS
func TestWhoStepsWithAnIssue(t *testing.T) {
	const stranger, state = "customer_issue.not_party", "customer_issue.state"
	for _, c := range []struct {
		step  string
		by    []domain.Party
		leads map[string]string // a state, or the code of a refusal, by the state before
		other string            // from all other states
	}{
		{CaseAcknowledge, []domain.Party{domain.PartyAsked}, map[string]string{CaseNew: CaseAcknowledged}, state},
		{CaseAcknowledge, []domain.Party{domain.PartyTeam}, nil, stranger},
		{CaseStart, []domain.Party{domain.PartyAsked}, map[string]string{CaseNew: CaseInProgress, CaseAcknowledged: CaseInProgress, CaseReopened: CaseInProgress}, state},
		{CaseStart, []domain.Party{domain.PartyTeam}, nil, stranger},
		{CaseWait, []domain.Party{domain.PartyAsked}, map[string]string{CaseInProgress: CaseWaiting}, state},
		{CaseWait, []domain.Party{domain.PartyTeam}, nil, stranger},
		{CaseResume, []domain.Party{domain.PartyAsked}, map[string]string{CaseWaiting: CaseInProgress}, state},
		{CaseResume, []domain.Party{domain.PartyTeam}, map[string]string{CaseWaiting: CaseInProgress}, state},
		{CaseResolve, []domain.Party{domain.PartyAsked}, map[string]string{CaseAcknowledged: CaseResolved, CaseInProgress: CaseResolved, CaseReopened: CaseResolved}, state},
		{CaseResolve, []domain.Party{domain.PartyTeam}, nil, stranger},
		{CaseConfirm, []domain.Party{domain.PartyTeam}, map[string]string{CaseResolved: CaseConfirmed}, state},
		{CaseConfirm, []domain.Party{domain.PartyAsked}, nil, stranger},
		{CaseConfirm, []domain.Party{domain.PartyAsked, domain.PartyTeam}, map[string]string{CaseResolved: CaseConfirmed}, state},
		{CaseReopen, []domain.Party{domain.PartyTeam}, map[string]string{CaseResolved: CaseReopened, CaseConfirmed: CaseReopened, CaseClosed: CaseReopened}, state},
		{CaseReopen, []domain.Party{domain.PartyAsked}, nil, stranger},
		{CaseClose, []domain.Party{domain.PartyAsked}, map[string]string{CaseResolved: CaseUnconfirmed, CaseConfirmed: CaseClosed}, state},
		{CaseClose, []domain.Party{domain.PartyTeam}, map[string]string{CaseResolved: CaseUnconfirmed, CaseConfirmed: CaseClosed}, state},
		{CaseMerge, []domain.Party{domain.PartyTeam}, map[string]string{CaseNew: CaseMerged, CaseAcknowledged: CaseMerged, CaseInProgress: CaseMerged, CaseReopened: CaseMerged}, state},
		{CaseMerge, nil, nil, stranger},
		{CaseRoute, []domain.Party{domain.PartyAsked}, map[string]string{
			CaseNew: CaseNew, CaseAcknowledged: CaseAcknowledged, CaseInProgress: CaseInProgress, CaseWaiting: CaseWaiting,
			CaseResolved: CaseResolved, CaseConfirmed: CaseConfirmed, CaseReopened: CaseReopened,
		}, CaseLocked},
		{CaseRoute, []domain.Party{domain.PartyTeam}, nil, stranger},
		{CaseAttribute, []domain.Party{domain.PartyHead}, map[string]string{CaseResolved: CaseResolved, CaseConfirmed: CaseConfirmed, CaseClosed: CaseClosed}, state},
		{CaseAttribute, []domain.Party{domain.PartyAsked, domain.PartyTeam}, nil, "customer_issue.not_head"},
		{"burn", []domain.Party{domain.PartyAsked, domain.PartyTeam}, nil, "action.unknown"},
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
				got = domain.CodeOf(err)
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

func TestAFaultOfOurOwnHasSomebodyResponsible(t *testing.T) {
	for _, fault := range append(slices.Clone(CaseFaults), "", "weather") {
		for _, responsible := range []string{"", "somebody"} {
			want := "customer_issue.responsible_required"
			if fault == CaseOwnFault && responsible != "" || fault != CaseOwnFault && slices.Contains(CaseFaults, fault) && responsible == "" {
				want = ""
			}
			if got := domain.CodeOf(CheckFault(fault, responsible)); got != want {
				t.Errorf("%q of %q: %q, want %q", fault, responsible, got, want)
			}
		}
	}
}
