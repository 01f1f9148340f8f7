// Package hooks is the table of contents: everything that runs beside
// PocketBase is bound here, a line for each area.
package hooks

import (
	"maps"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/hooks/syncapi"
	"satchel/syncer"
)

// Config holds what the hooks take from outside.
type Config struct {
	Now     func() time.Time
	MaxRows int            // most rows that one phone may hold; 0 for the default
	Manual  bool           // the caller folds and pokes itself
	Planted syncer.Planted // a fault, for tests of the tests
}

const defaultMaxRows = 20_000

// Hooks gives tests a hand on what runs in the background.
type Hooks struct{ Sync *syncapi.Service }

// MustBind registers all events, routes and crons.
func MustBind(app core.App, cfg Config) *Hooks {
	if cfg.MaxRows == 0 {
		cfg.MaxRows = defaultMaxRows
	}
	actions := gate.Actions{}
	maps.Copy(actions, gate.Actions{})

	gate.Bind(app)
	sync := syncapi.Bind(app, syncapi.Config{Now: cfg.Now, Actions: actions, MaxRows: cfg.MaxRows, Manual: cfg.Manual, Planted: cfg.Planted})
	return &Hooks{Sync: sync}
}
