package gate

import (
	"bytes"
	"encoding/json/v2"
	"iter"
	"reflect"
	"slices"

	"satchel/records"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// LockFields refuses a change of fields that only the server's own code
// writes: field.locked. On a new record they must be empty.
func LockFields(e *core.RecordEvent, fields ...string) error {
	if ByServer(e) {
		return nil
	}
	for _, f := range fields {
		now := e.Record.GetRaw(f)
		switch {
		case e.Record.IsNew():
			if !empty(now) {
				return RefuseField(f, "field.locked")
			}
		case !same(now, records.Before(e.Record).GetRaw(f)):
			return RefuseField(f, "field.locked")
		}
	}
	return nil
}

// OnlyServer is the rule of rows that actions and our own code alone make or
// change: every other hand meets field.locked.
func OnlyServer(e *core.RecordEvent) error {
	if ByServer(e) {
		return e.Next()
	}
	return RefuseField("state", "field.locked")
}

// Changed lists the fields, autodates aside, whose values differ from those
// the record was loaded with.
func Changed(r *core.Record) []string { return slices.Collect(changes(r)) }

// HasChanged reports whether there are any.
func HasChanged(r *core.Record) bool {
	for range changes(r) {
		return true
	}
	return false
}

func changes(r *core.Record) iter.Seq[string] {
	return func(yield func(string) bool) {
		was := records.Before(r)
		for _, f := range r.Collection().Fields {
			name := f.GetName()
			if f.Type() != core.FieldTypeAutodate && !same(r.GetRaw(name), was.GetRaw(name)) && !yield(name) {
				return
			}
		}
	}
}

// Put writes a field of a row of any collection.
func Put(r *core.Record, field string, value any) { r.Set(field, value) }

// Documents are the fields of JSON in which a row holds other than it was read with.
func Documents(r *core.Record) iter.Seq2[string, types.JSONRaw] {
	return func(yield func(string, types.JSONRaw) bool) {
		before := records.Before(r)
		for _, f := range r.Collection().Fields {
			if f.Type() != core.FieldTypeJSON {
				continue
			}
			raw, _ := r.GetRaw(f.GetName()).(types.JSONRaw)
			if len(raw) == 0 {
				continue
			}
			was, _ := before.GetRaw(f.GetName()).(types.JSONRaw)
			if (r.IsNew() || !bytes.Equal(was, raw)) && !yield(f.GetName(), raw) {
				return
			}
		}
	}
}

// same compares values, not their spelling: a form sends JSON back with its
// members in another order.
func same(a, b any) bool {
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && a == b
	case types.JSONRaw:
		b, ok := b.(types.JSONRaw)
		return ok && (bytes.Equal(a, b) || sameJSON(a, b))
	case types.DateTime:
		b, ok := b.(types.DateTime)
		return ok && a.Equal(b)
	}
	return reflect.DeepEqual(a, b)
}

func sameJSON(a, b types.JSONRaw) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func empty(v any) bool {
	if raw, ok := v.(types.JSONRaw); ok {
		return len(raw) == 0 || string(raw) == "null"
	}
	if z, ok := v.(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	r := reflect.ValueOf(v)
	return !r.IsValid() || r.IsZero() || (r.Kind() == reflect.Slice && r.Len() == 0)
}
