package sessions

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// hello registers the phone of the request's user and hands out its token, and
// its credential unless the phone has one.
func (s *Service) hello(e *core.RequestEvent) error {
	if err := s.Member(e); err != nil {
		return err
	}
	if err := s.engine.Spend(e, LimitHello, e.Auth.Id); err != nil {
		return err
	}
	var req syncer.HelloRequest
	if err := gate.ReadJSON(e, gate.SmallBody, &req); err != nil {
		return err
	}
	if len(req.Install) < 8 || len(req.Install) > 64 {
		return gate.Fail(http.StatusBadRequest, "install_invalid", nil)
	}
	r := registering{service: s, ctx: e.Request.Context(), user: e.Auth, session: gate.SessionOf(e), req: req, address: e.RealIP()}
	if err := e.App.RunInTransaction(func(txApp core.App) error { r.app = txApp; return r.run() }); err != nil {
		return err
	}
	if r.session.ID != "" { // from here on it opens nothing but hello
		s.end(gate.Ended{User: e.Auth.Id, Device: r.session.ID})
	}
	out, err := s.engine.Greet(e, r.device)
	if err != nil {
		return err
	}
	keys, err := s.engine.Keys(e.App)
	if err != nil {
		return err
	}
	if r.entrusted {
		if out.Credential, err = s.credential(keys, e.Auth, r.device); err != nil {
			return err
		}
	}
	if out.Token, err = s.phoneToken(e.Auth, sessionOf(r.device, keys)); err != nil {
		return err
	}
	s.engine.Saw(gate.Sighting{Device: string(r.device.ID()), Did: gate.SawHello, Oldest: req.OldestCaptured, From: r.address})
	return e.JSON(http.StatusOK, out)
}

func sessionOf(device records.SyncDevice, keys syncer.Keys) gate.Session {
	return gate.Session{Device: string(device.ID()), Generation: device.Generation(), Life: keys.Life}
}

// registering is one hello on its way, in the transaction of app.
type registering struct {
	service   *Service
	app       core.App
	ctx       context.Context
	user      *core.Record
	session   gate.Session
	req       syncer.HelloRequest
	address   string
	device    records.SyncDevice
	entrusted bool // with a credential: somebody gave the password, or the phone was let in by another's
}

// run finds or makes the phone of this user and install. A new one is let in by
// a login whose password was given a moment ago, or, where the server had sent
// it away, in the place of the phone whose token it holds.
func (r *registering) run() error {
	own, known, err := records.SyncDevices.First(r.app, "user = {:u} AND install = {:i}", dbx.Params{"u": r.user.Id, "i": r.req.Install}, "")
	if err != nil {
		return err
	}
	if known && own.Revoked() {
		return gate.Wipe("device_revoked")
	}
	// Open lets whoever comes to hello pass that has nothing else to go by.
	keys, err := r.service.engine.Keys(r.app)
	if err != nil {
		return err
	}
	if r.session.Life != "" && !keys.Trusts(r.session.Life) {
		return errLogin
	}
	from := ""
	switch {
	case r.session.Device == "":
		err = r.byLogin(own, known)
	case known && string(own.ID()) == r.session.Device: // says anew what it is
	case r.service.cfg.Planted == syncer.PlantHelloBound:
		r.entrusted = true
	default:
		from, err = r.byToken(own, known)
	}
	if err != nil {
		return err
	}
	return r.save(own, known, from)
}

// byLogin lets the phone in by a fresh login, or by the very one that registered it.
func (r *registering) byLogin(own records.SyncDevice, known bool) error {
	r.entrusted = true
	used, err := registeredBy(r.app, r.session.ID)
	if err != nil {
		return err
	}
	if used != nil && (!known || string(own.ID()) != used.Device) {
		return errSpent
	}
	if used != nil && own.Generation() == used.Generation {
		return nil // its answer was lost
	}
	minutes, err := gate.SettingsNow(r.app).DeviceLoginMinutes()
	if err != nil {
		return err
	}
	if r.session.ID == "" || r.service.cfg.Now().Sub(r.session.Login) > time.Duration(minutes)*time.Minute {
		return errLogin
	}
	return nil
}

