package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The highest mutation number of each device that a copy off the machine holds.
func init() {
	m.Register(func(app core.App) error {
		_, err := app.DB().NewQuery("ALTER TABLE _sync_device ADD COLUMN durable_n INTEGER NOT NULL DEFAULT 0").Execute()
		return err
	}, func(app core.App) error {
		_, err := app.DB().NewQuery("ALTER TABLE _sync_device DROP COLUMN durable_n").Execute()
		return err
	})
}
