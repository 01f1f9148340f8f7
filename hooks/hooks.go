// Package hooks is the table of contents: everything that runs beside
// PocketBase is bound here, a line for each area.
package hooks

import (
	"maps"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/accounts"
	"satchel/hooks/backups"
	"satchel/hooks/blobs"
	"satchel/hooks/evidence"
	"satchel/hooks/fleet"
	"satchel/hooks/gate"
	"satchel/hooks/handovers"
	"satchel/hooks/invoices"
	"satchel/hooks/metrics"
	"satchel/hooks/orders"
	"satchel/hooks/org"
	"satchel/hooks/syncapi"
	"satchel/hooks/uploads"
	"satchel/hooks/visits"
	"satchel/syncer"
)

// Config holds what the hooks take from outside.
type Config struct {
	Now      func() time.Time
	Manual   bool           // the caller folds and pokes itself
	Planted  syncer.Planted // a fault, for tests of the tests
	SpoolMin int            // bytes from which an answer can be resumed; 0 for the usual number
	Limited  bool           // devices are held to the rate of the settings
	Batch    int            // the most pushes that share a commit; 0 for the usual number
	Metrics  metrics.Options
	Uploads  uploads.Config  // Now and Device are set here, and Manual if it is above
	Invoices invoices.Config // Now and Manual are set here
}

// Hooks gives tests a hand on what runs in the background.
type Hooks struct {
	Sync      *syncapi.Service
	Handovers *handovers.Service
	Fleet     *fleet.Service
	Uploads   *uploads.Service
	Blobs     *blobs.Service
	Evidence  *evidence.Service
	Invoices  *invoices.Service
}

// MustBind registers all events, routes and crons.
func MustBind(app core.App, cfg Config) *Hooks {
	area := gate.Config{Now: cfg.Now}
	actions := gate.Actions{}
	maps.Copy(actions, accounts.Actions(area))
	maps.Copy(actions, visits.Actions(area))
	maps.Copy(actions, orders.Actions(area))
	maps.Copy(actions, handovers.Actions(area))

	gate.Bind(app)
	org.Bind(app)
	accounts.Bind(app)
	moves := handovers.Bind(app, area)
	visits.Bind(app)
	orders.Bind(app, area)
	phones := fleet.Bind(app, area)
	sync := syncapi.Bind(app, syncapi.Config{
		Now: cfg.Now, Actions: actions, Manual: cfg.Manual, Planted: cfg.Planted, Batch: cfg.Batch, SpoolMin: cfg.SpoolMin, Limited: cfg.Limited, Saw: phones.Saw,
	})
	maps.Copy(actions, sync.Actions()) // phones push them like all others
	bytes := blobs.Bind(app, blobs.Config{Now: cfg.Now, Head: sync.Head})
	maps.Copy(actions, bytes.Actions())
	looks := evidence.Bind(app, evidence.Config{Address: bytes.Address})
	read := cfg.Invoices
	read.Now, read.Manual = cfg.Now, cfg.Manual
	folder := invoices.Bind(app, read)
	maps.Copy(actions, folder.Actions())
	bindActions(app, actions, sync.Refused)
	metrics.Bind(app, cfg.Metrics, sync.Counts)
	backups.Bind(app, area)
	up := cfg.Uploads
	up.Now, up.Device, up.Manual = cfg.Now, sync.Uploading, up.Manual || cfg.Manual
	if up.Watermark == nil {
		up.Watermark = evidence.Watermark
	}
	return &Hooks{
		Sync: sync, Handovers: moves, Fleet: phones, Uploads: uploads.Bind(app, up), Blobs: bytes, Evidence: looks, Invoices: folder,
	}
}
