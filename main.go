// Command satchel is an offline-first backend for key-account field teams on
// PocketBase, with a demo and a reference phone.
package main

import (
	"fmt"
	"os"
	"time"

	pb "github.com/pocketbase/pocketbase"

	"satchel/hooks"
	"satchel/internal/morning"
	"satchel/internal/phone"
	"satchel/internal/store"
	_ "satchel/migrations"
)

func main() {
	app := pb.NewWithConfig(pb.Config{DBConnect: store.Connect})
	hooks.MustBind(app, hooks.Config{Now: time.Now})

	bindPages(app)

	client := phone.Command()
	app.RootCmd.AddCommand(morning.Command(app), client)

	run := app.Start
	if found, _, err := app.RootCmd.Find(os.Args[1:]); err == nil && found == client {
		run = app.RootCmd.Execute // a phone needs no data directory, so none is made for it
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "satchel:", err)
		os.Exit(1)
	}
}
