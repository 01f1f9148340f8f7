package org

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
	"satchel/records"
)

func (s service) improvements() kit.Collection {
	return kit.Collection{
		Name:    records.ImprovementActionTable,
		Machine: &domain.ImprovementMachine,
		Parties: kit.Parties(records.ImprovementActions, improvementParties),
		Server: []string{
			records.ImprovementActionColResult, records.ImprovementActionColAuthor, records.ImprovementActionColManager, records.ImprovementActionColDept,
			records.ImprovementActionColDoneAt, records.ImprovementActionColVerifiedBy, records.ImprovementActionColVerifiedAt,
			records.ImprovementActionColComment, records.ImprovementActionColRemindedAt, records.ImprovementActionColOverdueAt,
		},
		Audit: gate.Audit{Fields: []string{
			records.ImprovementActionColState, records.ImprovementActionColOwner, records.ImprovementActionColDue, records.ImprovementActionColVerifiedBy,
		}, Create: true},
		Open: func(app core.App, user string) (int64, error) {
			n, err := records.ImprovementActions.Count(app, "owner = {:u} AND state = 'open'", dbx.Params{"u": user})
			return int64(n), err
		},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ImprovementActions, "improvementCreate", s.improvementCreate),
			kit.On(kit.Update, records.ImprovementActions, "improvementUpdate", improvementUpdate),
			kit.On(kit.Delete, records.ImprovementActions, "improvementDelete", func(*kit.Change[records.ImprovementAction]) error {
				return gate.Refuse("action.kept")
			}),
		},
	}
}

// improvementCreate names the author, and who is over the person responsible.
func (s service) improvementCreate(e *kit.Change[records.ImprovementAction]) error {
	owner, err := responsible(e)
	if err != nil {
		return err
	}
	if !gate.ByServer(e.RecordEvent) {
		if due := e.Row.Due(); !domain.IsDay(due) || due < domain.BusinessDay(s.now()) {
			return gate.RefuseField(records.ImprovementActionColDue, "action.due_invalid")
		}
		if actor := gate.From(e.RecordEvent).Author(); actor != nil {
			e.Row.SetAuthor(records.UserID(actor.Id))
		}
	}
	setLine(e.Row, owner)
	return e.Next()
}

// setLine fills who is over the person that a row is about.
func setLine(row interface {
	SetManager(records.UserID)
	SetDept(records.DepartmentID)
}, of records.User,
) {
	row.SetManager(of.Manager())
	row.SetDept(of.Department())
}

// responsible is who is to carry it out: somebody in office, else action.owner_required.
func responsible(e *kit.Change[records.ImprovementAction]) (owner records.User, err error) {
	owner, found, err := records.Users.Find(e.App, e.Row.Owner())
	if err == nil && (!found || !owner.Active()) {
		err = gate.RefuseField(records.ImprovementActionColOwner, "action.owner_required")
	}
	return owner, err
}

// improvementUpdate lets the author change what is asked, and who is responsible
// how he goes about it, while it is open.
func improvementUpdate(e *kit.Change[records.ImprovementAction]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	actor := gate.From(e.RecordEvent)
	if author := actor.Author(); author != nil && author.Id != string(e.Row.Author()) {
		err := gate.LockFields(e.RecordEvent, records.ImprovementActionColTitle, records.ImprovementActionColCause, records.ImprovementActionColDue,
			records.ImprovementActionColOwner, records.ImprovementActionColRefCollection, records.ImprovementActionColRefID)
		if err != nil {
			return err
		}
	}
	if state := string(e.Row.State()); state != domain.ActionOpen {
		return gate.Refuse("action.state", "from", state, "action", "edit")
	}
	if e.Row.Owner() != e.Before().Owner() {
		owner, err := responsible(e)
		if err != nil {
			return err
		}
		if actor.User != nil {
			if err := mayLead(gate.With(context.Background(), actor), e.App, owner.ID()); err != nil {
				return err
			}
		}
		setLine(e.Row, owner)
	}
	if e.Row.Due() != e.Before().Due() {
		e.Row.SetRemindedAt(time.Time{})
		e.Row.SetOverdueAt(time.Time{})
	}
	return e.Next()
}

// improvementParties is what the actor is to an improvement: who is responsible
// is never its author or his own superior.
func improvementParties(ctx context.Context, tx core.App, row records.ImprovementAction) ([]domain.Party, error) {
	actor := gate.Of(ctx).Author()
	switch {
	case actor == nil:
		return nil, nil
	case actor.Id == string(row.Owner()):
		return []domain.Party{domain.PartyOwner}, nil
	case actor.Id == string(row.Author()):
		return []domain.Party{domain.PartyAuthor}, nil
	}
	err := mayLead(ctx, tx, row.Owner())
	if err == nil {
		return []domain.Party{domain.PartySuperior}, nil
	}
	if _, _, refused := gate.ProblemOf(err); refused {
		return nil, nil
	}
	return nil, err
}

// outcome is what was done.
type outcome struct {
	Result string `json:"result"`
}

// done says what was done: action.text_required.
func (s service) done(ctx context.Context, tx core.App, row records.ImprovementAction, args outcome) error {
	if strings.TrimSpace(args.Result) == "" {
		return gate.Refuse("action.text_required")
	}
	row.SetResult(args.Result)
	row.SetDoneAt(s.now())
	by := row.Author()
	if by == row.Owner() || by == "" {
		by = row.Manager()
	}
	return gate.Notify(ctx, tx, s.now(), gate.Notice{
		User: string(by), Kind: "action.verify", Params: map[string]any{"title": row.Title()}, Link: improvementLink(row),
	})
}

func improvementLink(row records.ImprovementAction) string {
	return records.ImprovementActionTable + "/" + string(row.ID())
}

// verdict is what was found of an improvement.
type verdict struct {
	Comment string `json:"comment"`
}

// verify finds that it helped.
func (s service) verify(ctx context.Context, _ core.App, row records.ImprovementAction, args verdict) error {
	row.SetVerifiedBy(records.UserID(gate.Of(ctx).Author().Id))
	row.SetVerifiedAt(s.now())
	row.SetComment(args.Comment)
	return nil
}

// sendBack finds that it did not help, or is not to be done: action.text_required.
func (s service) sendBack(ctx context.Context, tx core.App, row records.ImprovementAction, args verdict) error {
	if strings.TrimSpace(args.Comment) == "" {
		return gate.Refuse("action.text_required")
	}
	return s.verify(ctx, tx, row, args)
}
