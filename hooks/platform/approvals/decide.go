package approvals

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// decided are the arguments of a decision; data are the kind's own.
type decided struct {
	Comment string         `json:"comment"`
	Data    jsontext.Value `json:"data"`
}

// decision makes an action of approve, reject or return. To reject and to return
// need a comment.
func (s *Service) decision(name string) func(context.Context, core.App, *core.Record, decided) error {
	return func(ctx context.Context, txApp core.App, record *core.Record, args decided) error {
		r := records.Approvals.Of(record)
		actor := gate.Of(ctx).Author()
		switch {
		case actor == nil:
			return gate.Refuse("approval.not_approver")
		case actor.Id == string(r.Author()):
			return gate.Refuse("approval.own")
		case actor.Id != string(r.Approver()):
			return gate.Refuse("approval.not_approver")
		case name != people.ApprovalApprove && strings.TrimSpace(args.Comment) == "":
			return gate.Refuse("approval.comment_required")
		}
		return s.decide(ctx, txApp, r, name, args)
	}
}

func (s *Service) decide(ctx context.Context, txApp core.App, r records.Approval, name string, args decided) error {
	k := s.kinds[r.RefCollection()]
	if k == nil {
		return gate.Refuse("approval.stale")
	}
	subject, err := txApp.FindRecordById(r.RefCollection(), r.RefID())
	if errors.Is(err, sql.ErrNoRows) {
		return gate.Refuse("approval.stale")
	}
	if err != nil {
		return fmt.Errorf("find what is approved: %w", err)
	}
	rows, err := chain(txApp, r.RefCollection(), r.RefID(), r.Round())
	if err != nil {
		return err
	}
	verdict, err := people.Decide(rowsOf(rows), string(r.ID()), name)
	if err != nil {
		return gate.WrapError(err)
	}
	content, err := k.contentOf(txApp, subject)
	if err != nil {
		return err
	}
	if roundOf(subject) != r.Round() || people.ContentHash(content) != r.ContentHash() {
		return gate.Refuse("approval.stale") // it was changed past the hooks
	}
	data, err := k.dataOf(args.Data)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if row.ID() == r.ID() {
			rows[i] = r // the caller answers with what it is now
			sign(r, content, data, name, args.Comment, s.now())
		}
	}
	if data != nil {
		if err := s.carry(ctx, txApp, k, subject, rows, r, verdict, args.Data); err != nil {
			return err
		}
	}
	if err := s.apply(ctx, txApp, rows, verdict); err != nil {
		return err
	}
	return s.finish(ctx, txApp, k, subject, rows, r, verdict)
}

// dataOf reads what a decision carries; none if nothing came along.
func (k *kind) dataOf(raw jsontext.Value) (data map[string]any, err error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if k.Decide == nil || json.Unmarshal(raw, &data) != nil {
		return nil, gate.Refuse("args.invalid")
	}
	return data, nil
}

// carry lets the kind do what a decision's data say; who decides after it signs
// what they left. Colleagues of the same step have signed, or read, what was before.
func (s *Service) carry(ctx context.Context, txApp core.App, k *kind, subject *core.Record, rows []records.Approval, r records.Approval, v people.Verdict, raw jsontext.Value) error {
	if v.Next == r.Step() {
		return gate.Refuse("approval.data_alone")
	}
	if err := k.Decide.Run(ctx, txApp, subject, raw); err != nil {
		return err
	}
	content, err := k.contentOf(txApp, subject)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.State() != people.ApprovalWaiting {
			continue
		}
		row.SetContent(content)
		row.SetContentHash(people.ContentHash(content))
		if err := save(ctx, txApp, row); err != nil {
			return err
		}
	}
	return nil
}

// apply saves what a verdict changes of a chain, and asks those whose turn it is.
func (s *Service) apply(ctx context.Context, txApp core.App, rows []records.Approval, v people.Verdict) error {
	for _, row := range rows {
		state, changed := v.States[string(row.ID())]
		if !changed {
			continue
		}
		if state == people.ApprovalPending {
			if err := s.ask(ctx, txApp, row); err != nil {
				return err
			}
			continue
		}
		row.SetState(records.ApprovalState(state))
		if err := save(ctx, txApp, row); err != nil {
			return err
		}
	}
	return nil
}

// finish tells the subject how a decision left the chain.
func (s *Service) finish(ctx context.Context, txApp core.App, k *kind, subject *core.Record, rows []records.Approval, r records.Approval, v people.Verdict) error {
	var after func(ctx context.Context, txApp core.App, subject *core.Record) error
	switch v.Outcome {
	case people.ApprovalApproved:
		k.setState(subject, k.States.Approved)
		after = k.OnApproved
	case people.ApprovalRejected:
		k.setState(subject, k.States.Rejected)
		after = k.OnRejected
	case people.ApprovalReturned:
		k.setState(subject, k.States.Returned)
		after = k.OnReturned
	default:
		if v.Next == r.Step() {
			return nil
		}
		next := rows[slices.IndexFunc(rows, func(row records.Approval) bool { return row.Step() == v.Next })]
		k.setState(subject, cmp.Or(next.SubjectState(), k.States.Submitted))
		if k.OnStep != nil {
			after = func(ctx context.Context, txApp core.App, subject *core.Record) error {
				return k.OnStep(ctx, txApp, subject, next.Key())
			}
		} else if !gate.HasChanged(subject) {
			return nil
		}
	}
	setDecision(subject, r.Comment())
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
		User: string(r.Author()), Kind: "approval." + v.Outcome, Link: subject.Collection().Name + "/" + subject.Id,
		Params: map[string]any{"title": r.Title(), "comment": r.Comment()},
	})
}

// dueAt is when so many working hours from now have passed; none for the setting's.
func (s *Service) dueAt(app core.App, hours int) (time.Time, error) {
	if hours == 0 {
		var err error
		if hours, err = gate.SettingsNow(app).ApprovalDueHours(); err != nil {
			return time.Time{}, err
		}
	}
	calendar, err := gate.ReadCalendar(app)
	if err != nil {
		return time.Time{}, err
	}
	return calendar.AddWorkingTime(s.now(), time.Duration(hours)*time.Hour), nil
}
