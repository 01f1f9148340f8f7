// Package approvals is the one mechanism behind every chain of approval: plans,
// contracts, budgets, claims. An area says what is approved and by which route;
// the mechanism finds the people, asks them in order, and tells the area how it
// ended.
//
// A chain is the rows of approvals with one ref_collection, ref_id and round.
// A row is for one content: an edit makes the rows stale and new ones, so that
// nobody signs what he has not seen. A decision may come from a phone that was
// offline; it counts if the row is still open.
package approvals

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Kind is a collection whose rows are approved. Its migration gives it the
// fields of reviewed(); its REST rule shows rows to reviewers, its sync rule has
// the key user:{reviewers}.
type Kind struct {
	Collection string
	// Author is the field that names who submits; "owner" if empty.
	Author string
	// State is the field of the state; "state" if empty.
	State string
	// States are the names that the collection has for them; see Usual.
	States States
	// Content are the fields that are signed. While a chain is open, and after
	// it passed, an edit of them is refused, or resets the chain.
	Content []string
	// EditResets lets the author edit while a chain is open; all decide anew.
	EditResets bool
	// Oversight is a role that sees the chain beside those who are of it, such as "finance".
	Oversight string
	// Title is what people know a subject by.
	Title func(subject *core.Record) string
	// Route names the steps of a subject's chain, at each submit.
	Route func(txApp core.App, subject *core.Record) ([]domain.ApprovalStep, error)
	// Snapshot is what is signed beside Content, such as lines; may be nil.
	Snapshot func(txApp core.App, subject *core.Record) (map[string]any, error)

	// Callbacks run in the transaction, before the subject is saved with its new
	// state: they may change it and write elsewhere. An error refuses the step.
	OnSubmit, OnWithdrawn, OnApproved, OnRejected, OnReturned func(ctx context.Context, txApp core.App, subject *core.Record) error
	// OnStep runs when another step of the chain has become open.
	OnStep func(ctx context.Context, txApp core.App, subject *core.Record, step string) error
}

// States of a subject.
type States struct{ Draft, Submitted, Approved, Rejected, Returned string }

// Usual are the states of a collection that has no names of its own. A subject
// is withdrawn to Draft, and submitted from Draft, Returned or Rejected.
var Usual = States{Draft: "draft", Submitted: "submitted", Approved: "approved", Rejected: "rejected", Returned: "returned"}

// Service is the area's state.
type Service struct {
	now   func() time.Time
	kinds map[string]*Kind
}

// New takes the kinds of all areas.
func New(cfg gate.Config, kinds ...Kind) *Service {
	s := &Service{now: cfg.Now, kinds: map[string]*Kind{}}
	for _, k := range kinds {
		if k.Author == "" {
			k.Author = "owner"
		}
		if k.State == "" {
			k.State = "state"
		}
		if k.States == (States{}) {
			k.States = Usual
		}
		s.kinds[k.Collection] = &k
	}
	return s
}

// Bind registers the area's events.
func (s *Service) Bind(app core.App) {
	app.OnRecordCreate(approvals).Bind(gate.Named("approvalCreate", onlyServer))
	app.OnRecordUpdate(approvals).Bind(gate.Named("approvalUpdate", onlyServer))
	app.OnRecordDelete(approvals).Bind(gate.Named("approvalDelete", func(*core.RecordEvent) error { return gate.Refuse("approval.kept") }))
	for name, k := range s.kinds { // a handler takes the place of one with its name, whatever the collection
		app.OnRecordCreate(name).Bind(gate.Named("approvalSubjectCreate:"+name, gate.Atomic(k.created)))
		app.OnRecordUpdate(name).Bind(gate.Named("approvalSubjectUpdate:"+name, gate.Atomic(func(e *core.RecordEvent) error { return s.edited(e, k) })))
		app.OnRecordDelete(name).Bind(gate.Named("approvalSubjectDelete:"+name, gate.Atomic(k.deleted)))
	}
}

// Actions are the area's state changes: submit and withdraw on each kind's
// collection, the decisions on rows of approvals.
func (s *Service) Actions() gate.Actions {
	out := gate.Actions{
		approvals + "." + domain.ApprovalApprove: s.decision(domain.ApprovalApprove),
		approvals + "." + domain.ApprovalReject:  s.decision(domain.ApprovalReject),
		approvals + "." + domain.ApprovalReturn:  s.decision(domain.ApprovalReturn),
	}
	for name := range s.kinds {
		out[name+"."+domain.ApprovalSubmit] = s.submit
		out[name+"."+domain.ApprovalWithdraw] = s.withdraw
	}
	return out
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{approvals: {Fields: []string{fieldState, fieldApprover, fieldComment, fieldSignature}}}
}

// onlyServer refuses every other hand: approvals are made and decided by actions.
func onlyServer(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	return gate.RefuseField(fieldState, "field.locked")
}
