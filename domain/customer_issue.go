package domain

// States of a customer's issue.
const (
	IssueNew          = "new"
	IssueAcknowledged = "acknowledged"
	IssueInProgress   = "in_progress"
	IssueWaiting      = "waiting_customer" // the clock stands still
	IssueResolved     = "resolved"
	IssueConfirmed    = "confirmed"
	IssueReopened     = "reopened"
	IssueClosed       = "closed"
	IssueMerged       = "merged"
)

// Steps with a customer's issue.
const (
	IssueAcknowledge = "acknowledge"
	IssueStart       = "start"
	IssueWait        = "wait"
	IssueResume      = "resume"
	IssueResolve     = "resolve"
	IssueConfirm     = "confirm" // the customer is content, as he told the line
	IssueReopen      = "reopen"  // he is not
	IssueClose       = "close"
	IssueMerge       = "merge" // it is another one again
)

// IssueSide is who takes a step: those who solve it, or those who speak with
// the customer.
type IssueSide int

// Sides of an issue.
const (
	IssueSolvers IssueSide = iota
	IssueLine
	IssueEither
)

var issueMoves = map[string]struct {
	from []string
	to   string
	side IssueSide
}{
	IssueAcknowledge: {[]string{IssueNew}, IssueAcknowledged, IssueSolvers},
	IssueStart:       {[]string{IssueNew, IssueAcknowledged, IssueReopened}, IssueInProgress, IssueSolvers},
	IssueWait:        {[]string{IssueInProgress}, IssueWaiting, IssueSolvers},
	IssueResume:      {[]string{IssueWaiting}, IssueInProgress, IssueEither},
	IssueResolve:     {[]string{IssueAcknowledged, IssueInProgress, IssueReopened}, IssueResolved, IssueSolvers},
	IssueConfirm:     {[]string{IssueResolved}, IssueConfirmed, IssueLine},
	IssueReopen:      {[]string{IssueResolved, IssueConfirmed, IssueClosed}, IssueReopened, IssueLine},
	IssueClose:       {[]string{IssueConfirmed}, IssueClosed, IssueEither},
	IssueMerge:       {[]string{IssueNew, IssueAcknowledged, IssueInProgress, IssueReopened}, IssueMerged, IssueEither},
}

// IssueMove returns the state after a step and whose step it is. Problems:
// issue.not_confirmed for closing what the customer has not confirmed (H-ISS),
// customer_issue.state for what else does not fit.
func IssueMove(state, step string) (string, IssueSide, error) {
	move := issueMoves[step]
	for _, from := range move.from {
		if from == state {
			return move.to, move.side, nil
		}
	}
	if step == IssueClose && state == IssueResolved {
		return "", 0, Problem{Code: "customer_issue.not_confirmed"}
	}
	return "", 0, Problem{Code: "customer_issue.state", Params: map[string]any{"from": state, "action": step}}
}

// IssueRuns tells whether the clock of an issue's solution runs in a state.
func IssueRuns(state string) bool {
	switch state {
	case IssueNew, IssueAcknowledged, IssueInProgress, IssueReopened:
		return true
	}
	return false
}
