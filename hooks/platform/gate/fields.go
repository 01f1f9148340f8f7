package gate

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json/v2"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"time"

	"satchel/domain"
	"satchel/records"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The rules of this package hold for every collection; these are the only ways by
// which they read and write fields, whose names they are told.

func textOf(r *core.Record, field string) string {
	if text, ok := r.GetRaw(field).(string); ok {
		return text
	}
	return r.GetString(field)
}

func momentOf(r *core.Record, field string) time.Time { return r.GetDateTime(field).Time() }

func put(r *core.Record, field string, value any) { r.Set(field, value) }

// kept is a field's value as the database keeps it.
func kept(r *core.Record, field string) (value any, err error) {
	value = r.GetRaw(field)
	if f, is := r.Collection().Fields.GetByName(field).(core.DriverValuer); is {
		if value, err = f.DriverValue(r); err != nil {
			return nil, err
		}
	}
	if v, is := value.(driver.Valuer); is {
		return v.Value()
	}
	return value, nil
}

// written reports whether a save writes a field anew.
func written(r *core.Record, field string) bool {
	return r.IsNew() || !same(r.GetRaw(field), records.Before(r).GetRaw(field))
}

// noted is who makes a REST request, carried on the record, since PocketBase saves
// it with a context of its own. It is no column and never leaves the process.
const noted = "@by"

func note(r *core.Record, a Actor) { r.SetRaw(noted, a) }

func notedOn(r *core.Record) Actor {
	a, _ := r.GetRaw(noted).(Actor)
	return a
}

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

// SaveChanged saves a row as the server does, if anything of it has changed.
func SaveChanged(ctx context.Context, tx core.App, r *core.Record) error {
	if !HasChanged(r) {
		return nil
	}
	if err := tx.SaveWithContext(AsServer(ctx), r); err != nil {
		return fmt.Errorf("save %s %s: %w", r.Collection().Name, r.Id, err)
	}
	return nil
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

// Difference returns the values, before and after, of those of the fields that
// differ from what the record was loaded with.
func Difference(r *core.Record, fields []string) (before, after map[string]any) {
	original := records.Before(r)
	for _, f := range fields {
		if same(r.Get(f), original.Get(f)) {
			continue
		}
		if before == nil {
			before, after = map[string]any{}, map[string]any{}
		}
		before[f], after[f] = original.Get(f), r.Get(f)
	}
	return before, after
}

// Values returns the values of fields.
func Values(r *core.Record, fields []string) map[string]any {
	out := make(map[string]any, len(fields))
	for _, f := range fields {
		out[f] = r.Get(f)
	}
	return out
}

// rebase reloads a record and puts its unsaved changes on top.
func rebase(txApp core.App, record *core.Record) error {
	fresh, err := txApp.FindRecordById(record.Collection(), record.Id)
	if errors.Is(err, sql.ErrNoRows) {
		return Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	}
	if err != nil {
		return err
	}
	before, mine := record.Original(), map[string]any{}
	for _, f := range record.Collection().Fields {
		if f.Type() == core.FieldTypeAutodate {
			continue // stamped by the save, unless it differs from what was loaded
		}
		name := f.GetName()
		if value := record.GetRaw(name); !same(value, before.GetRaw(name)) {
			mine[name] = value
		}
		record.SetRaw(name, fresh.GetRaw(name))
	}
	if err := record.PostScan(); err != nil {
		return err
	}
	records.Reloaded(record)
	for name, value := range mine {
		record.SetRaw(name, value)
	}
	return nil
}
