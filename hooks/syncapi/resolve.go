package syncapi

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
	"satchel/syncer"
)

const issuesCollection = "sync_issues"

// Issues is the area of what was refused or overruled.
func Issues() kit.Area {
	return kit.Area{Name: "sync issues", Collections: []kit.Collection{{Name: issuesCollection, Machine: &domain.IssueMachine}}}
}

// Actions are the answers to issues. They run in a push, or in a transaction of
// their own for whoever sits at a desk.
func (s *Service) Actions() gate.Actions {
	return gate.Actions{
		issuesCollection + "." + domain.IssueResubmit:    s.resubmit,
		issuesCollection + "." + domain.IssueDiscard:     s.discard,
		issuesCollection + "." + domain.IssueAcknowledge: s.acknowledge,
		issuesCollection + "." + domain.IssueChoose:      s.choose,
	}
}

// run is what an action may know of the push that it is part of.
type run struct {
	session          *syncer.Session
	device, mutation string
	release          map[string]bool
}

type runKey struct{}

// inquiry is one answer to an issue on its way.
type inquiry struct {
	service *Service
	ctx     context.Context
	app     core.App
	run     *run
	actor   *core.Record
	issue   *core.Record
	next    string // the state that the answer leads to
}

// ask judges who answers and whether the issue may be answered so.
func (s *Service) ask(ctx context.Context, txApp core.App, issue *core.Record, action string) (*inquiry, error) {
	q := &inquiry{service: s, ctx: ctx, app: txApp, actor: gate.Of(ctx).User, issue: issue}
	if q.actor == nil {
		return nil, gate.Refuse("record.not_allowed")
	}
	var err error
	if running, ok := ctx.Value(runKey{}).(*run); ok {
		q.run = running
	} else if q.run, err = s.desk(ctx, txApp); err != nil {
		return nil, err
	}
	asks := issue.GetString("policy") == syncer.PolicyAsk && issue.GetString("kind") == domain.IssueConflict
	if asks && action == domain.IssueAcknowledge { // of a row that is gone there is nothing to choose
		_, row, err := q.run.session.Row(issue.GetString("collection"), issue.GetString("record"), q.run.device)
		if err != nil {
			return nil, err
		}
		asks = row != nil
	}
	judged := domain.Issue{
		Kind: issue.GetString("kind"), State: issue.GetString("state"), Asks: asks,
		Work: issue.GetString("collection") != issuesCollection,
	}
	over := issue.GetString("manager") == q.actor.Id || q.actor.GetString("role") == "admin"
	if q.next, err = judged.Answer(action, judged.Parties(issue.GetString("user") == q.actor.Id, over)); err != nil {
		return nil, gate.WrapError(err)
	}
	q.run.release[issue.GetString("user")] = true
	return q, nil
}

// desk opens a session for an answer that came without a push. After the commit
// phones are told, and what waited for the answer goes on.
func (s *Service) desk(ctx context.Context, txApp core.App) (*run, error) {
	session, err := s.engine.Begin(txApp.NonconcurrentDB(), s.cfg.Now())
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
	return &run{session: session, release: release}, session.Fold("")
}

// afterDesk does what the answer, which is committed, need not wait for.
func (s *Service) afterDesk(ctx context.Context, session *syncer.Session, release map[string]bool) {
	err := s.publish(s.app, session)
	for user := range release {
		err = errors.Join(err, s.release(ctx, s.app, user))
	}
	if err != nil {
		s.app.Logger().Error("Failed to go on after an answer", "error", err)
	}
}

// close writes who answered and how.
func (q *inquiry) close(issue, by *core.Record, state string, answer map[string]any) error {
	at, err := types.ParseDateTime(q.service.cfg.Now())
	if err != nil {
		return err
	}
	issue.Load(map[string]any{"state": state, "resolver": by.Id, "resolved_at": at, "answer": answer})
	return q.save(issue)
}

func (q *inquiry) save(issue *core.Record) error {
	if err := q.app.SaveWithContext(gate.AsServer(q.ctx), issue); err != nil {
		return fmt.Errorf("failed to save an issue: %w", err)
	}
	return nil
}

// settle makes r the verdict of all the mutations that the issue speaks of.
func (q *inquiry) settle(issue *core.Record, r syncer.Result) error {
	return q.run.session.Settle(issue.GetString("user"), issue.GetString("device"), int64(issue.GetInt("n")), issue.GetString("mutation"), issue.Id, r)
}

