package devices

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
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
	hours, err := gate.SettingsNow(app).SyncStaleHours()
	if err != nil {
		return err
	}
	stale := time.Duration(hours) * time.Hour
	return app.RunInTransaction(func(tx core.App) error {
		fleet, err := read(tx, now, "TRUE", nil)
		if err != nil {
			return err
		}
		unresolved, err := records.SyncAlerts.All(tx, "resolved = ''", nil, "")
		if err != nil {
			return err
		}
		type spell struct {
			device string
			kind   records.SyncAlertKind
		}
		open := map[spell]records.SyncAlert{}
		for _, a := range unresolved {
			open[spell{string(a.Device()), a.Kind()}] = a
		}
		for _, f := range fleet {
			for _, seen := range []struct {
				kind  records.SyncAlertKind
				on    bool
				since time.Time
			}{
				{unsynced, f.unsynced(now, stale), f.synced().Time()},
				{unpushed, f.unpushed(now, stale), f.Oldest.Time()},
				{full, f.Full, time.Time{}}, // raised when a push is refused for it
			} {
				on := seen.on && f.Active && !f.Revoked
				alert, raised := open[spell{f.Device, seen.kind}]
				switch {
				case on && !raised && seen.kind != full:
					err = raise(tx, f, seen.kind, seen.since, map[string]any{"hours": hours})
				case !on && raised:
					err = resolve(tx, alert, f, now)
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
func raise(tx core.App, f figures, kind records.SyncAlertKind, since time.Time, params map[string]any) error {
	alert, found, err := records.SyncAlerts.First(tx, "device = {:d} AND kind = {:k} AND since = {:s}",
		dbx.Params{"d": f.Device, "k": kind, "s": gate.Stamp(since)}, "")
	if err == nil && !found {
		alert, err = records.SyncAlerts.New(tx)
	}
	if err != nil {
		return err
	}
	p := domain.Problem{Code: "fleet." + string(kind), Params: params}
	p.Params["name"], p.Params["since"] = f.Name, gate.Stamp(since)
	alert.SetKind(kind)
	alert.SetDevice(records.SyncDeviceID(f.Device))
	alert.SetUser(records.UserID(f.User))
	alert.SetSince(since)
	alert.SetResolved(time.Time{})
	alert.SetResolution("")
	alert.SetDetail(map[string]any{
		"code": p.Code, "params": p.Params, "zh": p.Text("zh"), "en": p.Text("en"), "state": f.State,
		"rejected": f.Rejected, "pending_blobs": f.Pending,
	})
	return save(tx, alert)
}

func resolve(tx core.App, alert records.SyncAlert, f figures, now time.Time) error {
	how := records.SyncAlertResolution("synced")
	if alert.Kind() == full {
		how = "answered"
	}
	switch {
	case f.Revoked:
		how = "revoked"
	case !f.Active:
		how = "disabled"
	}
	alert.SetResolved(now)
	alert.SetResolution(how)
	return save(tx, alert)
}

func save(tx core.App, alert records.SyncAlert) error {
	if err := tx.SaveWithContext(gate.AsServer(context.Background()), alert.Raw()); err != nil {
		return fmt.Errorf("save an alert: %w", err)
	}
	return nil
}
