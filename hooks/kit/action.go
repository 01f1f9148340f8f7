package kit

import (
	"context"
	"encoding/json/jsontext"
	"reflect"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/records"
)

// None are the arguments of an action that has none.
type None struct{}

// Do makes an action. By the time that run is called, the machine has let the
// step through and its state stands in the row, and args are read; the row is
// saved after it, as the server's own write.
func Do[R any, ID ~string, A any](c records.Collection[R, ID], verb string, run func(ctx context.Context, tx core.App, row R, args A) error) Action {
	return Action{
		Name: c.Name() + "." + verb, Args: reflect.TypeFor[A](),
		run: func(ctx context.Context, tx core.App, record *core.Record, raw jsontext.Value) error {
			var args A
			if err := gate.Args(raw, &args); err != nil {
				return err
			}
			if err := run(ctx, tx, c.Of(record), args); err != nil {
				return err
			}
			if len(gate.Changed(record)) == 0 {
				return nil
			}
			return tx.SaveWithContext(gate.AsServer(ctx), record)
		},
	}
}

// stepped puts the machine of a collection before an action that is a step of it.
func (c Collection) stepped(verb string, run gate.Action) gate.Action {
	if c.Machine == nil || !c.Machine.Has(verb) {
		return run
	}
	field := c.Machine.StateField()
	return func(ctx context.Context, tx core.App, row *core.Record, raw jsontext.Value) error {
		by, err := c.Parties(ctx, tx, row)
		if err != nil {
			return err
		}
		state := row.GetString(field)
		step, err := c.Machine.Take(state, verb, by, nil)
		if err != nil {
			return gate.WrapError(err)
		}
		row.Set(field, step.Next(state))
		return run(ctx, tx, row, raw)
	}
}

// Parties takes what somebody is to a row of a collection.
func Parties[R any, ID ~string](c records.Collection[R, ID], of func(ctx context.Context, tx core.App, row R) ([]domain.Party, error)) func(context.Context, core.App, *core.Record) ([]domain.Party, error) {
	return func(ctx context.Context, tx core.App, record *core.Record) ([]domain.Party, error) {
		return of(ctx, tx, c.Of(record))
	}
}
