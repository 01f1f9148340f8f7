package issues

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// Run is what an action may know of the push that it is part of.
type Run struct {
	Session *syncer.Session
	Device  string
	Release map[string]bool // users whose held work may go on after the commit
}

type runKey struct{}

// With tells the actions that run in a context of the push that they are part of.
func With(ctx context.Context, run *Run) context.Context {
	return context.WithValue(ctx, runKey{}, run)
}

// inquiry is one answer to an issue on its way.
type inquiry struct {
	service *Service
	ctx     context.Context
	app     core.App
	run     *Run
	actor   records.User
	issue   records.SyncIssue
	next    records.SyncIssueState // that the answer leads to
}

// ask judges who answers and whether the issue may be answered so.
func (s *Service) ask(ctx context.Context, txApp core.App, issue records.SyncIssue, action string) (*inquiry, error) {
	actor := gate.Of(ctx).User
	if actor == nil {
		return nil, gate.Refuse("record.not_allowed")
	}
	q := &inquiry{service: s, ctx: ctx, app: txApp, actor: records.Users.Of(actor), issue: issue}
	var err error
	if running, ok := ctx.Value(runKey{}).(*Run); ok {
		q.run = running
	} else if q.run, err = s.desk(ctx, txApp); err != nil {
		return nil, err
	}
	asks := issue.Policy() == syncer.PolicyAsk && issue.Kind() == sync.IssueConflict
	if asks && action == sync.IssueAcknowledge { // of a row that is gone there is nothing to choose
		_, row, err := q.run.Session.Row(issue.Collection(), issue.Record(), q.run.Device)
		if err != nil {
			return nil, err
		}
		asks = row != nil
	}
	judged := sync.Issue{
		Kind: string(issue.Kind()), State: string(issue.State()), Asks: asks,
		Work: issue.Collection() != records.SyncIssueTable,
	}
	over := issue.Manager() == q.actor.ID() || q.actor.Role() == people.RoleAdmin
	next, err := judged.Answer(action, judged.Parties(issue.User() == q.actor.ID(), over))
	if err != nil {
		return nil, gate.WrapError(err)
	}
	q.next = records.SyncIssueState(next)
	q.run.Release[string(issue.User())] = true
	return q, nil
}

// desk opens a session for an answer that came without a push. After the commit
// phones are told, and what waited for the answer goes on.
func (s *Service) desk(ctx context.Context, txApp core.App) (*Run, error) {
	session, err := s.engine.Begin(txApp)
	if err != nil {
		return nil, err
	}
	release := map[string]bool{}
	txApp.TxInfo().OnComplete(func(txErr error) error {
		if txErr == nil {
			s.afterDesk(ctx, session, release)
		}
		return nil
	})
	return &Run{Session: session, Release: release}, session.Fold("")
}

// afterDesk does what the answer, which is committed, need not wait for.
func (s *Service) afterDesk(ctx context.Context, session *syncer.Session, release map[string]bool) {
	err := s.engine.Publish(s.app, session)
	for user := range release {
		err = errors.Join(err, s.Release(ctx, s.app, user))
	}
	if err != nil {
		s.app.Logger().Error("Failed to go on after an answer", "error", err)
	}
}

// close writes who answered and how.
func (q *inquiry) close(issue records.SyncIssue, by records.User, state records.SyncIssueState, answer map[string]any) error {
	issue.SetState(state)
	issue.SetResolver(by.ID())
	issue.SetResolvedAt(q.service.cfg.Now())
	issue.SetAnswer(answer)
	return q.save(issue)
}

func (q *inquiry) save(issue records.SyncIssue) error {
	if err := q.app.SaveWithContext(gate.AsServer(q.ctx), issue.Raw()); err != nil {
		return fmt.Errorf("save an issue: %w", err)
	}
	return nil
}

// settle makes r the verdict of all the mutations that the issue speaks of.
func (q *inquiry) settle(issue records.SyncIssue, r syncer.Result) error {
	return q.run.Session.Settle(string(issue.User()), string(issue.Device()), int64(issue.N()), issue.Mutation(), string(issue.ID()), r)
}
