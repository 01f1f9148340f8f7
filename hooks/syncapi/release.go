package syncapi

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"
)

// Release carries out all held work whose parents have passed by now: what a
// process that ended left.
func (s *Service) Release(app core.App) error {
	var users []string
	err := app.ConcurrentDB().NewQuery("SELECT DISTINCT user FROM sync_issues WHERE state = {:s} AND kind = {:k}").
		Bind(dbx.Params{"s": domain.IssueOpen, "k": domain.IssueHeld}).Column(&users)
	for _, user := range users {
		err = errors.Join(err, s.release(context.Background(), app, user))
	}
	return err
}

// release carries out a user's held work that need wait no longer, in the order
// in which it came, each unit in a transaction of its own. What is refused
// becomes a rejection. It ends because each round answers an issue or turns it.
func (s *Service) release(ctx context.Context, app core.App, user string) error {
	var some bool
	err := app.ConcurrentDB().NewQuery("SELECT EXISTS (SELECT 1 FROM sync_issues WHERE user = {:u} AND state = {:s} AND kind = {:k})").
		Bind(dbx.Params{"u": user, "s": domain.IssueOpen, "k": domain.IssueHeld}).Row(&some)
	if err != nil || !some {
		return err
	}
	ctx = context.WithoutCancel(ctx) // the answer that freed it is committed
	for {
		var refused *syncer.Problem
		var by string
		done := true
		err := s.commits.commit(app, func(txApp core.App, session *syncer.Session) error {
			q := &inquiry{service: s, ctx: ctx, app: txApp, run: &run{session: session, release: map[string]bool{}}}
			unit, actor, err := q.free(user)
			if err != nil || len(unit) == 0 {
				return err
			}
			done, by, q.issue = false, actor.Id, unit[0]
			err = q.carryUnit(unit, actor, nil, nil)
			if p, ok := syncer.IsProblem(err); ok {
				refused = p
				return &undone{p} // not a refusal of a push that has written nothing
			}
			return err
		})
		if _, ok := errors.AsType[*undone](err); ok {
			err = s.turn(ctx, app, by, refused)
		}
		if err != nil || done {
			return err
		}
	}
}

// undone carries a refusal out of a transaction that must be rolled back.
type undone struct{ problem *syncer.Problem }

func (e *undone) Error() string { return "held work was refused: " + e.problem.Error() }

// turn makes rejections of held work that was refused now.
func (s *Service) turn(ctx context.Context, app core.App, by string, p *syncer.Problem) error {
	return s.commits.commit(app, func(txApp core.App, session *syncer.Session) error {
		if err := s.note(ctx, txApp, by, "", p.Notes); err != nil {
			return err
		}
		q := &inquiry{service: s, ctx: ctx, app: txApp, run: &run{session: session}}
		for _, n := range p.Notes {
			issue, err := txApp.FindRecordById(issuesCollection, n.Issue)
			if err != nil {
				return fmt.Errorf("failed to find an issue: %w", err)
			}
			verdict := syncer.Result{Status: syncer.StatusRejected, Code: n.Problem.Code, Params: n.Problem.Params, Fields: n.Problem.Fields}
			if err := q.settle(issue, verdict); err != nil {
				return err
			}
		}
		return session.Fold("")
	})
}

// free finds the first unit of a user's held work whose parents have passed, and
// who answers for it: whoever resubmitted a parent, else the user himself.
func (q *inquiry) free(user string) ([]*core.Record, *core.Record, error) {
	var held []*core.Record
	err := q.app.RecordQuery(issuesCollection).
		AndWhere(dbx.HashExp{"user": user, "state": domain.IssueOpen, "kind": domain.IssueHeld}).
		OrderBy("device", "n").All(&held)
	if err != nil {
		return nil, nil, fmt.Errorf("failed to find held work: %w", err)
	}
	for _, issue := range held {
		unit, err := unitOf(q.app, issue)
		if err != nil {
			return nil, nil, err
		}
		by, ready := user, true
		for _, parent := range outside(unit) {
			resolver, err := q.passedBy(user, parent)
			if err != nil {
				return nil, nil, err
			}
			ready = ready && resolver != ""
			if resolver != user {
				by = resolver
			}
		}
		if !ready {
			continue
		}
		actor, err := q.app.FindRecordById(gate.Users, by)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !actor.GetBool("active") {
			continue // until somebody answers it
		}
		return unit, actor, err
	}
	return nil, nil, nil
}

// passedBy names who made a parent pass: the user himself, or whoever
// resubmitted it. Empty if it has not passed.
func (q *inquiry) passedBy(user, parent string) (string, error) {
	var resolver string
	err := q.app.DB().NewQuery(`SELECT resolver FROM sync_issues WHERE user = {:u} AND state = {:s} AND kind <> 'conflict'
		AND (mutation = {:m} OR EXISTS (SELECT 1 FROM json_each(attempts) a WHERE a.value->>'mutation' = {:m})) LIMIT 1`).
		Bind(dbx.Params{"u": user, "s": domain.IssueResubmitted, "m": parent}).Row(&resolver)
	if err == nil {
		return resolver, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("failed to find who answered for a parent: %w", err)
	}
	waiting, err := q.run.session.Waiting(user, []string{parent})
	if err != nil || waiting != "" {
		return "", err
	}
	return user, nil
}
