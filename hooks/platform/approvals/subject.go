package approvals

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// created makes a new subject a draft; the mechanism's fields are its own.
func (k *kind) created(e *core.RecordEvent) error {
	if k.stateOf(e.Record) == "" {
		k.setState(e.Record, k.States.Draft)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if k.stateOf(e.Record) != k.States.Draft {
		return gate.RefuseField(k.State, "field.locked")
	}
	if err := gate.LockFields(e, filled...); err != nil {
		return err
	}
	return e.Next()
}

// edited refuses an edit of what is being approved, or was; or starts the chain
// anew, if the kind wants that. Fields that are not signed stay open.
func (s *Service) edited(e *core.RecordEvent, k *kind) error {
	if gate.ByServer(e) {
		if err := s.left(e, k); err != nil {
			return err
		}
		return e.Next()
	}
	if err := gate.LockFields(e, append([]string{k.State, k.Author}, filled...)...); err != nil {
		return err
	}
	_, signed := gate.Difference(e.Record, k.Content)
	state := k.stateOf(e.Record)
	if len(signed) == 0 || k.editable(state) {
		return e.Next()
	}
	if !k.open(state) || !k.EditResets {
		return gate.Refuse("approval.locked")
	}
	if err := e.Next(); err != nil {
		return err
	}
	return s.reset(e, k, e.Record)
}

// left ends the chain of a subject that leaves its review by another way than the
// chain: cancelled, or put right by an administrator.
func (s *Service) left(e *core.RecordEvent, k *kind) error {
	if !k.open(k.stateOf(records.Before(e.Record))) || k.open(k.stateOf(e.Record)) {
		return nil
	}
	rows, err := chainOf(e.App, e.Record)
	if err != nil {
		return err
	}
	ended := people.Verdict{States: map[string]string{}}
	for _, r := range rows {
		if r.State() == people.ApprovalWaiting || r.State() == people.ApprovalPending {
			ended.States[string(r.ID())] = people.ApprovalWithdrawn
		}
	}
	if len(ended.States) == 0 {
		return nil // the chain itself has led it out
	}
	if err := s.apply(e.Context, e.App, rows, ended); err != nil {
		return err
	}
	chart, err := gate.ReadChart(e.App)
	if err != nil {
		return err
	}
	return s.show(e.Context, e.App, e.Record, chart, false)
}

// Edited tells that what a subject's Snapshot reads has changed: refused or
// starting anew like an edit of the subject itself. For lines and the like,
// called after the line was saved, in its transaction.
func (s *Service) Edited(e *core.RecordEvent, collection, id string) error {
	k := s.kinds[collection]
	if gate.ByServer(e) {
		return nil
	}
	subject, err := e.App.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return gate.Refuse("record.not_found")
	}
	if err != nil {
		return err
	}
	state := k.stateOf(subject)
	switch {
	case k.editable(state):
		return nil
	case !k.open(state) || !k.EditResets:
		return gate.Refuse("approval.locked")
	}
	return s.reset(e, k, subject)
}

// reset makes the chain stale and begins the next round.
func (s *Service) reset(e *core.RecordEvent, k *kind, subject *core.Record) error {
	rows, err := chainOf(e.App, subject)
	if err != nil {
		return err
	}
	ctx := gate.With(e.Context, gate.From(e))
	before := rowsOf(rows)
	if err := s.apply(ctx, e.App, rows, people.Supersede(before)); err != nil {
		return err
	}
	for i, r := range rows {
		if before[i].State != people.ApprovalApproved {
			continue
		}
		err := gate.Notify(ctx, e.App, s.now(), gate.Notice{
			User: string(r.Approver()), Kind: "approval.reset", Params: map[string]any{"title": r.Title()}, Link: subject.Collection().Name + "/" + subject.Id,
		})
		if err != nil {
			return err
		}
	}
	fresh, err := e.App.FindRecordById(subject.Collection(), subject.Id)
	if err != nil {
		return err
	}
	if err := s.begin(ctx, e.App, k, fresh); err != nil {
		return err
	}
	subject.Load(fresh.FieldsData())
	return nil
}

// deleted keeps what was ever submitted.
func (k *kind) deleted(e *core.RecordEvent) error {
	if roundOf(e.Record) > 0 || !k.editable(k.stateOf(e.Record)) {
		return gate.Refuse("approval.kept")
	}
	return e.Next()
}
