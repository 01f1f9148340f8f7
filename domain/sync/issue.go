package sync

import (
	"errors"

	"satchel/domain"
)

// Answers to an issue of sync_issues.
const (
	IssueResubmit    = "resubmit"
	IssueDiscard     = "discard"
	IssueAcknowledge = "acknowledge"
	IssueChoose      = "choose"
	IssueRelease     = "release" // nobody's: what held work waited for has passed
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

// IssueMachine is the life of an issue. Work is resubmitted or discarded, never
// acknowledged away.
var IssueMachine = domain.Machine{
	Collection: "sync_issues",
	States:     []string{IssueOpen, IssueResubmitted, IssueDiscarded, IssueAcknowledged, IssueChosen},
	Open:       []string{},
	Refusal:    "issue.closed",
	Steps: []domain.Step{
		issueAnswer(IssueResubmit, IssueResubmitted, "the work is carried out as its author's", "issue.action"),
		issueAnswer(IssueDiscard, IssueDiscarded, "what waited for it becomes rejected", "issue.action"),
		issueAnswer(IssueAcknowledge, IssueAcknowledged, "what was kept of it goes", "issue.choice_open", "issue.action"),
		issueAnswer(IssueChoose, IssueChosen, "the value is written, unless it is there", "issue.action"),

		{Action: IssueRelease, From: []string{IssueOpen}, To: []string{IssueResubmitted}, Leads: []string{"the work is carried out as its author's"}},
	},
}

func issueAnswer(action, to, leads string, guards ...string) domain.Step {
	return domain.Step{
		Action: action, From: []string{IssueOpen}, To: []string{to}, By: []domain.Party{domain.PartyOwner, domain.PartySuperior}, Stranger: "record.not_allowed",
		Guards: guards, Leads: []string{leads},
	}
}

// Parties is what somebody is to an issue: its author, or over him as his manager
// or an administrator. The work of a disabled user is not his to answer.
func (i Issue) Parties(author, over bool) (by []domain.Party) {
	if author && i.Kind != IssueQuarantined {
		by = append(by, domain.PartyOwner)
	}
	if over {
		by = append(by, domain.PartySuperior)
	}
	return by
}

// Answer returns the state that an answer by somebody leads to, or action.unknown,
// record.not_allowed, issue.closed, issue.choice_open or issue.action.
func (i Issue) Answer(action string, by []domain.Party) (string, error) {
	step, err := IssueMachine.Take(i.State, action, by, func(guard string) bool { return i.holds(action, guard) })
	if p, refused := errors.AsType[domain.Problem](err); refused {
		switch p.Code {
		case "issue.closed":
			p.Params = map[string]any{"state": i.State}
		case "issue.action":
			p.Params = map[string]any{"kind": i.Kind, "action": action}
		}
		return "", p
	}
	return step.Next(i.State), err
}

// holds reports whether an issue is one for an answer: issue.action, and, where
// it waits for a choice, issue.choice_open.
func (i Issue) holds(action, guard string) bool {
	conflict := i.Kind == IssueConflict
	switch {
	case guard == "issue.choice_open":
		return !conflict || !i.Asks
	case action == IssueAcknowledge:
		return conflict || i.Kind == IssueRejected && !i.Work
	case action == IssueChoose:
		return conflict && i.Asks
	}
	return !conflict
}
