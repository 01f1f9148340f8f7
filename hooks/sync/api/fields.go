package api

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"maps"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// What is pushed may be of any collection: here a record is written and read by
// the names that a payload or a template says.

// setAll writes values as they were sent: what a JSON field holds stays word for
// word, and a text that is no time is none.
func setAll(record *core.Record, set map[string]jsontext.Value) error {
	for name, value := range set {
		wrong := &syncer.Problem{Code: "field.type", Params: map[string]any{"field": name}, Fields: map[string]string{name: "field.type"}}
		field := record.Collection().Fields.GetByName(name)
		if field != nil && field.Type() == core.FieldTypeJSON {
			record.Set(name, types.JSONRaw(value))
			continue
		}
		var v any
		if err := json.Unmarshal(value, &v); err != nil {
			return wrong
		}
		record.Set(name, v)
		if !gate.ReadDay(record, name, v) {
			return &syncer.Problem{Code: "field.day", Params: map[string]any{"field": name}, Fields: map[string]string{name: "field.day"}}
		}
	}
	return nil
}

// setMore writes what a mutation adds to and takes from what is there.
func setMore(record *core.Record, m *syncer.Mutation) {
	for name, by := range m.Inc {
		record.Set(name+"+", by)
	}
	for name, values := range m.Add {
		record.Set(name+"+", values)
	}
	for name, values := range m.Remove {
		record.Set(name+"-", values)
	}
}

// shown are the values of a row that was deleted that can be written anew: files
// are lost with it.
func shown(coll *core.Collection, body map[string]jsontext.Value) map[string]jsontext.Value {
	old := maps.Clone(body)
	delete(old, core.FieldNameId)
	for _, f := range coll.Fields {
		if f.Type() == core.FieldTypeFile {
			delete(old, f.GetName())
		}
	}
	return old
}

// sameValue compares a field of two rows, JSON whatever its spelling.
func sameValue(a, b *core.Record, name string) bool {
	x, y := a.GetString(name), b.GetString(name)
	f := a.Collection().Fields.GetByName(name)
	return x == y || f != nil && f.Type() == core.FieldTypeJSON && syncer.Same(jsontext.Value(x), jsontext.Value(y))
}

// wasSaid reports whether a row keeps a value that was said of it and replaced.
func wasSaid(again, old *core.Record, name string) bool {
	former := "former_" + name
	return old.Collection().Fields.GetByName(former) != nil && again.GetString(name) == old.GetString(former)
}

// mark writes a field that some collections have; ok is false for the others.
func mark(record *core.Record, name string, value any) (ok bool) {
	if ok = record.Collection().Fields.GetByName(name) != nil; ok {
		record.Set(name, value)
	}
	return ok
}

// hangsOn is the account that a row of another collection hangs on.
func hangsOn(record *core.Record) records.AccountID {
	return records.AccountID(record.GetString(records.ContactColAccount))
}

// columnsOf renders a record as the engine's templates read it.
func columnsOf(record *core.Record) map[string]string {
	out := map[string]string{}
	for _, name := range record.Collection().Fields.FieldNames() {
		switch v := record.Get(name).(type) {
		case bool:
			out[name] = strconv.FormatBool(v)
		case []string:
			b, _ := json.Marshal(v) // a list of texts always has a JSON form
			out[name] = string(b)
		default:
			out[name] = record.GetString(name)
		}
	}
	return out
}
