package gate

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/records"
)

// bindDocuments refuses JSON that its own field's type cannot read, whoever writes
// it and however: field.type. A rule that reads it later would fail, and what a
// phone asks of the row could never be taken.
func bindDocuments(app core.App) {
	app.OnRecordValidate().Bind(Named("documents", func(e *core.RecordEvent) error {
		for _, col := range records.Documents(e.Record.Collection().Name) {
			if written(e.Record, col) && records.Malformed(e.Record, col) {
				return RefuseField(col, "field.type")
			}
		}
		return e.Next()
	}))
}
