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
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// kind is a collection whose rows are approved, with its defaults filled.
type kind struct{ kit.Approval }

// Service is the area's state.
type Service struct {
	now   func() time.Time
	kinds map[string]*kind
}

// New takes the kinds of all areas.
func New(cfg gate.Config, kinds ...kit.Approval) *Service {
	s := &Service{now: cfg.Now, kinds: map[string]*kind{}}
	for _, k := range kinds {
		if k.Author == "" {
			k.Author = "owner"
		}
		if k.State == "" {
			k.State = "state"
		}
		if k.States == (kit.States{}) {
			k.States = kit.UsualStates
		}
		s.kinds[k.Collection] = &kind{k}
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
