// Command satchel is an offline-first backend for key-account field teams on
// PocketBase, with a demo and a reference phone.
package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	pb "github.com/pocketbase/pocketbase"

	"satchel/hooks"
	"satchel/hooks/expense/invoices"
	"satchel/hooks/media/previews"
	"satchel/hooks/media/uploads"
	"satchel/hooks/platform/metrics"
	"satchel/internal/backup"
	"satchel/internal/morning"
	"satchel/internal/phone"
	"satchel/internal/store"
	"satchel/media/darkroom"
	_ "satchel/migrations"
)

func main() {
	store.Private()
	darkroom.Main() // a child that develops photos and reads papers needs nothing of what follows

	app := pb.NewWithConfig(pb.Config{DBConnect: store.Connect})
	dark := darkroom.New(darkroom.Options{})
	hooks.MustBind(app, hooks.Config{
		Now: time.Now, Limited: true, Console: os.Stderr, BackupRoot: os.Getenv("SATCHEL_BACKUP_ROOT"), Uploads: uploads.Config{Develop: dark.Develop}, Invoices: invoices.Config{Read: dark.ReadPaper},
		Previews: previews.Config{Make: dark.Preview},
		Metrics:  metrics.Options{Token: os.Getenv("SATCHEL_METRICS_TOKEN"), Listen: os.Getenv("SATCHEL_METRICS_LISTEN")},
	})
	defer dark.Close()

	bindPages(app)

	client := phone.Command()
	alone := append(backup.Commands(app.DataDir), client) // these open no server on the data directory
	app.RootCmd.AddCommand(morning.Command(app))
	app.RootCmd.AddCommand(alone...)

	run := app.Start
	if found, _, err := app.RootCmd.Find(os.Args[1:]); err == nil && slices.Contains(alone, found) {
		run = app.RootCmd.Execute
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "satchel:", err)
		os.Exit(backup.ExitCode(err))
	}
}