// discard args: {reason}. What waited for it becomes rejected, once this is
// committed, and stays open.
func (s *Service) discard(ctx context.Context, txApp core.App, issue *core.Record, raw jsontext.Value) error {
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	q, err := s.ask(ctx, txApp, issue, domain.IssueDiscard)
	if err != nil {
		return err
	}
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("issue.reason_required")
	}
	issue.Set("reason", args.Reason)
	if err := q.close(issue, q.actor, q.next, nil); err != nil {
		return err
	}
	return q.settle(issue, syncer.Result{Status: syncer.StatusRejected, Code: "sync.discarded", Params: map[string]any{"reason": args.Reason}})
}

// orphan makes a rejection, open like any other, of what waited for something
// that was given up.
func (q *inquiry) orphan(child *core.Record, parent string) error {
	params := map[string]any{"parent": parent}
	child.Load(map[string]any{"kind": domain.IssueRejected, "code": "sync.parent_discarded", "params": params})
	if err := q.save(child); err != nil {
		return err
	}
	return q.settle(child, syncer.Result{Status: syncer.StatusRejected, Code: "sync.parent_discarded", Params: params})
}

// acknowledge takes no args. What was kept of the mutation goes.
func (s *Service) acknowledge(ctx context.Context, txApp core.App, issue *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	q, err := s.ask(ctx, txApp, issue, domain.IssueAcknowledge)
	if err != nil {
		return err
	}
	issue.Set("payload", nil)
	return q.close(issue, q.actor, q.next, nil)
}

// attempt is an answer that was refused.
type attempt struct {
	Mutation string `json:"mutation,omitzero"`
	By       string `json:"by"`
	At       string `json:"at"`
	Code     string `json:"code"`
}

func attemptsOf(issue *core.Record) (out []attempt, err error) {
	text := issue.GetString("attempts")
	if text == "" || text == "null" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return nil, fmt.Errorf("failed to read the attempts on an issue: %w", err)
	}
	return out, nil
}

// Again implements syncer.Applier.
func (a *applier) Again(mutation string, notes []syncer.Note) error {
	actor := a.user
	if a.by != nil {
		actor = a.by
	}
	return a.service.note(a.ctx, a.app, actor.Id, mutation, notes)
}

// note writes on open issues why an answer to them was refused. They stay open,
// with what was corrected so far.
func (s *Service) note(ctx context.Context, txApp core.App, by, mutation string, notes []syncer.Note) error {
	for _, n := range notes {
		issue, err := txApp.FindRecordById(issuesCollection, n.Issue)
		if err != nil {
			return fmt.Errorf("failed to find an issue: %w", err)
		}
		if issue.GetString("state") != domain.IssueOpen {
			continue
		}
		attempts, err := attemptsOf(issue)
		if err != nil {
			return err
		}
		at := s.cfg.Now().UTC().Format("2006-01-02T15:04:05Z")
		issue.Set("attempts", append(attempts, attempt{Mutation: mutation, By: by, At: at, Code: n.Problem.Code}))
		if len(n.Theirs) > 0 {
			issue.Set("theirs", string(n.Theirs))
		}
		if len(n.Payload) > 0 {
			issue.Set("payload", string(n.Payload))
		}
		if issue.GetString("kind") != domain.IssueConflict {
			issue.Load(map[string]any{"code": n.Problem.Code, "params": n.Problem.Params, "fields": n.Problem.Fields})
		}
		if issue.GetString("kind") == domain.IssueHeld {
			issue.Set("kind", domain.IssueRejected)
		}
		if err := txApp.SaveWithContext(gate.AsServer(ctx), issue); err != nil {
			return fmt.Errorf("failed to note a refusal: %w", err)
		}
	}
	return nil
}

// Refused answers an error of an action that ran for a desk. What an issue is
// to learn of it is written now that the transaction is rolled back.
func (s *Service) Refused(e *core.RequestEvent, err error) error {
	p, ok := syncer.IsProblem(err)
	if !ok {
		return err
	}
	if len(p.Notes) > 0 {
		err := e.App.RunInTransaction(func(txApp core.App) error {
			return s.note(e.Request.Context(), txApp, e.Auth.Id, "", p.Notes)
		})
		if err != nil {
			return err
		}
	}
	return gate.Answer(http.StatusBadRequest, domain.Problem{Code: p.Code, Params: p.Params}, p.Fields)
}
