package org

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// remindDays is how many days before its due day an improvement is recalled.
const remindDays = 2

// improvementCreate names the author, and who is over the person responsible.
func (s *service) improvementCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.ActionOpen)
	}
	owner, err := e.App.FindRecordById(gate.Users, ownerOf(e.Record))
	if err != nil || !owner.GetBool("active") {
		return gate.RefuseField(fieldOwner, "action.owner_required")
	}
	if !gate.ByServer(e) {
		if stateOf(e.Record) != domain.ActionOpen {
			return gate.RefuseField(fieldState, "field.locked")
		}
		if err := gate.LockFields(e, "result"); err != nil {
			return err
		}
		for _, f := range improvementFilled {
			if f != fieldState {
				if err := gate.LockFields(e, f); err != nil {
					return err
				}
			}
		}
		if !domain.IsDay(dueOf(e.Record)) || dueOf(e.Record) < domain.BusinessDay(s.now()) {
			return gate.RefuseField("due", "action.due_invalid")
		}
		if actor := gate.From(e).Author(); actor != nil {
			e.Record.Set("author", actor.Id)
		}
	}
	setLine(e.Record, owner)
	return e.Next()
}

// improvementUpdate lets the author change what is asked, and who is responsible
// how he goes about it, while it is open.
func (s *service) improvementUpdate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	locked := append([]string{"result"}, improvementFilled...)
	if actor := gate.From(e).Author(); actor != nil && actor.Id != authorOf(e.Record) {
		locked = append(locked, "title", "cause", "due", fieldOwner, "ref_collection", "ref_id")
	}
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	if stateOf(e.Record) != domain.ActionOpen {
		return gate.Refuse("action.state", "from", stateOf(e.Record), "action", "edit")
	}
	if ownerOf(e.Record) != ownerOf(e.Record.Original()) {
		owner, err := e.App.FindRecordById(gate.Users, ownerOf(e.Record))
		if err != nil || !owner.GetBool("active") {
			return gate.RefuseField(fieldOwner, "action.owner_required")
		}
		if actor := gate.From(e); actor.User != nil {
			if err := mayLead(gate.With(context.Background(), actor), e.App, owner.Id); err != nil {
				return err
			}
		}
		setLine(e.Record, owner)
	}
	if dueOf(e.Record) != dueOf(e.Record.Original()) {
		e.Record.Set("reminded_at", "")
		e.Record.Set("overdue_at", "")
	}
	return e.Next()
}

// done args: {result}, by who is responsible.
func (s *service) done(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	var args struct {
		Result string `json:"result"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != ownerOf(r) {
		return gate.Refuse("action.not_owner")
	}
	next, err := domain.ImprovementMove(stateOf(r), domain.ActionDone)
	if err != nil {
		return gate.WrapError(err)
	}
	if strings.TrimSpace(args.Result) == "" {
		return gate.Refuse("action.text_required")
	}
	setDone(r, next, args.Result, s.now())
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return err
	}
	by := authorOf(r)
	if by == ownerOf(r) || by == "" {
		by = managerOf(r)
	}
	return gate.Notify(ctx, txApp, s.now(), gate.Notice{User: by, Kind: "action.verify", Params: map[string]any{"title": titleOf(r)}, Link: improvements + "/" + r.Id})
}

// verify args: {comment}, by the author or a superior, never by who is responsible.
func (s *service) verify(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	return s.judge(ctx, txApp, r, raw, domain.ActionVerify, false)
}

// reopen args: {comment}: it did not help. By the same people as verify.
func (s *service) reopen(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	return s.judge(ctx, txApp, r, raw, domain.ActionReopen, true)
}

// cancelImprovement args: {comment}. By the same people as verify.
func (s *service) cancelImprovement(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	return s.judge(ctx, txApp, r, raw, domain.ActionCancel, true)
}

func (s *service) judge(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value, step string, needsText bool) error {
	var args struct {
		Comment string `json:"comment"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	actor := gate.Of(ctx).Author()
	if actor == nil || actor.Id == ownerOf(r) {
		return gate.Refuse("action.verify_other")
	}
	if actor.Id != authorOf(r) {
		if err := mayLead(ctx, txApp, ownerOf(r)); err != nil {
			return gate.Refuse("action.verify_other")
		}
	}
	next, err := domain.ImprovementMove(stateOf(r), step)
	if err != nil {
		return gate.WrapError(err)
	}
	if needsText && strings.TrimSpace(args.Comment) == "" {
		return gate.Refuse("action.text_required")
	}
	setVerdict(r, next, actor.Id, args.Comment, s.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

// remindImprovements recalls what is due in two days, and tells of what is
// overdue the person and his manager; once each.
func (s *service) remindImprovements(app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	return app.RunInTransaction(func(txApp core.App) error {
		rows, err := txApp.FindRecordsByFilter(improvements, "state = 'open' && due <= {:soon} && overdue_at = ''", "due,id", 0, 0,
			dbx.Params{"soon": domain.AddDays(today, remindDays)})
		if err != nil {
			return fmt.Errorf("failed to read improvements that are due: %w", err)
		}
		for _, r := range rows {
			n := gate.Notice{
				User: ownerOf(r), Kind: "action.due", Link: improvements + "/" + r.Id, Params: map[string]any{"title": titleOf(r), "due": dueOf(r)},
			}
			notices, field := []gate.Notice{n}, "reminded_at"
			switch {
			case dueOf(r) < today:
				field = "overdue_at"
				notices[0].Kind = "action.overdue"
				n.Kind, n.User = "action.overdue", managerOf(r)
				notices = append(notices, n)
			case !r.GetDateTime(field).IsZero():
				continue
			}
			r.Set(field, now)
			ctx := gate.AsServer(context.Background())
			if err := txApp.SaveWithContext(ctx, r); err != nil {
				return fmt.Errorf("failed to note a reminder: %w", err)
			}
			if err := gate.Notify(ctx, txApp, now, notices...); err != nil {
				return err
			}
		}
		return nil
	})
}
