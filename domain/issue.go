package domain

// Answers to an issue of sync_issues.
const (
	IssueResubmit    = "resubmit"
	IssueDiscard     = "discard"
	IssueAcknowledge = "acknowledge"
	IssueChoose      = "choose"
)

// States of an issue: open, and what it was answered with.
const (
	IssueOpen         = "open"
	IssueResubmitted  = "resubmitted"
	IssueDiscarded    = "discarded"
	IssueAcknowledged = "acknowledged"
	IssueChosen       = "chosen"
)

// Kinds of issues.
const (
	IssueRejected    = "rejected"
	IssueConflict    = "conflict"
	IssueHeld        = "held"
	IssueQuarantined = "quarantined"
)

// Issue is what decides how an issue may be answered.
type Issue struct {
	Kind, State string
	// Asks says that a conflict waits for a choice between two values.
	Asks bool
	// Work says that something of its author's would be lost with it: an answer
	// to another issue that came too late is none.
	Work bool
}

// IssueStanding is what somebody is to an issue.
type IssueStanding struct {
	Author, Manager, Admin bool
}

// IssueMove returns the state that an answer by somebody leads to, or
// issue.closed, issue.action, issue.choice_open or record.not_allowed. Work is
// resubmitted or discarded, never acknowledged away; the work of a disabled user
// is answered by his manager or an administrator only.
func IssueMove(issue Issue, action string, by IssueStanding) (string, error) {
	to, known := map[string]string{
		IssueResubmit: IssueResubmitted, IssueDiscard: IssueDiscarded,
		IssueAcknowledge: IssueAcknowledged, IssueChoose: IssueChosen,
	}[action]
	if !known {
		return "", Problem{Code: "action.unknown", Params: map[string]any{"action": action}}
	}
	may := by.Manager || by.Admin || by.Author && issue.Kind != IssueQuarantined
	if !may {
		return "", Problem{Code: "record.not_allowed"}
	}
	if issue.State != IssueOpen {
		return "", Problem{Code: "issue.closed", Params: map[string]any{"state": issue.State}}
	}
	fits := false
	switch conflict := issue.Kind == IssueConflict; action {
	case IssueResubmit, IssueDiscard:
		fits = !conflict
	case IssueChoose:
		fits = conflict && issue.Asks
	case IssueAcknowledge:
		if conflict && issue.Asks {
			return "", Problem{Code: "issue.choice_open"}
		}
		fits = conflict || issue.Kind == IssueRejected && !issue.Work
	}
	if !fits {
		return "", Problem{Code: "issue.action", Params: map[string]any{"kind": issue.Kind, "action": action}}
	}
	return to, nil
}
