package kit

import (
	"context"
	"encoding/json/jsontext"
	"reflect"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// None are the arguments of an action that has none.
type None struct{}

// Step is what an action does to its row's state, and what was asked for.
type Step struct {
	Action string         // its verb
	From   string         // the state before; empty without a machine
	Raw    jsontext.Value // the arguments as they came
}

type stepKey struct{}

// StepOf is the step that a running action takes.
func StepOf(ctx context.Context) Step {
	if ctx == nil {
		return Step{}
	}
	s, _ := ctx.Value(stepKey{}).(Step)
	return s
}

// Do makes an action. By the time that run is called, the machine has let the
// step through and its state stands in the row, and args are read; the row is
// saved after it, as the server's own write, if anything of it has changed.
func Do[R any, ID ~string, A any](c records.Collection[R, ID], verb string, run func(ctx context.Context, tx core.App, row R, args A) error) Action {
	return Action{
		Name: c.Name() + "." + verb, Args: reflect.TypeFor[A](), saves: true,
		run: func(ctx context.Context, tx core.App, record *core.Record, raw jsontext.Value) error {
			var args A
			if err := gate.Args(raw, &args); err != nil {
				return err
			}
			step := StepOf(ctx)
			step.Action, step.Raw = verb, raw
			return run(context.WithValue(ctx, stepKey{}, step), tx, c.Of(record), args)
		},
	}
}

// Guarded gives an action what its machine's guards ask: whether the condition
// behind a code holds. facts may read the arguments from StepOf(ctx).Raw.
func Guarded[R any, ID ~string](c records.Collection[R, ID], a Action, facts func(ctx context.Context, tx core.App, row R) (holds func(guard string) bool, err error)) Action {
	a.facts = func(ctx context.Context, tx core.App, record *core.Record) (func(string) bool, error) {
		return facts(ctx, tx, c.Of(record))
	}
	return a
}

// DoAny makes an action that asks no machine and saves by itself, on rows of a
// collection that its area may not know.
func DoAny[A any](collection, verb string, run func(ctx context.Context, tx core.App, record *core.Record, args A) error) Action {
	return Action{
		Name: collection + "." + verb, Args: reflect.TypeFor[A](), free: true,
		run: func(ctx context.Context, tx core.App, record *core.Record, raw jsontext.Value) error {
			var args A
			if err := gate.Args(raw, &args); err != nil {
				return err
			}
			return run(context.WithValue(ctx, stepKey{}, Step{Action: verb, Raw: raw}), tx, record, args)
		},
	}
}

// Free lets an action choose for itself when its machine is asked, by Take.
func Free(a Action) Action {
	a.free = true
	return a
}

// saved saves the row after an action, if anything of it has changed.
func (a Action) saved(ctx context.Context, tx core.App, record *core.Record, raw jsontext.Value) error {
	if err := a.run(ctx, tx, record, raw); err != nil {
		return err
	}
	if !a.saves || !gate.HasChanged(record) {
		return nil
	}
	return tx.SaveWithContext(gate.AsServer(ctx), record)
}

// stepped puts the machine of a collection before an action that is a step of it.
func (c Collection) stepped(a Action) gate.Action {
	_, verb, _ := strings.Cut(a.Name, ".")
	if c.Machine == nil || a.free || !c.Machine.Has(verb) {
		return a.saved
	}
	return func(ctx context.Context, tx core.App, row *core.Record, raw jsontext.Value) error {
		ctx = context.WithValue(ctx, stepKey{}, Step{Action: verb, Raw: raw})
		var facts func(string) bool
		var fault error
		from, err := c.Take(ctx, tx, row, verb, func(guard string) bool { // asked of who may, and only then
			if facts == nil && fault == nil && a.facts != nil {
				facts, fault = a.facts(ctx, tx, row)
			}
			return fault == nil && facts != nil && facts(guard)
		})
		if fault != nil {
			return fault
		}
		if err != nil {
			return err
		}
		return a.saved(context.WithValue(ctx, stepKey{}, Step{Action: verb, From: from, Raw: raw}), tx, row, raw)
	}
}

// Take puts the row into the state that a step leads to, and returns the one before.
func (c Collection) Take(ctx context.Context, tx core.App, row *core.Record, verb string, holds func(guard string) bool) (from string, err error) {
	by, err := c.Parties(ctx, tx, row)
	if err != nil {
		return "", err
	}
	field := c.Machine.StateField()
	from = column(row, field)
	step, err := c.Machine.Take(from, verb, by, holds)
	if err != nil {
		return from, gate.WrapError(err)
	}
	setColumn(row, field, step.Next(from))
	return from, nil
}

// Parties takes what somebody is to a row of a collection.
func Parties[R any, ID ~string](c records.Collection[R, ID], of func(ctx context.Context, tx core.App, row R) ([]domain.Party, error)) func(context.Context, core.App, *core.Record) ([]domain.Party, error) {
	return func(ctx context.Context, tx core.App, record *core.Record) ([]domain.Party, error) {
		return of(ctx, tx, c.Of(record))
	}
}
