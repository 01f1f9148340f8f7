package sessions

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

const (
	helloPath = "/api/sync/hello"
	tokenPath = "/api/sync/token"
	pushPath  = "/api/sync/push"
)

// signingIn are the routes by which somebody comes in who is nobody yet.
var signingIn = regexp.MustCompile(`^/api/collections/[^/]+/(auth-methods|auth-with-\w+|request-otp|(request|confirm)-(password-reset|verification)|confirm-email-change)$`)

// requireOpen refuses, on every route of the server, a token whose session is over.
func (s *Service) requireOpen() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       gate.SessionMiddleware,
		Priority: apis.DefaultLoadAuthTokenMiddlewarePriority + 1,
		Func: func(e *core.RequestEvent) error {
			if err := s.openFile(e); err != nil {
				return err
			}
			err := s.Open(e)
			if err != nil && signingIn.MatchString(e.Request.URL.Path) {
				e.Auth, err = nil, nil // whoever signs in may still hold what is over
			}
			if err != nil {
				return err
			}
			return e.Next()
		},
	}
}

// Open refuses a request whose session is over. Let through are: a disabled user
// to push, where what he had captured is kept aside; and whoever comes to hello
// or trades a credential, which judge for themselves.
func (s *Service) Open(e *core.RequestEvent) error {
	if e.Auth == nil || e.Auth.Collection().Name != gate.Users {
		return nil
	}
	session, path := gate.SessionOf(e), e.Request.URL.Path
	if !active(e.Auth) && path == pushPath && session.Device != "" {
		_, err := s.device(e.App, e.Auth, session.Device)
		return err
	}
	if path == tokenPath {
		return nil
	}
	err := s.Check(e.App, e.Auth, session)
	if path == helloPath && (errors.Is(err, errUnknown) || errors.Is(err, errSpent)) {
		return nil
	}
	return err
}

// openFile is Open for the token in the address of a file.
func (s *Service) openFile(e *core.RequestEvent) error {
	token := e.Request.URL.Query().Get("token")
	if token == "" || !strings.HasPrefix(e.Request.URL.Path, "/api/files/") {
		return nil
	}
	user, err := e.App.FindAuthRecordByToken(token, core.TokenTypeFile)
	if err != nil || user.Collection().Name != gate.Users {
		return nil //nolint:nilerr // PocketBase answers what is not signed as nobody's
	}
	return s.Check(e.App, user, gate.ReadSession(token))
}

var (
	errUnknown = gate.Fail(http.StatusUnauthorized, "device_unknown", nil)
	errSpent   = gate.Fail(http.StatusUnauthorized, "login_spent", nil)
	errLogin   = gate.Fail(http.StatusUnauthorized, "login_required", nil)
)

// Check refuses a session of the user that is over: user_disabled and
// device_revoked, by which a phone is wiped; login_required, after which it goes
// on once the password was given; login_spent for a login that has registered a
// phone; device_unknown.
func (s *Service) Check(app core.App, user *core.Record, session gate.Session) error {
	if !active(user) {
		return gate.Wipe("user_disabled")
	}
	if session.Device != "" {
		device, err := s.device(app, user, session.Device)
		if err != nil {
			return err
		}
		if device.Generation() != session.Generation {
			return errLogin
		}
	} else if err := s.checkLogin(app, user, session.ID); err != nil {
		return err
	}
	if session.Life == "" { // made by no login: a superuser's, in the user's name
		return nil
	}
	keys, err := s.engine.Keys(app)
	if err == nil && !keys.Trusts(session.Life) {
		return errLogin
	}
	return err
}

// Still asks once more who comes, for what stays open from here on: his session
// may have ended before there was anything to close.
func (s *Service) Still(e *core.RequestEvent) error {
	user, err := e.App.FindAuthRecordByToken(gate.BearerToken(e.Request), core.TokenTypeAuth)
	if err != nil {
		return gate.Fail(http.StatusUnauthorized, "auth_required", nil)
	}
	if user.Collection().Name != gate.Users {
		return nil
	}
	return s.Check(e.App, user, gate.SessionOf(e))
}

// checkLogin refuses a login that has registered a phone.
func (s *Service) checkLogin(app core.App, user *core.Record, id string) error {
	used, err := registeredBy(app, id)
	if err != nil || used == nil {
		return err
	}
	if _, err := s.device(app, user, used.Device); err != nil && !errors.Is(err, errUnknown) {
		return err
	}
	return errSpent
}

// Device checks that the request comes from an active user by a token that is
// bound to the phone. A revoked phone or a disabled user is told to wipe.
func (s *Service) Device(e *core.RequestEvent, id string) (device records.SyncDevice, err error) {
	if err := s.Member(e); err != nil {
		return device, err
	}
	return s.bound(e, id)
}

// Member lets an active member of the company pass, at a desk or by a phone.
func (s *Service) Member(e *core.RequestEvent) error {
	if err := member(e); err != nil {
		return err
	}
	if !active(e.Auth) {
		return gate.Wipe("user_disabled")
	}
	return nil
}

// HandingIn is Device for a push, which a disabled user may still hand in: what
// he had captured goes into quarantine instead of being lost.
func (s *Service) HandingIn(e *core.RequestEvent, id string) (device records.SyncDevice, err error) {
	if err := member(e); err != nil {
		return device, err
	}
	device, err = s.bound(e, id)
	if errors.Is(err, errUnknown) && !active(e.Auth) {
		err = gate.Wipe("user_disabled")
	}
	return device, err
}

func (s *Service) bound(e *core.RequestEvent, id string) (device records.SyncDevice, err error) {
	if gate.SessionOf(e).Device != id || id == "" {
		return device, errUnknown
	}
	return s.device(e.App, e.Auth, id)
}

// device finds one of the user's phones that is not revoked.
func (s *Service) device(app core.App, user *core.Record, id string) (records.SyncDevice, error) {
	device, found, err := records.SyncDevices.Find(app, records.SyncDeviceID(id))
	switch {
	case err != nil:
	case !found || string(device.User()) != user.Id:
		err = errUnknown
	case device.Revoked():
		err = gate.Wipe("device_revoked")
	}
	return device, err
}

func active(user *core.Record) bool { return records.Users.Of(user).Active() }

// member asks for a token of somebody of the company.
func member(e *core.RequestEvent) error {
	switch {
	case e.Auth == nil:
		return gate.Fail(http.StatusUnauthorized, "auth_required", nil)
	case e.Auth.Collection().Name != gate.Users:
		return gate.Fail(http.StatusForbidden, "user_required", nil)
	}
	return nil
}

// registration is which phone a login has registered, and the phone's
// generation then.
type registration struct {
	Device     string `db:"device"`
	Generation int    `db:"generation"`
}

// registeredBy returns nil for a login that has registered none.
func registeredBy(app core.App, login string) (*registration, error) {
	if login == "" {
		return nil, nil
	}
	var r registration
	err := app.DB().NewQuery("SELECT device, generation FROM " + logins + " WHERE sid = {:sid}").Bind(dbx.Params{"sid": login}).One(&r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find what a login registered: %w", err)
	}
	return &r, nil
}
