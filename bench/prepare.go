package main

import (
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/store"
	_ "satchel/migrations"
)

// login is a person of the demo company.
type login struct{ email, password string }

// prepare builds a data directory in which one rep sees so many visits.
func prepare(dir string, visits int) (login, error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	hooks.MustBind(app, hooks.Config{Now: time.Now})
	if err := app.Bootstrap(); err != nil {
		return login{}, err
	}
	defer app.ClearBootstrap() //nolint:errcheck // the folder is read by another process next
	if err := app.RunAllMigrations(); err != nil {
		return login{}, err
	}
	if _, err := demo.Build(app, demo.Bench(time.Now(), visits)); err != nil {
		return login{}, fmt.Errorf("failed to build the company: %w", err)
	}
	settings, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		return login{}, err
	}
	limit := core.NewRecord(settings)
	limit.Load(map[string]any{"key": "sync.max_scope_rows", "value": 10 * visits})
	if err := app.Save(limit); err != nil {
		return login{}, err
	}
	return login{email: "rep.chen@demo.test", password: demo.Password}, nil
}
