package gate

import (
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/domain"
)

// Atomic runs a handler in one transaction with the write that it wraps: the
// event's app is the transaction's for as long as it runs. A record that was
// loaded before the transaction began is brought up to date first, so that
// rules judge the row as it is and a save never undoes what others wrote.
func Atomic(fn func(e *core.RecordEvent) error) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		original := e.App
		defer func() { e.App = original }()
		return original.RunInTransaction(func(txApp core.App) error {
			e.App = txApp
			if e.Type == core.ModelEventTypeUpdate && !original.IsTransactional() && !e.Record.Collection().IsAuth() {
				if err := rebase(txApp, e.Record); err != nil {
					return err
				}
			}
			return fn(e)
		})
	}
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
	for name, value := range mine {
		record.SetRaw(name, value)
	}
	return nil
}

// Named gives a handler its readable id.
func Named[T hook.Resolver](id string, fn func(T) error) *hook.Handler[T] {
	return &hook.Handler[T]{Id: id, Func: fn}
}

// Args reads an action's arguments strictly; without any, the zero value stays.
func Args(raw jsontext.Value, into any) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	if err := json.Unmarshal(raw, into, json.RejectUnknownMembers(true)); err != nil {
		return Refuse("args.invalid")
	}
	return nil
}
