package saves

import (
	"errors"
	"fmt"
	"regexp"
	"sync"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"

	"satchel/internal/store"
)

// plainID is the pattern of ids for which PocketBase asks for no namesake in other case.
const plainID = "^[a-z0-9]+$"

// validate asks all fields, inside of the interceptors of those that have any.
func validate(e *core.RecordEvent) error {
	last := func() error { return fields(e) }
	for _, f := range e.Record.Collection().Fields {
		if intercepts(f) {
			next := last
			last = func() error {
				return f.(core.RecordInterceptor).Intercept(e.Context, e.App, e.Record, core.InterceptorActionValidate, next)
			}
		}
	}
	return last()
}

// intercepts reports whether a field has something to do at a validation.
func intercepts(f core.Field) bool {
	switch f := f.(type) {
	case *core.AutodateField:
		return false
	case *core.TextField:
		return f.AutogeneratePattern != ""
	}
	_, ok := f.(core.RecordInterceptor)
	return ok
}

func fields(e *core.RecordEvent) error {
	errs := validation.Errors{}
	for _, f := range e.Record.Collection().Fields {
		err := value(e, f)
		if fault, broke := errors.AsType[*brokenError](err); broke {
			return fault.err
		}
		if err != nil {
			errs[f.GetName()] = err
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return e.Next()
}

// value asks a field, unless it is known sooner that its value is right.
func value(e *core.RecordEvent, f core.Field) error {
	switch f := f.(type) {
	case *core.TextField:
		if f.Pattern != "" && matches(e.Record, f) {
			return nil
		}
	case *core.RelationField:
		if ids := list.ToUniqueStringSlice(raw(e.Record, f.Name)); len(ids) > 0 && len(ids) >= f.MinSelect && len(ids) <= max(f.MaxSelect, 1) {
			return related(e, f, ids)
		}
	}
	return f.ValidateValue(e.Context, e.App, e.Record)
}

var patterns sync.Map // *regexp.Regexp by its text

// compiled is a pattern; PocketBase compiles it for each value.
func compiled(text string) *regexp.Regexp {
	if p, ok := patterns.Load(text); ok {
		return p.(*regexp.Regexp)
	}
	p, _ := regexp.Compile(text)
	patterns.Store(text, p)
	return p
}

// matches reports whether a text has its pattern, and is short enough to need no count
// of its runes.
func matches(record *core.Record, f *core.TextField) bool {
	value, ok := raw(record, f.Name).(string)
	most := f.Max
	if most == 0 {
		most = 5000
	}
	switch {
	case !ok, f.PrimaryKey && (!record.IsNew() || f.Pattern != plainID || value == ""):
		return false
	case value == "":
		return !f.Required
	case len(value) > most, f.Min > 0 && runesAtLeast(value) < f.Min:
		return false
	}
	p := compiled(f.Pattern)
	return p != nil && p.MatchString(value)
}

// runesAtLeast is how many runes a text has if none is longer than four bytes.
func runesAtLeast(s string) int { return (len(s) + 3) / 4 }

// brokenError is a look-up that broke, which says nothing of the value: PocketBase takes
// it for a relation that names no row.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }

// related looks whether all rows that a relation names are there.
func related(e *core.RecordEvent, f *core.RelationField, ids []string) error {
	to, err := e.App.FindCachedCollectionByNameOrId(f.CollectionId)
	if err != nil {
		return &brokenError{fmt.Errorf("find what %s of %s names: %w", f.Name, e.Record.Collection().Name, err)}
	}
	s := &store.Statement{SQL: "SELECT COUNT(*) FROM `" + to.Name + "` WHERE `id` IN (" + store.Placeholders(len(ids)) + ")", Args: list.ToInterfaceSlice(ids)}
	var n int
	if err := s.Scan(e.Context, e.App.ConcurrentDB(), &n); err != nil {
		return &brokenError{fmt.Errorf("look up %s of %s: %w", f.Name, e.Record.Collection().Name, err)}
	}
	if n != len(ids) {
		return validation.NewError("validation_missing_rel_records", "Failed to find all relation records with the provided ids")
	}
	return nil
}
