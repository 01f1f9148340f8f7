package kit

import (
	"slices"

	"satchel/records"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// standing are the rules that a collection's declarations make, before its own.
func (c Collection) standing() (out []Rule) {
	if c.Owned != nil {
		out = append(out, Rule{Create, c.Name, "owned", c.Owned.create}, Rule{Update, c.Name, "owned", c.Owned.update})
	}
	if c.Personal != nil {
		out = append(out, Rule{Create, c.Name, "personal", c.Personal.create}, Rule{Update, c.Name, "personal", c.Personal.update})
	}
	if c.Hung {
		out = append(out, Rule{Create, c.Name, "hung", hung}, Rule{Update, c.Name, "hung", hung})
	}
	if c.Machine != nil || c.Server != nil || c.Once != nil {
		out = append(out, Rule{Create, c.Name, "begins", c.begins}, Rule{Update, c.Name, "fixed", c.fixed})
	}
	return out
}

// hung takes the row's department from its account.
func hung(e *core.RecordEvent) error {
	if err := gate.InheritFromAccount(e); err != nil {
		return err
	}
	return e.Next()
}

// begins puts a new row into its first state, and refuses what the server fills.
func (c Collection) begins(e *core.RecordEvent) error {
	if c.Begins != nil {
		if err := c.Begins(e); err != nil {
			return err
		}
	}
	if c.Machine != nil && column(e.Record, c.Machine.StateField()) == "" {
		setColumn(e.Record, c.Machine.StateField(), c.Machine.Initial()[0])
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if c.Machine != nil && !slices.Contains(c.Machine.Initial(), column(e.Record, c.Machine.StateField())) {
		return gate.RefuseField(c.Machine.StateField(), "field.locked")
	}
	if err := gate.LockFields(e, c.Server...); err != nil {
		return err
	}
	return e.Next()
}

// fixed refuses changes of what a person does not write, not again, or not in
// the state that the row is in.
func (c Collection) fixed(e *core.RecordEvent) error {
	locked := slices.Concat(c.Server, c.Once)
	if c.Machine != nil {
		locked = append(locked, c.Machine.StateField())
	}
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	if c.Machine != nil && c.Machine.Locked != "" && !gate.ByServer(e) {
		if from := column(records.Before(e.Record), c.Machine.StateField()); !slices.Contains(c.Machine.Editable(), from) {
			return gate.Refuse(c.Machine.Locked, "from", from)
		}
	}
	return e.Next()
}

// hangs is the lock of a part by its whole.
func (c Collection) hangs() (out []gate.Hangs) {
	if c.Within == nil {
		return nil
	}
	return []gate.Hangs{{Child: c.Name, Field: c.Within.Field, Parent: c.Within.Parent, Open: c.Within.Open, Code: c.Within.Refusal, Else: c.Within.Else}}
}
