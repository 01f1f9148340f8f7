package gate

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"sync"

	"satchel/records"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// Atomic runs a handler in one transaction with the write that it wraps: the
// event's app is the transaction's for as long as it runs. A record that was
// loaded before the transaction began is brought up to date first, so that
// rules judge the row as it is and a save never undoes what others wrote.
func Atomic(fn func(e *core.RecordEvent) error) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		original := e.App
		defer func() { e.App = original }()
		err := original.RunInTransaction(func(txApp core.App) error {
			e.App = txApp
			if e.Type == core.ModelEventTypeUpdate && !original.IsTransactional() && !e.Record.Collection().IsAuth() {
				if err := rebase(txApp, e.Record); err != nil {
					return err
				}
			}
			return fn(e)
		})
		if err == nil && e.Type != core.ModelEventTypeDelete && !original.IsTransactional() && !e.Record.Collection().IsAuth() {
			stored.Store(e.Record, struct{}{})
		}
		return err
	}
}

// stored holds the records whose write is committed and whose hooks still run.
var stored sync.Map

// bindBefore lets the rules of one save share the row as it was.
func bindBefore(app core.App) {
	const outermost = -9999
	keep := func(e *core.RecordEvent) error {
		defer records.KeepBefore(e.Record)()
		return e.Next()
	}
	app.OnRecordCreate().Bind(&hook.Handler[*core.RecordEvent]{Id: "gateBeforeCreate", Priority: outermost, Func: keep})
	app.OnRecordUpdate().Bind(&hook.Handler[*core.RecordEvent]{Id: "gateBeforeUpdate", Priority: outermost, Func: keep})
}

// bindStored makes a record that was saved a loaded one, once all hooks that
// compare it with what it was have run. PocketBase leaves what it was in place,
// and rebase would take a value that is set back to it for no change.
func bindStored(app core.App) {
	const outermost = -9999
	after := func(e *core.RecordEvent) error {
		err := e.Next()
		if _, ok := stored.LoadAndDelete(e.Record); ok {
			err = errors.Join(err, e.Record.PostScan())
		}
		return err
	}
	app.OnRecordAfterCreateSuccess().Bind(&hook.Handler[*core.RecordEvent]{Id: "gateStoredCreate", Priority: outermost, Func: after})
	app.OnRecordAfterUpdateSuccess().Bind(&hook.Handler[*core.RecordEvent]{Id: "gateStoredUpdate", Priority: outermost, Func: after})
	failed := func(e *core.RecordErrorEvent) error {
		stored.Delete(e.Record)
		return e.Next()
	}
	app.OnRecordAfterCreateError().Bind(Named("gateFailedCreate", failed))
	app.OnRecordAfterUpdateError().Bind(Named("gateFailedUpdate", failed))
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
