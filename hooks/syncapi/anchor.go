package syncapi

import (
	"time"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

const (
	registeredField = "registered_at"
	// anchorKeyLife is how long new anchors are signed by one key, and
	// anchorKeyKept how long an old one still vouches: a visit may be told late.
	anchorKeyLife = 90 * 24 * time.Hour
	anchorKeyKept = 400 * 24 * time.Hour
)

// bindAnchors notes, and locks, since when a device is registered: no anchor of
// it is older.
func bindAnchors(app core.App, s *Service) {
	app.OnRecordCreate(devicesCollection).Bind(gate.Named("syncDeviceRegistered", func(e *core.RecordEvent) error {
		e.Record.Set(registeredField, s.cfg.Now())
		return e.Next()
	}))
	app.OnRecordUpdate(devicesCollection).Bind(gate.Named("syncDeviceRegisteredStays", func(e *core.RecordEvent) error {
		if since := e.Record.Original().GetDateTime(registeredField); !since.IsZero() {
			e.Record.Set(registeredField, since)
		}
		return e.Next()
	}))
}

// Anchor is the server's time for a device; nil, and a line in the log, if it
// cannot be signed: a phone does without.
func (s *Service) Anchor(app core.App, user, device *core.Record) *syncer.Anchor {
	if device == nil {
		return nil
	}
	a, err := s.engine.Anchor(app.ConcurrentDB(), user.Id, device.Id, s.cfg.Now())
	if err != nil {
		app.Logger().Error("Failed to sign a clock anchor", "device", device.Id, "error", err)
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
	record, err := app.FindRecordById(devicesCollection, device)
	if err != nil {
		return false, nil //nolint:nilerr // gone, and with it what it vouched for
	}
	registered := record.GetDateTime(registeredField).Time()
	if a.Device == device {
		return !a.At.Before(registered), nil
	}
	return a.At.Before(registered), nil
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