// byToken lets a phone in that the server itself sent away: a clone, or one that
// a restored server does not have. from is whose token it holds. It comes as
// itself: the user's other phones are not its to be.
func (r *registering) byToken(own records.SyncDevice, known bool) (from string, err error) {
	r.entrusted = true
	if r.session.Lost {
		return r.session.Device, r.lostOnce(own, known)
	}
	if known {
		return "", errLogin
	}
	parent, err := r.service.device(r.app, r.user, r.session.Device)
	if errors.Is(err, errUnknown) {
		return "", errLogin
	}
	if err != nil {
		return "", err
	}
	if parent.Forked().IsZero() {
		return "", errLogin
	}
	parent.SetForked(time.Time{}) // once for each time that it was sent away
	return string(parent.ID()), r.app.SaveWithContext(gate.AsServer(r.ctx), parent.Raw())
}

// lostOnce lets one phone in in the place of a lost one, and none once that one
// was revoked.
func (r *registering) lostOnce(own records.SyncDevice, known bool) error {
	came, err := records.SyncDevices.All(r.app, "user = {:u} AND came_from = {:from}", dbx.Params{"u": r.user.Id, "from": r.session.Device}, "")
	if err != nil {
		return err
	}
	for _, phone := range came {
		if phone.Revoked() {
			return gate.Wipe("device_revoked")
		}
	}
	answerLost := known && len(came) == 1 && came[0].ID() == own.ID() && own.Generation() == 0
	if answerLost || !known && len(came) == 0 {
		return nil
	}
	return errLogin
}

func (r *registering) save(own records.SyncDevice, known bool, from string) (err error) {
	r.device = own
	if !known {
		if err := r.room(); err != nil {
			return err
		}
		if r.device, err = records.SyncDevices.New(r.app); err != nil {
			return err
		}
		r.device.SetUser(records.UserID(r.user.Id))
		r.device.SetInstall(r.req.Install)
		r.device.SetCameFrom(from)
	}
	r.device.SetPlatform(r.req.Platform)
	r.device.SetApp(r.req.App)
	r.device.SetSchema(r.req.Schema)
	r.device.SetLastSeen(r.service.cfg.Now())
	r.device.SetAddress(r.address)
	if r.req.Name != "" {
		r.device.SetName(r.req.Name)
	}
	actor := gate.Actor{User: r.user, IP: r.address}
	if err := r.app.SaveWithContext(gate.AsServer(gate.With(r.ctx, actor)), r.device.Raw()); err != nil {
		return fmt.Errorf("save a phone: %w", err)
	}
	if r.session.ID != "" {
		_, err := r.app.NonconcurrentDB().NewQuery("INSERT OR REPLACE INTO " + logins + " (sid, device, generation, at) VALUES ({:sid}, {:device}, {:generation}, {:at})").
			Bind(dbx.Params{"sid": r.session.ID, "device": r.device.ID(), "generation": r.device.Generation(), "at": r.service.cfg.Now().Unix()}).Execute()
		if err != nil {
			return fmt.Errorf("note what a login registered: %w", err)
		}
	}
	if known {
		return nil
	}
	return r.tell()
}

// room refuses one phone too many: device.too_many.
func (r *registering) room() error {
	most, err := gate.SettingsNow(r.app).DeviceLiveMost()
	if err != nil {
		return err
	}
	live, err := records.SyncDevices.Count(r.app, "user = {:u} AND revoked = FALSE", dbx.Params{"u": r.user.Id})
	if err != nil {
		return err
	}
	if live >= most {
		return gate.Fail(http.StatusConflict, "device.too_many", map[string]any{"limit": most})
	}
	return nil
}

// tell lets the user know of a phone that joined in his name.
func (r *registering) tell() error {
	what := r.device.Name()
	if what == "" {
		what = r.req.Platform
	}
	now := r.service.cfg.Now()
	return gate.Notify(r.ctx, r.app, now, gate.Notice{
		User: r.user.Id, Kind: "device.new", Link: records.SyncDeviceTable + "/" + string(r.device.ID()),
		Params: map[string]any{"name": what, "from": r.address},
	})
}
