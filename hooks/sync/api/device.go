package api

import (
	"encoding/hex"

	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Sessions tells who comes, and whether his session still opens what he asks for.
type Sessions interface {
	// Open refuses a request whose session is over.
	Open(e *core.RequestEvent) error
	// Member lets an active member of the company pass, at a desk or by a phone.
	Member(e *core.RequestEvent) error
	// Still is Open for what stays open from here on.
	Still(e *core.RequestEvent) error
	// Device lets a request pass that comes from an active user by the phone with
	// that id, and returns the phone.
	Device(e *core.RequestEvent, id string) (records.SyncDevice, error)
	// HandingIn is Device for a push, which a disabled user may still hand in.
	HandingIn(e *core.RequestEvent, id string) (records.SyncDevice, error)
}

// Keys are the server's secrets.
func (s *Service) Keys(app core.App) (syncer.Keys, error) {
	if app.IsTransactional() {
		return s.engine.Keys(app.DB())
	}
	return s.engine.Keys(app.ConcurrentDB())
}

// ForgetKeys is told that the keys changed.
func (s *Service) ForgetKeys() { s.engine.ForgetKeys() }

// Spend refuses a request of a kind with 429 if the user asks too often.
func (s *Service) Spend(e *core.RequestEvent, kind, user string) error { return s.spend(e, kind, user) }

// Saw notes what a request showed of a device.
func (s *Service) Saw(seen gate.Sighting) { s.saw(seen) }

// Greet joins a registered phone and answers what it needs to go on.
func (s *Service) Greet(e *core.RequestEvent, device records.SyncDevice) (syncer.HelloResponse, error) {
	var out syncer.HelloResponse
	id := string(device.ID())
	err := s.inSession(e.App, func(_ core.App, session *syncer.Session) error { return session.Join(id, e.Auth.Id) })
	if err != nil {
		return out, err
	}
	state, err := syncer.ReadDevice(e.App.DB(), id)
	if err != nil {
		return out, err
	}
	keys, err := s.Keys(e.App)
	if err != nil {
		return out, err
	}
	if out.Schema, err = presentSchema(e.App.DB()); err != nil {
		return out, err
	}
	settings := gate.SettingsNow(e.App)
	if out.MinSchema, err = settings.SyncMinSchema(); err != nil {
		return out, err
	}
	if out.JournalMost, err = settings.SyncJournalMost(); err != nil {
		return out, err
	}
	out.Device, out.Epoch, out.Head = id, s.engine.Epoch(), s.engine.Head()
	out.HighWater, out.DurableN = state.HighWater, state.DurableN
	out.Anchor = s.Anchor(e.App, e.Auth.Id, device.ID())
	out.DigestKey = hex.EncodeToString(syncer.NewDigestKey(keys.Digest, id))
	return out, nil
}

// sentAway notes that a phone was told to register anew, which lets it do so
// once by the token it holds.
func (s *Service) sentAway(app core.App, device records.SyncDeviceID) error {
	_, err := app.NonconcurrentDB().NewQuery("UPDATE sync_devices SET forked = {:at} WHERE id = {:id}").
		Bind(dbx.Params{"at": gate.Stamp(s.cfg.Now()), "id": device}).Execute()
	return err
}
