// Package records gives the rows of all collections in the types of their
// fields. The files *_gen.go are generated from the schema; a row is made by its
// collection (Visits.Find, Visits.Of …), and gives itself back as PocketBase's
// record by Raw.
package records

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/types"
)

// row is what rows of all collections have in common.
type row struct{ rec *core.Record }

// Raw is PocketBase's record behind the row, to be saved, deleted or answered.
func (r row) Raw() *core.Record { return r.rec }

// IsNew reports whether the row has not been stored yet.
func (r row) IsNew() bool { return r.rec.IsNew() }

// Refresh brings the row in hand up to what is stored of it by now; changes of it
// that are not saved are lost.
func (r row) Refresh(app core.App) error {
	fresh, err := app.FindRecordById(r.rec.Collection(), r.rec.Id)
	if err != nil {
		return fmt.Errorf("read %s %s again: %w", r.rec.Collection().Name, r.rec.Id, err)
	}
	for _, f := range r.rec.Collection().Fields {
		r.rec.SetRaw(f.GetName(), fresh.GetRaw(f.GetName()))
	}
	return nil
}

// Attached are the files that a field gets with the next save.
func (r row) Attached(col string) []*filesystem.File { return r.rec.GetUnsavedFiles(col) }

// The readers take a value as its field keeps it. What was put there past the
// field, in another type, is converted as PocketBase does it.

func text(r *core.Record, col string) string {
	if v, ok := r.GetRaw(col).(string); ok {
		return v
	}
	return r.GetString(col)
}

func named[T ~string](r *core.Record, col string) T { return T(text(r, col)) }

func number(r *core.Record, col string) float64 {
	if v, ok := r.GetRaw(col).(float64); ok {
		return v
	}
	return r.GetFloat(col)
}

func whole(r *core.Record, col string) int { return int(number(r, col)) }

func flag(r *core.Record, col string) bool {
	if v, ok := r.GetRaw(col).(bool); ok {
		return v
	}
	return r.GetBool(col)
}

func moment(r *core.Record, col string) time.Time {
	if v, ok := r.GetRaw(col).(types.DateTime); ok {
		return v.Time()
	}
	return r.GetDateTime(col).Time()
}

func texts(r *core.Record, col string) []string {
	if v, ok := r.GetRaw(col).([]string); ok {
		return v
	}
	return r.GetStringSlice(col)
}

func ids[T ~string](r *core.Record, col string) []T {
	all := texts(r, col)
	out := make([]T, len(all))
	for i, id := range all {
		out[i] = T(id)
	}
	return out
}

// document is the JSON of a field, null if nothing was ever written.
func document(r *core.Record, col string) jsontext.Value {
	if v, ok := r.GetRaw(col).(types.JSONRaw); ok && len(v) > 0 {
		return jsontext.Value(v)
	}
	return jsontext.Value("null")
}

// decoded reads the JSON of a field; a field that nobody wrote is the zero value.
func decoded[T any](r *core.Record, col string) (value T, err error) {
	value, err = Decode[T](document(r, col))
	if err != nil {
		return value, fmt.Errorf("read %s of %s %s: %w", col, r.Collection().Name, r.Id, err)
	}
	return value, nil
}

// Decode reads the JSON of a field in a type that its area alone knows; a field
// that nobody wrote is the zero value.
func Decode[T any](raw jsontext.Value) (value T, err error) {
	if string(raw) == `""` { // PocketBase's empty value
		return value, nil
	}
	err = json.Unmarshal(raw, &value)
	return value, err
}

// Strings writes ids as texts.
func Strings[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// IDs takes texts for ids.
func IDs[T ~string](texts []string) []T {
	out := make([]T, len(texts))
	for i, id := range texts {
		out[i] = T(id)
	}
	return out
}
