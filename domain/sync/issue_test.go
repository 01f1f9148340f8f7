package sync_test

import (
	"errors"
	"strings"
	"testing"

	"satchel/domain"
	_ "satchel/domain/catalog"
	"satchel/domain/sync"
)

func TestIssueAnswer(t *testing.T) {
	type standing struct{ author, over bool }
	author, manager, admin, nobody := standing{author: true}, standing{over: true}, standing{over: true}, standing{}
	open := func(kind string) sync.Issue { return sync.Issue{Kind: kind, State: sync.IssueOpen, Work: true} }
	ask := open(sync.IssueConflict)
	ask.Asks = true
	late := open(sync.IssueRejected)
	late.Work = false
	closed := open(sync.IssueRejected)
	closed.State = sync.IssueDiscarded
	for _, c := range []struct {
		issue  sync.Issue
		action string
		by     standing
		want   string // state or code
	}{
		{open(sync.IssueRejected), sync.IssueResubmit, author, sync.IssueResubmitted},
		{open(sync.IssueRejected), sync.IssueDiscard, manager, sync.IssueDiscarded},
		{open(sync.IssueRejected), sync.IssueAcknowledge, author, "issue.action"},
		{open(sync.IssueRejected), sync.IssueChoose, author, "issue.action"},
		{open(sync.IssueRejected), sync.IssueResubmit, nobody, "record.not_allowed"},
		{open(sync.IssueRejected), "burn", author, "action.unknown"},
		{open(sync.IssueHeld), sync.IssueRelease, manager, "action.unknown"},
		{late, sync.IssueAcknowledge, author, sync.IssueAcknowledged},
		{closed, sync.IssueResubmit, author, "issue.closed"},
		{closed, sync.IssueResubmit, nobody, "record.not_allowed"},
		{open(sync.IssueHeld), sync.IssueResubmit, admin, sync.IssueResubmitted},
		{open(sync.IssueQuarantined), sync.IssueResubmit, author, "record.not_allowed"},
		{open(sync.IssueQuarantined), sync.IssueResubmit, manager, sync.IssueResubmitted},
		{open(sync.IssueQuarantined), sync.IssueDiscard, admin, sync.IssueDiscarded},
		{open(sync.IssueConflict), sync.IssueAcknowledge, author, sync.IssueAcknowledged},
		{open(sync.IssueConflict), sync.IssueChoose, author, "issue.action"},
		{open(sync.IssueConflict), sync.IssueResubmit, author, "issue.action"},
		{ask, sync.IssueChoose, manager, sync.IssueChosen},
		{ask, sync.IssueAcknowledge, manager, "issue.choice_open"},
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
