package domain

// States of a customer's issue.
const (
	CaseNew          = "new"
	CaseAcknowledged = "acknowledged"
	CaseInProgress   = "in_progress"
	CaseWaiting      = "waiting_customer" // the clock stands still
	CaseResolved     = "resolved"
	CaseConfirmed    = "confirmed"
	CaseReopened     = "reopened"
	CaseClosed       = "closed"
	CaseMerged       = "merged"
)

// CaseOpen are the states in which people write an issue and its history. A
// closed one is reopened, of a merged one the other goes on.
var CaseOpen = []string{CaseNew, CaseAcknowledged, CaseInProgress, CaseWaiting, CaseResolved, CaseConfirmed, CaseReopened}

// Steps with a customer's issue.
const (
	CaseAcknowledge = "acknowledge"
	CaseStart       = "start"
	CaseWait        = "wait"
	CaseResume      = "resume"
	CaseResolve     = "resolve"
	CaseConfirm     = "confirm" // the customer is content, as he told the line
	CaseReopen      = "reopen"  // he is not
	CaseClose       = "close"
	CaseMerge       = "merge" // it is another one again
)

// CaseSide is who takes a step: those who solve it, or those who speak with
// the customer.
type CaseSide int

// Sides of an issue.
const (
	CaseSolvers CaseSide = iota
	CaseLine
	CaseEither
)

var caseMoves = map[string]struct {
	from []string
	to   string
	side CaseSide
}{
	CaseAcknowledge: {[]string{CaseNew}, CaseAcknowledged, CaseSolvers},
	CaseStart:       {[]string{CaseNew, CaseAcknowledged, CaseReopened}, CaseInProgress, CaseSolvers},
	CaseWait:        {[]string{CaseInProgress}, CaseWaiting, CaseSolvers},
	CaseResume:      {[]string{CaseWaiting}, CaseInProgress, CaseEither},
	CaseResolve:     {[]string{CaseAcknowledged, CaseInProgress, CaseReopened}, CaseResolved, CaseSolvers},
	CaseConfirm:     {[]string{CaseResolved}, CaseConfirmed, CaseLine},
	CaseReopen:      {[]string{CaseResolved, CaseConfirmed, CaseClosed}, CaseReopened, CaseLine},
	CaseClose:       {[]string{CaseConfirmed}, CaseClosed, CaseEither},
	CaseMerge:       {[]string{CaseNew, CaseAcknowledged, CaseInProgress, CaseReopened}, CaseMerged, CaseEither},
}

// CaseSideOf tells whose a step is.
func CaseSideOf(step string) CaseSide { return caseMoves[step].side }

// CaseMove returns the state after a step. Problems:
// customer_issue.not_confirmed for closing what the customer has not confirmed (H-ISS),
// customer_issue.state for what else does not fit.
func CaseMove(state, step string) (string, error) {
	move := caseMoves[step]
	for _, from := range move.from {
		if from == state {
			return move.to, nil
		}
	}
	if step == CaseClose && state == CaseResolved {
		return "", Problem{Code: "customer_issue.not_confirmed"}
	}
	return "", Problem{Code: "customer_issue.state", Params: map[string]any{"from": state, "action": step}}
}

// CaseRuns tells whether the clock of an issue's solution runs in a state.
func CaseRuns(state string) bool {
	switch state {
	case CaseNew, CaseAcknowledged, CaseInProgress, CaseReopened:
		return true
	}
	return false
}

// CaseDepartment is the kind of department that solves an issue of a kind, if
// nobody names another.
func CaseDepartment(kind string) string {
	switch kind {
	case "quality", "technical":
		return "product"
	case "billing":
		return "finance"
	}
	return "service"
}

// CaseKind is the kind of issue that feedback of a theme becomes.
func CaseKind(theme string) string {
	switch theme {
	case "quality", "delivery", "service", "technical":
		return theme
	case "payment":
		return "billing"
	}
	return "complaint"
}
