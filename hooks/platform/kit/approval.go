package kit

import (
	"context"
	"encoding/json/jsontext"
	"reflect"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
)

// Approval is a collection whose rows are approved. Its migration gives it the
// fields of reviewed(); its REST rule shows rows to reviewers, its sync rule has
// the key user:{reviewers}.
type Approval struct {
	Collection string
	// Author is the field that names who submits; "owner" if empty.
	Author string
	// State is the field of the state; "state" if empty.
	State string
	// States are the names that the collection has for them; see UsualStates.
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
	// Open are the states, beside States.Submitted, that steps of the route name.
	Open []string
	// Route names the steps of a subject's chain, at each submit. Without any the
	// submit itself approves.
	Route func(txApp core.App, subject *core.Record) ([]people.ApprovalStep, error)
	// Snapshot is what is signed beside Content, such as lines; may be nil.
	Snapshot func(txApp core.App, subject *core.Record) (map[string]any, error)

	// Callbacks run in the transaction, before the subject is saved with its new
	// state: they may change it and write elsewhere. An error refuses the step.
	OnSubmit, OnWithdrawn, OnApproved, OnRejected, OnReturned func(ctx context.Context, txApp core.App, subject *core.Record) error
	// Submit is OnSubmit with arguments of the kind's own; nil if it takes none.
	Submit *Carried
	// Decide carries out the data of a decision: it judges them, may change the
	// subject and its parts, and knows the decision from StepOf(ctx). Who decides
	// after it signs what it left. Nil if decisions carry none.
	Decide *Carried
	// OnStep runs when another step of the chain has become open.
	OnStep func(ctx context.Context, txApp core.App, subject *core.Record, step string) error
}

// States of a subject.
type States struct{ Draft, Submitted, Approved, Rejected, Returned string }

// UsualStates are the states of a collection that has no names of its own. A subject
// is withdrawn to Draft, and submitted from Draft, Returned or Rejected.
var UsualStates = States{Draft: "draft", Submitted: "submitted", Approved: "approved", Rejected: "rejected", Returned: "returned"}

// Carried is a callback of a chain that takes what came with the step.
type Carried struct {
	Args reflect.Type
	Run  func(ctx context.Context, txApp core.App, subject *core.Record, raw jsontext.Value) error
}

// Carrying makes a callback that reads its arguments strictly.
func Carrying[A any](run func(ctx context.Context, txApp core.App, subject *core.Record, args A) error) *Carried {
	return &Carried{reflect.TypeFor[A](), func(ctx context.Context, txApp core.App, subject *core.Record, raw jsontext.Value) error {
		var args A
		if err := gate.Args(raw, &args); err != nil {
			return err
		}
		return run(ctx, txApp, subject, args)
	}}
}
