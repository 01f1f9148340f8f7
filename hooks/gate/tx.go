package gate

import (
	"encoding/json/jsontext"
	"encoding/json/v2"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// Atomic runs a handler in one transaction with the write that it wraps: the
// event's app is the transaction's for as long as it runs.
func Atomic(fn func(e *core.RecordEvent) error) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		original := e.App
		defer func() { e.App = original }()
		return original.RunInTransaction(func(txApp core.App) error {
			e.App = txApp
			return fn(e)
		})
	}
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

// Setting reads a whole number from the settings, or the default if it is not set.
func Setting(app core.App, key string, otherwise int) (int, error) {
	var value *string
	err := app.DB().NewQuery("SELECT MAX(value) FROM settings WHERE key = {:key}").Bind(dbx.Params{"key": key}).Row(&value)
	if err != nil {
		return 0, err
	}
	var n int
	if value == nil || json.Unmarshal([]byte(*value), &n) != nil {
		return otherwise, nil
	}
	return n, nil
}
