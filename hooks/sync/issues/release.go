package issues

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/records"
	"satchel/syncer"
)

// ReleaseAll carries out all held work whose parents have passed by now: what a
// process that ended left.
func (s *Service) ReleaseAll(app core.App) error {
	var users []string
	err := app.ConcurrentDB().NewQuery("SELECT DISTINCT user FROM sync_issues WHERE state = {:s} AND kind = {:k}").
		Bind(dbx.Params{"s": sync.IssueOpen, "k": sync.IssueHeld}).Column(&users)
	for _, user := range users {
		err = errors.Join(err, s.Release(context.Background(), app, user))
	}
	return err
}

// Release carries out a user's held work that need wait no longer, in the order
// in which it came, each unit in a transaction of its own. What is refused
// becomes a rejection. It ends because each round answers an issue or turns it.
func (s *Service) Release(ctx context.Context, app core.App, user string) error {
	var some bool
	err := app.ConcurrentDB().NewQuery("SELECT EXISTS (SELECT 1 FROM sync_issues WHERE user = {:u} AND state = {:s} AND kind = {:k})").
		Bind(dbx.Params{"u": user, "s": sync.IssueOpen, "k": sync.IssueHeld}).Row(&some)
	if err != nil || !some {
		return err
	}
	ctx = context.WithoutCancel(ctx) // the answer that freed it is committed
	for {
		var refused *syncer.Problem
		var by string
		done := true
		err := s.engine.Commit(app, func(txApp core.App, session *syncer.Session) error {
			q := &inquiry{service: s, ctx: ctx, app: txApp, run: &Run{Session: session, Release: map[string]bool{}}}
			unit, actor, given, err := q.free(user)
			if err != nil || len(unit) == 0 {
				return err
			}
			done = false
			for _, issue := range unit {
				if given != "" {
					err = errors.Join(err, q.orphan(issue, given))
				}
			}
			if err != nil || given != "" {
				return errors.Join(err, session.Fold(""))
			}
			by, q.issue = string(actor.ID()), unit[0]
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
	return s.engine.Commit(app, func(txApp core.App, session *syncer.Session) error {
		if err := s.Note(ctx, txApp, by, "", p.Notes); err != nil {
			return err
		}
		q := &inquiry{service: s, ctx: ctx, app: txApp, run: &Run{Session: session}}
		for _, n := range p.Notes {
			issue, err := records.SyncIssues.Require(txApp, records.SyncIssueID(n.Issue))
			if err != nil {
				return err
			}
			verdict := syncer.Result{Status: syncer.StatusRejected, Code: n.Problem.Code, Params: n.Problem.Params, Fields: n.Problem.Fields}
			if err := q.settle(issue, verdict); err != nil {
				return err
			}
		}
		return session.Fold("")
	})
}

// free finds the first unit of a user's held work that need wait no longer:
// its parents have passed, and by is who answers for it, whoever resubmitted one
// or the user himself; or the parent given was given up.
func (q *inquiry) free(user string) (unit []records.SyncIssue, by records.User, given string, err error) {
	held, err := records.SyncIssues.All(q.app, "user = {:u} AND state = {:s} AND kind = {:k}",
		dbx.Params{"u": user, "s": sync.IssueOpen, "k": sync.IssueHeld}, "device, n")
	if err != nil {
		return nil, by, "", err
	}
	for _, issue := range held {
		if unit, err = unitOf(q.app, issue); err != nil {
			return nil, by, "", err
		}
		answers, ready := user, true
		for _, parent := range outside(unit) {
			state, resolver, err := q.passed(user, parent)
			if err != nil {
				return nil, by, "", err
			}
			if state == sync.IssueDiscarded {
				return unit, by, parent, nil
			}
			ready = ready && state != sync.IssueOpen
			if resolver != user && resolver != "" {
				answers = resolver
			}
		}
		if !ready {
			continue
		}
		by, found, err := records.Users.Find(q.app, records.UserID(answers))
		if err == nil && (!found || !by.Active()) {
			continue // until somebody answers it
		}
		return unit, by, "", err
	}
	return nil, by, "", nil
}

// passed tells of a parent whether it passed after all (resubmitted, and by
// whom), was given up (discarded), passed at once (empty), or is still open.
func (q *inquiry) passed(user, parent string) (state, resolver string, err error) {
	err = q.app.DB().NewQuery(`SELECT state, resolver FROM sync_issues WHERE user = {:u} AND state IN ({:r}, {:d}) AND kind <> 'conflict'
		AND (mutation = {:m} OR id IN (SELECT result->>'issue' FROM _sync_push WHERE mutation = {:m} AND mutation <> '') OR EXISTS (SELECT 1 FROM json_each(attempts) a WHERE a.value->>'mutation' = {:m})) LIMIT 1`).
		Bind(dbx.Params{"u": user, "r": sync.IssueResubmitted, "d": sync.IssueDiscarded, "m": parent}).Row(&state, &resolver)
	if err == nil {
		return state, resolver, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return "", "", fmt.Errorf("find what became of a parent: %w", err)
	}
	waiting, err := q.run.Session.Waiting(user, []string{parent})
	if err == nil && waiting != "" {
		state = sync.IssueOpen
	}
	return state, "", err
}
