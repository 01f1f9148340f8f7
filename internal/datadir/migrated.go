package datadir

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	_ "satchel/migrations"
)

// Migrated makes dir, which is not there yet, the data directory of an app on which
// all migrations have run, without hooks.
func Migrated(dir string) error {
	return Kept(dir, "migrated", migrate, "migrations") // migrations import nothing of ours
}

func migrate(dir string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	err := app.Bootstrap()
	if err == nil {
		err = app.RunAllMigrations()
	}
	return errors.Join(err, app.ClearBootstrap())
}
