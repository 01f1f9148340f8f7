package org

import (
	"context"
	"time"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) improvements() kit.Collection {
	return kit.Collection{
		Name:    records.ImprovementActionTable,
		Machine: &people.ImprovementMachine,
		Parties: kit.Parties(records.ImprovementActions, improvementParties),
		Server: []string{
			records.ImprovementActionColResult, records.ImprovementActionColAuthor, records.ImprovementActionColManager, records.ImprovementActionColDept,
			records.ImprovementActionColDoneAt, records.ImprovementActionColVerifiedBy, records.ImprovementActionColVerifiedAt,
			records.ImprovementActionColComment, records.ImprovementActionColRemindedAt, records.ImprovementActionColOverdueAt,
		},
		Audit: gate.Audit{Fields: []string{
			records.ImprovementActionColState, records.ImprovementActionColOwner, records.ImprovementActionColDue, records.ImprovementActionColVerifiedBy,
		}, Create: true},
		Open: kit.Open(records.ImprovementActions, "owner = {:user} AND state = 'open'"),
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
	if state := string(e.Row.State()); state != people.ActionOpen {
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
