package api

import (
	"time"

	"satchel/domain"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// anchorKeyLife is how long new anchors are signed by one key, and
	// anchorKeyKept how long an old one still vouches: a visit may be told late.
	anchorKeyLife = 90 * 24 * time.Hour
	anchorKeyKept = 400 * 24 * time.Hour
)

// devices are phones, as far as it is about their clocks and their admission: it is
// noted, and locked, since when one is registered. No anchor of it is older.
func (s *Service) devices() kit.Collection {
	return kit.Collection{
		Name: records.SyncDeviceTable,
		Rules: append([]kit.Rule{
			kit.On(kit.Create, records.SyncDevices, "syncDeviceRegistered", func(e *kit.Change[records.SyncDevice]) error {
				e.Row.SetRegisteredAt(s.cfg.Now())
				return e.Next()
			}),
			kit.On(kit.Update, records.SyncDevices, "syncDeviceRegisteredStays", func(e *kit.Change[records.SyncDevice]) error {
				if since := e.Before().RegisteredAt(); !since.IsZero() {
					e.Row.SetRegisteredAt(since)
				}
				return e.Next()
			}),
		}, s.known.forgets(records.SyncDeviceTable)...),
	}
}

// Anchor is the server's time for a device; nil, and a line in the log, if it
// cannot be signed: a phone does without.
func (s *Service) Anchor(app core.App, user string, device records.SyncDeviceID) *syncer.Anchor {
	a, err := s.engine.Anchor(app.ConcurrentDB(), user, string(device), s.cfg.Now())
	if err != nil {
		app.Logger().Error("Failed to sign a clock anchor", "device", device, "error", err)
	}
	return a
}

// Genuine implements gate.Witness. A phone that had to register anew goes on
// with what it heard before: an anchor of another device of the user counts if
// it is older than this device. Nobody else's ever does.
func (s *Service) Genuine(app core.App, user, device string, a domain.ClockAnchor) (bool, error) {
	ours, err := s.engine.Vouches(app.DB(), user, syncer.Anchor{At: a.At, Device: a.Device, Sig: a.Sig})
	if err != nil || !ours {
		return false, err
	}
	phone, found, err := records.SyncDevices.Find(app, records.SyncDeviceID(device))
	if err != nil || !found { // gone, and with it what it vouched for
		return false, err
	}
	if a.Device == device {
		return !a.At.Before(phone.RegisteredAt()), nil
	}
	return a.At.Before(phone.RegisteredAt()), nil
}

// LastIn implements gate.Witness.
func (s *Service) LastIn(app core.App, device string, before time.Time) (time.Time, error) {
	return syncer.LastArrival(app.DB(), device, before)
}

// KeepAnchorKeys makes a new key when the present one has been in use for long
// enough, and forgets arrivals that no late visit is judged by any more.
func (s *Service) KeepAnchorKeys(app core.App, now time.Time) error {
	err := app.RunInTransaction(func(txApp core.App) error {
		newest, err := syncer.AnchorKeySince(txApp.DB())
		if err != nil {
			return err
		}
		if now.Sub(newest) >= anchorKeyLife {
			if err := syncer.RenewAnchorKey(txApp.DB(), now, anchorKeyKept); err != nil {
				return err
			}
		}
		return syncer.ForgetArrivals(txApp.DB(), now.Add(-anchorKeyKept))
	})
	s.engine.ForgetAnchorKeys()
	return err
}
