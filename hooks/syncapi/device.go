package syncapi

import (
	"database/sql"
	"encoding/hex"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/http"
	"time"

	"satchel/hooks/gate"
	"satchel/syncer"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	devicesCollection = "sync_devices"
	credentialLife    = 180 * 24 * time.Hour
	credentialUse     = "satchel-device"
	maxSmallBody      = 16 << 10
)

// hello registers the phone of the request's user and hands out its credential.
func (s *Service) hello(e *core.RequestEvent) error {
	if err := activeUser(e); err != nil {
		return err
	}
	if err := s.spend(e, limitHello, e.Auth.Id); err != nil {
		return err
	}
	var req syncer.HelloRequest
	if err := readJSON(e, maxSmallBody, &req); err != nil {
		return err
	}
	if len(req.Install) < 8 || len(req.Install) > 64 {
		return answer(http.StatusBadRequest, "install_invalid", nil)
	}
	device, err := s.register(e, req)
	if err != nil {
		return err
	}
	err = s.inSession(e.App, func(_ core.App, session *syncer.Session) error { return session.Join(device.Id, e.Auth.Id) })
	if err != nil {
		return err
	}
	credential, err := s.credential(e.App, e.Auth.Id, device.Id)
	if err != nil {
		return err
	}
	state, err := syncer.ReadDevice(e.App.DB(), device.Id)
	if err != nil {
		return err
	}
	secret, err := s.engine.Secret(e.App.DB())
	if err != nil {
		return err
	}
	present, err := presentSchema(e.App.DB())
	if err != nil {
		return err
	}
	least, err := gate.Setting(e.App, minSchemaKey, 1)
	if err != nil {
		return err
	}
	s.saw(gate.Sighting{Device: device.Id, Did: gate.SawHello, Oldest: req.OldestCaptured})
	return e.JSON(http.StatusOK, syncer.HelloResponse{
		Schema: present, MinSchema: least,
		Device: device.Id, Credential: credential, Epoch: s.engine.Epoch(),
		HighWater: state.HighWater, DurableN: state.DurableN, Head: s.engine.Head(),
		DigestKey: hex.EncodeToString(syncer.NewDigestKey([]byte(secret), device.Id)),
		Anchor:    s.anchor(e.App, e.Auth, device),
	})
}

// register finds or makes the device of this user and install nonce.
func (s *Service) register(e *core.RequestEvent, req syncer.HelloRequest) (*core.Record, error) {
	device, err := e.App.FindFirstRecordByFilter(devicesCollection, "user = {:u} && install = {:i}",
		dbx.Params{"u": e.Auth.Id, "i": req.Install})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		coll, err := e.App.FindCachedCollectionByNameOrId(devicesCollection)
		if err != nil {
			return nil, err
		}
		device = core.NewRecord(coll)
		device.Set("user", e.Auth.Id)
		device.Set("install", req.Install)
	case err != nil:
		return nil, fmt.Errorf("failed to find device: %w", err)
	case device.GetBool("revoked"):
		return nil, wipe("device_revoked")
	}
	device.Set("platform", req.Platform)
	device.Set("app", req.App)
	device.Set("schema", req.Schema)
	if req.Name != "" {
		device.Set("name", req.Name)
	}
	seen, err := types.ParseDateTime(s.cfg.Now())
	if err != nil {
		return nil, err
	}
	device.Set("last_seen", seen)
	if err := e.App.SaveWithContext(gate.AsServer(e.Request.Context()), device); err != nil {
		return nil, fmt.Errorf("failed to save device: %w", err)
	}
	return device, nil
}

// token trades a device credential for an auth token that is bound to the device.
func (s *Service) token(e *core.RequestEvent) error {
	var req syncer.TokenRequest
	if err := readJSON(e, maxSmallBody, &req); err != nil {
		return err
	}
	user, device, err := s.readCredential(e.App, req.Credential)
	if err != nil {
		return err
	}
	if err := s.spend(e, limitToken, user.Id); err != nil {
		return err
	}
	claims := jwt.MapClaims{
		"id": user.Id, "type": core.TokenTypeAuth, "collectionId": user.Collection().Id, "refreshable": false,
		"exp": time.Now().Add(user.Collection().AuthToken.DurationTime()).Unix(), //nolint:forbidigo // PocketBase checks it against its own clock
	}
	// A server restored from before the phone joined lets it join again.
	if device != nil {
		claims[deviceClaim] = device.Id
	}
	key := user.TokenKey() + user.Collection().AuthToken.Secret
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(key))
	if err != nil {
		return fmt.Errorf("failed to sign token: %w", err)
	}
	return e.JSON(http.StatusOK, syncer.TokenResponse{Token: token, Anchor: s.anchor(e.App, user, device)})
}

