package issues

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// attempt is an answer that was refused.
type attempt struct {
	Mutation string `json:"mutation,omitzero"`
	By       string `json:"by"`
	At       string `json:"at"`
	Code     string `json:"code"`
}

// Note writes on open issues why an answer to them was refused. They stay open,
// with what was corrected so far.
func (s *Service) Note(ctx context.Context, txApp core.App, by, mutation string, notes []syncer.Note) error {
	for _, n := range notes {
		issue, err := records.SyncIssues.Require(txApp, records.SyncIssueID(n.Issue))
		if err != nil {
			return err
		}
		if issue.State() != sync.IssueOpen {
			continue
		}
		attempts, err := records.Decode[[]attempt](issue.Attempts())
		if err != nil {
			return fmt.Errorf("read the attempts on an issue: %w", err)
		}
		at := s.cfg.Now().UTC().Format("2006-01-02T15:04:05Z")
		issue.SetAttempts(append(attempts, attempt{Mutation: mutation, By: by, At: at, Code: n.Problem.Code}))
		if len(n.Theirs) > 0 {
			issue.SetTheirs(string(n.Theirs))
		}
		if len(n.Payload) > 0 {
			issue.SetPayload(string(n.Payload))
		}
		if issue.Kind() != sync.IssueConflict && !n.Problem.Retry { // a fault is no reason
			issue.SetCode(n.Problem.Code)
			issue.SetParams(n.Problem.Params)
			issue.SetFields(n.Problem.Fields)
		}
		if issue.Kind() == sync.IssueHeld && !n.Problem.Retry {
			issue.SetKind(sync.IssueRejected)
		}
		if err := txApp.SaveWithContext(gate.AsServer(ctx), issue.Raw()); err != nil {
			return fmt.Errorf("note a refusal: %w", err)
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
	if p.Retry {
		return gate.Fail(http.StatusInternalServerError, p.Code, p.Params)
	}
	if len(p.Notes) > 0 {
		err := e.App.RunInTransaction(func(txApp core.App) error {
			return s.Note(e.Request.Context(), txApp, e.Auth.Id, "", p.Notes)
		})
		if err != nil {
			return err
		}
	}
	return gate.Answer(http.StatusBadRequest, domain.Problem{Code: p.Code, Params: p.Params}, p.Fields)
}
