package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The chain of a visit's steps says what hangs on the visit, and by which of a
// phone's changes a step was made.
func init() {
	m.Register(func(app core.App) error {
		events, err := app.FindCollectionByNameOrId("visit_events")
		if err != nil {
			return err
		}
		events.Fields.Add(whole("push"), text("content"))
		return app.Save(events)
	}, func(app core.App) error {
		return removeFields(app, "visit_events", nil, "push", "content")
	})
}