func (s *Service) credential(app core.App, user, device string) (string, error) {
	key, err := s.engine.Secret(app.DB())
	if err != nil {
		return "", err
	}
	now := s.cfg.Now()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject: user, ID: device, Audience: jwt.ClaimStrings{credentialUse},
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(credentialLife)),
	}).SignedString([]byte(key))
	if err != nil {
		return "", fmt.Errorf("failed to sign credential: %w", err)
	}
	return text, nil
}

func (s *Service) readCredential(app core.App, text string) (user, device *core.Record, err error) {
	key, err := s.engine.Secret(app.DB())
	if err != nil {
		return nil, nil, err
	}
	var claims jwt.RegisteredClaims
	_, err = jwt.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) { return []byte(key), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithAudience(credentialUse),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.cfg.Now))
	if errors.Is(err, jwt.ErrTokenExpired) {
		return nil, nil, answer(http.StatusUnauthorized, "credential_expired", nil)
	}
	if err != nil {
		return nil, nil, answer(http.StatusUnauthorized, "credential_invalid", nil)
	}
	// A user or device that this server does not have is no reason to wipe a
	// phone: the server may have been restored from before they joined.
	user, err = app.FindRecordById(gate.Users, claims.Subject)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, answer(http.StatusUnauthorized, "credential_invalid", nil)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("failed to find user: %w", err)
	}
	// A disabled user gets a token too: it opens nothing but the way to hand in
	// what he had captured.
	device, err = findDevice(app, user, claims.ID)
	if errors.Is(err, errDeviceUnknown) {
		return user, nil, nil
	}
	return user, device, err
}

// pushingDevice is Device for a push, which a disabled user may still hand in:
// what he had captured goes into quarantine instead of being lost.
func (s *Service) pushingDevice(e *core.RequestEvent, id string) (*core.Record, error) {
	if e.Auth == nil || e.Auth.Collection().Name != gate.Users || e.Auth.GetBool("active") {
		return s.Device(e, id)
	}
	if bound := boundDevice(e); bound != "" && bound != id {
		return nil, answer(http.StatusUnauthorized, "device_unknown", nil)
	}
	device, err := findDevice(e.App, e.Auth, id)
	if errors.Is(err, errDeviceUnknown) {
		return nil, wipe("user_disabled")
	}
	return device, err
}

// errDeviceUnknown says that this server has no such device of the user.
var errDeviceUnknown = errors.New("unknown device")

// Device checks that the request comes from an active user and one of his
// devices that is not revoked. All routes under /api/sync but hello and token
// ask it. A revoked device or a disabled user is told to wipe the phone.
func (s *Service) Device(e *core.RequestEvent, id string) (*core.Record, error) {
	if err := activeUser(e); err != nil {
		return nil, err
	}
	if bound := boundDevice(e); bound != "" && bound != id {
		return nil, answer(http.StatusUnauthorized, "device_unknown", nil)
	}
	device, err := s.deviceOf(e.App, e.Auth, id)
	if errors.Is(err, errDeviceUnknown) {
		return nil, answer(http.StatusUnauthorized, "device_unknown", nil)
	}
	return device, err
}

func (s *Service) deviceOf(app core.App, user *core.Record, id string) (*core.Record, error) {
	if !user.GetBool("active") {
		return nil, wipe("user_disabled")
	}
	return findDevice(app, user, id)
}

// findDevice finds one of the user's devices that is not revoked.
func findDevice(app core.App, user *core.Record, id string) (*core.Record, error) {
	device, err := app.FindRecordById(devicesCollection, id)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && device.GetString("user") != user.Id) {
		return nil, errDeviceUnknown
	}
	if err != nil {
		return nil, fmt.Errorf("failed to find device: %w", err)
	}
	if device.GetBool("revoked") {
		return nil, wipe("device_revoked")
	}
	return device, nil
}

// activeUser asks for a token of an active member of the company.
func activeUser(e *core.RequestEvent) error {
	switch {
	case e.Auth == nil:
		return answer(http.StatusUnauthorized, "auth_required", nil)
	case e.Auth.Collection().Name != gate.Users:
		return answer(http.StatusForbidden, "user_required", nil)
	case !e.Auth.GetBool("active"):
		return wipe("user_disabled")
	}
	return nil
}

// readJSON reads a bounded body strictly.
func readJSON(e *core.RequestEvent, limit int64, into any) error {
	body := http.MaxBytesReader(e.Response, e.Request.Body, limit)
	err := json.UnmarshalRead(body, into, json.RejectUnknownMembers(true))
	if errors.Is(err, errBusy) {
		return overloaded(e)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return answer(http.StatusRequestEntityTooLarge, "body_too_large", map[string]any{"limit": limit})
	}
	if err != nil {
		return answer(http.StatusBadRequest, "body_malformed", nil)
	}
	return nil
}
