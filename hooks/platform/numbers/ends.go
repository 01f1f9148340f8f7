package numbers

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/numbers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// devices that are revoked take their numbers along: nobody is given them again.
func (s *Service) devices() kit.Collection {
	return kit.Collection{Name: records.SyncDeviceTable, Rules: []kit.Rule{
		kit.On(kit.Update, records.SyncDevices, "numbersRevoked", func(e *kit.Change[records.SyncDevice]) error {
			if err := e.Next(); err != nil || !e.Row.Revoked() || e.Before().Revoked() {
				return err
			}
			return endAll(e.Context, e.App, "device = {:device}", dbx.Params{"device": e.Row.ID()}, numbers.Lost, s.cfg.Now())
		}),
	}}
}

// expire closes the leases of phones that did not come for number.idle_days. One
// that comes after all shows them and goes on.
func expire(ctx context.Context, app core.App, now time.Time) error {
	days, err := gate.SettingsNow(app).NumberIdleDays()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		return endAll(ctx, tx, `device <> '' AND given_at < {:since} AND NOT EXISTS (SELECT 1 FROM sync_devices d
			WHERE d.id = number_leases.device AND MAX(d.last_seen, d.last_pull, d.last_push) >= {:since})`,
			dbx.Params{"since": gate.Stamp(now.AddDate(0, 0, -days))}, numbers.Expired, now)
	})
}

func endAll(ctx context.Context, tx core.App, where string, params dbx.Params, state records.NumberLeaseState, at time.Time) error {
	open, err := records.NumberLeases.All(tx, "state = 'active' AND "+where, params, "")
	if err != nil {
		return err
	}
	for _, lease := range open {
		if err := end(ctx, tx, lease, state, at); err != nil {
			return err
		}
	}
	return nil
}
