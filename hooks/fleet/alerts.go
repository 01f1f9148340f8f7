package fleet

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Kinds of alerts.
const (
	unsynced = "unsynced"
	unpushed = "unpushed"
	full     = "issues_full"
)

// Watch raises an alert for each phone that has not been in step for
// sync.stale_hours at now, and resolves those that are over. A spell, which is
// a device, a kind and the time since when, has one alert for ever.
func Watch(app core.App, now time.Time) error {
	hours, err := gate.Setting(app, staleKey, defaultStale)
	if err != nil {
		return fmt.Errorf("failed to read %s: %w", staleKey, err)
	}
	stale := time.Duration(hours) * time.Hour
	return app.RunInTransaction(func(txApp core.App) error {
		fleet, err := read(txApp, now, "TRUE", nil)
		if err != nil {
			return err
		}
		raised, err := txApp.FindAllRecords(alerts, dbx.HashExp{"resolved": ""})
		if err != nil {
			return fmt.Errorf("failed to list alerts: %w", err)
		}
		open := map[string]*core.Record{}
		for _, a := range raised {
			open[a.GetString("device")+" "+a.GetString("kind")] = a
		}
		for _, f := range fleet {
			for _, spell := range []struct {
				kind  string
				on    bool
				since types.DateTime
			}{
				{unsynced, f.unsynced(now, stale), f.synced()},
				{unpushed, f.unpushed(now, stale), f.Oldest},
				{full, f.Full, types.DateTime{}}, // raised when a push is refused for it
			} {
				on := spell.on && f.Active && !f.Revoked
				alert := open[f.Device+" "+spell.kind]
				switch {
				case on && alert == nil && spell.kind != full:
					err = raise(txApp, f, spell.kind, spell.since, map[string]any{"hours": hours})
				case !on && alert != nil:
					err = resolve(txApp, alert, f, now)
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// raise makes the alert of a spell, or opens again the one that it had.
func raise(txApp core.App, f figures, kind string, since types.DateTime, params map[string]any) error {
	alert, err := txApp.FindFirstRecordByFilter(alerts, "device = {:d} && kind = {:k} && since = {:s}",
		dbx.Params{"d": f.Device, "k": kind, "s": since.String()})
	if errors.Is(err, sql.ErrNoRows) {
		var coll *core.Collection
		if coll, err = txApp.FindCachedCollectionByNameOrId(alerts); err == nil {
			alert = core.NewRecord(coll)
		}
	}
	if err != nil {
		return fmt.Errorf("failed to look for an alert: %w", err)
	}
	p := domain.Problem{Code: "fleet." + kind, Params: params}
	p.Params["name"], p.Params["since"] = f.Name, since.String()
	alert.Load(map[string]any{
		"kind": kind, "device": f.Device, "user": f.User, "since": since, "resolved": "", "resolution": "",
		"detail": map[string]any{
			"code": p.Code, "params": p.Params, "zh": p.Text("zh"), "en": p.Text("en"), "state": f.State,
			"rejected": f.Rejected, "pending_blobs": f.Pending,
		},
	})
	return save(txApp, alert)
}

func resolve(txApp core.App, alert *core.Record, f figures, now time.Time) error {
	how := "synced"
	if alert.GetString("kind") == full {
		how = "answered"
	}
	switch {
	case f.Revoked:
		how = "revoked"
	case !f.Active:
		how = "disabled"
	}
	alert.Set("resolved", stamp(now))
	alert.Set("resolution", how)
	return save(txApp, alert)
}

func save(txApp core.App, alert *core.Record) error {
	if err := txApp.SaveWithContext(gate.AsServer(context.Background()), alert); err != nil {
		return fmt.Errorf("failed to save an alert: %w", err)
	}
	return nil
}
