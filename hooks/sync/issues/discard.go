package issues

import (
	"context"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// discarding is why work is given up.
type discarding struct {
	Reason string `json:"reason"`
}

// discard gives work up. What waited for it becomes rejected, once this is
// committed, and stays open.
func (s *Service) discard(ctx context.Context, txApp core.App, record *core.Record, args discarding) error {
	q, err := s.ask(ctx, txApp, records.SyncIssues.Of(record), sync.IssueDiscard)
	if err != nil {
		return err
	}
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("issue.reason_required")
	}
	q.issue.SetReason(args.Reason)
	if err := q.close(q.issue, q.actor, q.next, nil); err != nil {
		return err
	}
	return q.settle(q.issue, syncer.Result{Status: syncer.StatusRejected, Code: "sync.discarded", Params: map[string]any{"reason": args.Reason}})
}

// orphan makes a rejection, open like any other, of what waited for something
// that was given up.
func (q *inquiry) orphan(child records.SyncIssue, parent string) error {
	params := map[string]any{"parent": parent}
	child.SetKind(sync.IssueRejected)
	child.SetCode("sync.parent_discarded")
	child.SetParams(params)
	if err := q.save(child); err != nil {
		return err
	}
	return q.settle(child, syncer.Result{Status: syncer.StatusRejected, Code: "sync.parent_discarded", Params: params})
}

// acknowledge lets what was kept of the mutation go.
func (s *Service) acknowledge(ctx context.Context, txApp core.App, record *core.Record, _ kit.None) error {
	q, err := s.ask(ctx, txApp, records.SyncIssues.Of(record), sync.IssueAcknowledge)
	if err != nil {
		return err
	}
	q.issue.SetPayload(nil)
	return q.close(q.issue, q.actor, q.next, nil)
}
