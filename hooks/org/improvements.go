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
	"satchel/records"
)

// remindDays is how many days before its due day an improvement is recalled.
const remindDays = 2

// improvementCreate names the author, and who is over the person responsible.
func (s *service) improvementCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.ActionOpen)
	}
	owner, err := responsible(e)
	if err != nil {
		return err
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

// responsible is who is to carry it out: somebody in office, else action.owner_required.
func responsible(e *core.RecordEvent) (*core.Record, error) {
	owner, found, err := records.Users.Find(e.App, records.UserID(ownerOf(e.Record)))
	if err != nil {
		return nil, err
	}
	if !found || !owner.Active() {
		return nil, gate.RefuseField(fieldOwner, "action.owner_required")
	}
	return owner.Raw(), nil
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
		owner, err := responsible(e)
		if err != nil {
			return err
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
	next, err := takeStep(ctx, txApp, r, domain.ActionDone)
	if err != nil {
		return err
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
	next, err := takeStep(ctx, txApp, r, step)
	if err != nil {
		return err
	}
	if needsText && strings.TrimSpace(args.Comment) == "" {
		return gate.Refuse("action.text_required")
	}
	setVerdict(r, next, gate.Of(ctx).Author().Id, args.Comment, s.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

// takeStep is the state after a step of the actor's.
func takeStep(ctx context.Context, txApp core.App, r *core.Record, verb string) (string, error) {
	by, err := improvementParties(ctx, txApp, r)
	if err != nil {
		return "", err
	}
	step, err := domain.ImprovementMachine.Take(stateOf(r), verb, by, nil)
	if err != nil {
		return "", gate.WrapError(err)
	}
	return step.Next(stateOf(r)), nil
}

func improvementParties(ctx context.Context, txApp core.App, r *core.Record) ([]domain.Party, error) {
	actor := gate.Of(ctx).Author()
	switch {
	case actor == nil:
		return nil, nil
	case actor.Id == ownerOf(r):
		return []domain.Party{domain.PartyOwner}, nil
	case actor.Id == authorOf(r):
		return []domain.Party{domain.PartyAuthor}, nil
	}
	err := mayLead(ctx, txApp, ownerOf(r))
	if err == nil {
		return []domain.Party{domain.PartySuperior}, nil
	}
	if _, _, refused := gate.ProblemOf(err); refused {
		return nil, nil
	}
	return nil, err
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
