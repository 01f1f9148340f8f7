package domain_test

import (
	"errors"
	"strings"
	"testing"

	"satchel/domain"
)

func TestIssueAnswer(t *testing.T) {
	type standing struct{ author, over bool }
	author, manager, admin, nobody := standing{author: true}, standing{over: true}, standing{over: true}, standing{}
	open := func(kind string) domain.Issue { return domain.Issue{Kind: kind, State: domain.IssueOpen, Work: true} }
	ask := open(domain.IssueConflict)
	ask.Asks = true
	late := open(domain.IssueRejected)
	late.Work = false
	closed := open(domain.IssueRejected)
	closed.State = domain.IssueDiscarded
	for _, c := range []struct {
		issue  domain.Issue
		action string
		by     standing
		want   string // state or code
	}{
		{open(domain.IssueRejected), domain.IssueResubmit, author, domain.IssueResubmitted},
		{open(domain.IssueRejected), domain.IssueDiscard, manager, domain.IssueDiscarded},
		{open(domain.IssueRejected), domain.IssueAcknowledge, author, "issue.action"},
		{open(domain.IssueRejected), domain.IssueChoose, author, "issue.action"},
		{open(domain.IssueRejected), domain.IssueResubmit, nobody, "record.not_allowed"},
		{open(domain.IssueRejected), "burn", author, "action.unknown"},
		{open(domain.IssueHeld), domain.IssueRelease, manager, "action.unknown"},
		{late, domain.IssueAcknowledge, author, domain.IssueAcknowledged},
		{closed, domain.IssueResubmit, author, "issue.closed"},
		{closed, domain.IssueResubmit, nobody, "record.not_allowed"},
		{open(domain.IssueHeld), domain.IssueResubmit, admin, domain.IssueResubmitted},
		{open(domain.IssueQuarantined), domain.IssueResubmit, author, "record.not_allowed"},
		{open(domain.IssueQuarantined), domain.IssueResubmit, manager, domain.IssueResubmitted},
		{open(domain.IssueQuarantined), domain.IssueDiscard, admin, domain.IssueDiscarded},
		{open(domain.IssueConflict), domain.IssueAcknowledge, author, domain.IssueAcknowledged},
		{open(domain.IssueConflict), domain.IssueChoose, author, "issue.action"},
		{open(domain.IssueConflict), domain.IssueResubmit, author, "issue.action"},
		{ask, domain.IssueChoose, manager, domain.IssueChosen},
		{ask, domain.IssueAcknowledge, manager, "issue.choice_open"},
	} {
		got, err := c.issue.Answer(c.action, c.issue.Parties(c.by.author, c.by.over))
		if p, ok := errors.AsType[domain.Problem](err); ok {
			got = p.Code
			if p.Text("zh") == p.Code || p.Text("en") == p.Code || strings.Contains(p.Text("en"), "{") {
				t.Errorf("%s has no text, or not what it tells of: %s", p.Code, p.Text("en"))
			}
		}
		if got != c.want {
			t.Errorf("%+v %s by %+v: %s, want %s", c.issue, c.action, c.by, got, c.want)
		}
	}
}
