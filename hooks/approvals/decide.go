package approvals

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// decision makes an action of approve, reject or return; args: {comment}. To
// reject and to return need one.
func (s *Service) decision(name string) gate.Action {
	return func(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
		var args struct {
			Comment string `json:"comment"`
		}
		if err := gate.Args(raw, &args); err != nil {
			return err
		}
		actor := gate.Of(ctx).Author()
		switch {
		case actor == nil:
			return gate.Refuse("approval.not_approver")
		case actor.Id == authorOf(r):
			return gate.Refuse("approval.own")
		case actor.Id != approverOf(r):
			return gate.Refuse("approval.not_approver")
		case name != domain.ApprovalApprove && strings.TrimSpace(args.Comment) == "":
			return gate.Refuse("approval.comment_required")
		}
		return s.decide(ctx, txApp, r, name, args.Comment)
	}
}

func (s *Service) decide(ctx context.Context, txApp core.App, r *core.Record, name, comment string) error {
	collection, id := subjectOf(r)
	k := s.kinds[collection]
	subject, err := txApp.FindRecordById(collection, id)
	if err != nil || k == nil {
		return gate.Refuse("approval.stale")
	}
	rows, err := chain(txApp, collection, id, r.GetInt("round"))
	if err != nil {
		return err
	}
	verdict, err := domain.Decide(rowsOf(rows), r.Id, name)
	if err != nil {
		return gate.WrapError(err)
	}
	content, err := k.contentOf(txApp, subject)
	if err != nil {
		return err
	}
	if roundOf(subject) != r.GetInt("round") || domain.ContentHash(content) != r.GetString("content_hash") {
		return gate.Refuse("approval.stale") // it was changed past the hooks
	}
	for _, row := range rows {
		if row.Id == r.Id {
			sign(row, roundOf(subject), content, name, comment, approverOf(row), s.now())
		}
	}
	if err := s.apply(ctx, txApp, rows, verdict); err != nil {
		return err
	}
	for _, row := range rows {
		if row.Id == r.Id {
			r.Load(row.FieldsData()) // the caller answers with what it is now
		}
	}
	return s.finish(ctx, txApp, k, subject, r, verdict)
}

// apply saves what a verdict changes of a chain, and asks those whose turn it is.
func (s *Service) apply(ctx context.Context, txApp core.App, rows []*core.Record, v domain.Verdict) error {
	for _, row := range rows {
		state, changed := v.States[row.Id]
		if !changed {
			continue
		}
		if state == domain.ApprovalPending {
			if err := s.ask(ctx, txApp, row); err != nil {
				return err
			}
			continue
		}
		row.Set(fieldState, state)
		if err := txApp.SaveWithContext(gate.AsServer(ctx), row); err != nil {
			return fmt.Errorf("failed to save an approval: %w", err)
		}
	}
	return nil
}

// finish tells the subject how a decision left the chain.
func (s *Service) finish(ctx context.Context, txApp core.App, k *kind, subject, r *core.Record, v domain.Verdict) error {
	var after func(ctx context.Context, txApp core.App, subject *core.Record) error
	switch v.Outcome {
	case domain.ApprovalApproved:
		k.setState(subject, k.States.Approved)
		after = k.OnApproved
	case domain.ApprovalRejected:
		k.setState(subject, k.States.Rejected)
		after = k.OnRejected
	case domain.ApprovalReturned:
		k.setState(subject, k.States.Returned)
		after = k.OnReturned
	default:
		if v.Next == stepOf(r) || k.OnStep == nil {
			return nil
		}
		after = func(ctx context.Context, txApp core.App, subject *core.Record) error {
			return k.OnStep(ctx, txApp, subject, s.keyOfStep(txApp, subject, v.Next))
		}
	}
	setDecision(subject, r.GetString(fieldComment))
	if after != nil {
		if err := after(ctx, txApp, subject); err != nil {
			return err
		}
	}
	if err := s.over(ctx, txApp, subject); err != nil {
		return err
	}
	if v.Outcome == "" {
		return nil
	}
	return gate.Notify(ctx, txApp, s.now(), gate.Notice{
		User: authorOf(r), Kind: "approval." + v.Outcome, Link: subject.Collection().Name + "/" + subject.Id,
		Params: map[string]any{"title": titleOf(r), "comment": r.GetString(fieldComment)},
	})
}

func (s *Service) keyOfStep(txApp core.App, subject *core.Record, step int) string {
	rows, err := chainOf(txApp, subject)
	if err != nil {
		return ""
	}
	for _, r := range rows {
		if stepOf(r) == step {
			return keyOf(r)
		}
	}
	return ""
}

// dueAt is when so many working hours from now have passed; none for the setting's.
func (s *Service) dueAt(app core.App, hours int) (time.Time, error) {
	if hours == 0 {
		var err error
		if hours, err = gate.SettingsNow(app).Whole("approval.due_hours"); err != nil {
			return time.Time{}, err
		}
	}
	calendar, err := gate.ReadCalendar(app)
	if err != nil {
		return time.Time{}, err
	}
	return calendar.AddWorkingTime(s.now(), time.Duration(hours)*time.Hour), nil
}
