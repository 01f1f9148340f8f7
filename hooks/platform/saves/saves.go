// Package saves puts the dear steps of PocketBase's save of a record in other words: the
// same validators, the same statement and the same values, of texts and patterns that are
// made once per collection. All handlers and fields' interceptors run around them as ever.
//
// What it stands in for is that of PocketBase at Version; TestVersion fails at any other
// until somebody has looked whether that still holds.
package saves

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// Version is PocketBase's whose validation and last steps these are.
const Version = "v0.40.4"

const (
	// validates is PocketBase's own handler, which ours takes the place of, and where it stands.
	validates, validatesAt = "__pbRecordSystemHook__", 99
	innermost              = 9999
)

// Bind puts the steps in their place. The app has its databases of store.Open.
func Bind(app core.App) {
	app.OnRecordValidate().Bind(&hook.Handler[*core.RecordEvent]{Id: validates, Priority: validatesAt, Func: validate})
	app.OnModelCreateExecute().Bind(&hook.Handler[*core.ModelEvent]{Id: "savesInsert", Priority: innermost, Func: ours(insert)})
	app.OnModelUpdateExecute().Bind(&hook.Handler[*core.ModelEvent]{Id: "savesUpdate", Priority: innermost, Func: ours(update)})
}

// ours takes the records of transactions. Outside of one PocketBase tries again while the
// file is locked; and what has no id it refuses.
func ours(write func(e *core.ModelEvent, record *core.Record) error) func(e *core.ModelEvent) error {
	return func(e *core.ModelEvent) error {
		record, ok := e.Model.(*core.Record)
		if !ok || record.Id == "" || !e.App.IsTransactional() {
			return e.Next()
		}
		return write(e, record)
	}
}
