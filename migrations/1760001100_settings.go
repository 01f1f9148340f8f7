package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// A setting is in force from a day, and keeps what it was before.
func init() {
	m.Register(func(app core.App) error {
		settings, err := app.FindCollectionByNameOrId("settings")
		if err != nil {
			return err
		}
		settings.Fields.Add(day("effective_from"), whole("version"), data("history"))
		return app.Save(settings)
	}, func(app core.App) error {
		settings, err := app.FindCollectionByNameOrId("settings")
		if err != nil {
			return err
		}
		for _, field := range []string{"effective_from", "version", "history"} {
			settings.Fields.RemoveByName(field)
		}
		return app.Save(settings)
	})
}
