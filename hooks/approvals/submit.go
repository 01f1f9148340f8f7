package approvals

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// submit takes no args: the author puts a subject to its chain.
func (s *Service) submit(ctx context.Context, txApp core.App, subject *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	k := s.kinds[subject.Collection().Name]
	if err := s.byAuthor(ctx, k, subject, domain.ApprovalSubmit); err != nil {
		return err
	}
	if !k.editable(k.stateOf(subject)) {
		return gate.Refuse("approval.state", "from", k.stateOf(subject), "action", domain.ApprovalSubmit)
	}
	if k.OnSubmit != nil {
		if err := k.OnSubmit(ctx, txApp, subject); err != nil {
			return err
		}
	}
	return s.begin(ctx, txApp, k, subject)
}

// withdraw takes no args: the author takes his subject back before anybody decided.
func (s *Service) withdraw(ctx context.Context, txApp core.App, subject *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	k := s.kinds[subject.Collection().Name]
	if err := s.byAuthor(ctx, k, subject, domain.ApprovalWithdraw); err != nil {
		return err
	}
	if k.stateOf(subject) != k.States.Submitted {
		return gate.Refuse("approval.state", "from", k.stateOf(subject), "action", domain.ApprovalWithdraw)
	}
	rows, err := chainOf(txApp, subject)
	if err != nil {
		return err
	}
	verdict, err := domain.Withdraw(rowsOf(rows))
	if err != nil {
		return gate.WrapError(err)
	}
	if err := s.apply(ctx, txApp, rows, verdict); err != nil {
		return err
	}
	k.setState(subject, k.States.Draft)
	if k.OnWithdrawn != nil {
		if err := k.OnWithdrawn(ctx, txApp, subject); err != nil {
			return err
		}
	}
	return s.over(ctx, txApp, subject)
}

// over saves a subject whose chain ended, and lets those read it no longer who
// were not reached.
func (s *Service) over(ctx context.Context, txApp core.App, subject *core.Record) error {
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	if err := s.show(ctx, txApp, subject, chart, false); err != nil {
		return err
	}
	return txApp.SaveWithContext(gate.AsServer(ctx), subject)
}

// byAuthor refuses everybody else, and who only stands in for him.
func (s *Service) byAuthor(ctx context.Context, k *kind, subject *core.Record, action string) error {
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != k.authorOf(subject) {
		return gate.Refuse("approval.not_author", "action", action)
	}
	return nil
}

// begin computes the chain of a subject's next round, asks the first step, and
// saves the subject as submitted.
func (s *Service) begin(ctx context.Context, txApp core.App, k *kind, subject *core.Record) error {
	steps, err := k.Route(txApp, subject)
	if err != nil {
		return err
	}
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	author := k.authorOf(subject)
	assigned, err := domain.RouteApproval(chart, author, steps, domain.BusinessDay(s.now()))
	if err != nil {
		return gate.WrapError(err)
	}
	content, err := k.contentOf(txApp, subject)
	if err != nil {
		return err
	}
	var reviewers []string
	for _, a := range assigned {
		reviewers = union(reviewers, a.Approver, a.Delegated)
	}
	setRound(subject, roundOf(subject)+1, s.now())
	before, err := txApp.FindAllRecords(approvals, dbx.HashExp{"ref_collection": k.Collection, "ref_id": subject.Id})
	if err != nil {
		return fmt.Errorf("failed to read approvals: %w", err)
	}
	reviewers = union(reviewers, readersOf(before, chart, domain.BusinessDay(s.now()))...) // who decided before still sees it
	setReviewers(subject, reviewers)
	k.setState(subject, k.States.Submitted)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), subject); err != nil {
		return err
	}
	coll, err := txApp.FindCachedCollectionByNameOrId(approvals)
	if err != nil {
		return fmt.Errorf("failed to find approvals: %w", err)
	}
	manager, dept := lineOf(chart, author)
	title := subject.Id
	if k.Title != nil {
		title = k.Title(subject)
	}
	var rows []*core.Record
	for _, a := range assigned {
		r := core.NewRecord(coll)
		r.Load(map[string]any{
			"ref_collection": k.Collection, "ref_id": subject.Id, "title": title, "round": roundOf(subject),
			"step": a.Step, "key": a.Key, "any": a.Any, "due_hours": a.DueHours,
			"author": author, "manager": manager, "dept": dept, "oversight": k.Oversight,
			fieldApprover: a.Approver, fieldDelegated: a.Delegated, fieldReviewers: reviewers,
			fieldState: domain.ApprovalWaiting, "content": content, "content_hash": domain.ContentHash(content),
		})
		if a.Step == 1 {
			if err := s.ask(ctx, txApp, r); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, r)
	}
	for _, r := range rows {
		if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
			return fmt.Errorf("failed to save an approval: %w", err)
		}
	}
	return nil
}

// ask opens a row and tells its approver.
func (s *Service) ask(ctx context.Context, txApp core.App, r *core.Record) error {
	due, err := s.dueAt(txApp, r.GetInt("due_hours"))
	if err != nil {
		return err
	}
	open(r, s.now(), due)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return fmt.Errorf("failed to save an approval: %w", err)
	}
	return gate.Notify(ctx, txApp, s.now(), gate.Notice{
		User: approverOf(r), Kind: "approval.pending", Params: map[string]any{"title": titleOf(r), "step": keyOf(r)}, Link: linkOf(r),
	})
}

// chainOf finds the rows of a subject's present round, by step.
func chainOf(app core.App, subject *core.Record) ([]*core.Record, error) {
	return chain(app, subject.Collection().Name, subject.Id, roundOf(subject))
}

func chain(app core.App, collection, id string, round int) ([]*core.Record, error) {
	rows, err := app.FindRecordsByFilter(approvals, "ref_collection = {:c} && ref_id = {:i} && round = {:r}", "step,id", 0, 0,
		dbx.Params{"c": collection, "i": id, "r": round})
	if err != nil {
		return nil, fmt.Errorf("failed to read approvals: %w", err)
	}
	return rows, nil
}

// asJSON gives values the form that they have once they were stored and read.
func asJSON(values map[string]any) (map[string]any, error) {
	text, err := json.Marshal(values, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("failed to write what is signed: %w", err)
	}
	var out map[string]any
	err = json.Unmarshal(text, &out)
	return out, err
}
