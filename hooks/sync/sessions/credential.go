package sessions

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

const (
	credentialLife = 180 * 24 * time.Hour
	credentialUse  = "satchel-device"
	// credentialYoung is how old a credential may be before the phone gets a fresh one.
	credentialYoung = 30 * 24 * time.Hour
)

// credentialClaims are a phone's until one of them is no longer so.
type credentialClaims struct {
	jwt.RegisteredClaims        // sub: the user; jti: the phone
	Password             string `json:"pwd"` // mark of the user's password and role
	Generation           int    `json:"gen"`
	Life                 string `json:"life"`
}

// credential makes what a phone trades for tokens while nobody gives a password.
func (s *Service) credential(keys syncer.Keys, user *core.Record, device records.SyncDevice) (string, error) {
	now := s.cfg.Now()
	return sign(credentialClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: user.Id, ID: string(device.ID()), Audience: jwt.ClaimStrings{credentialUse},
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(credentialLife)),
		},
		Password: passwordMark(keys.Seal, user), Generation: device.Generation(), Life: keys.Life,
	}, string(keys.Seal))
}

// passwordMark tells one password, address or role of a user from the next and
// nothing else: PocketBase makes another token key with the first two, ends.go
// with the last.
func passwordMark(key []byte, user *core.Record) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "password mark\n%s\n%s", user.Id, user.TokenKey()) //nolint:errcheck // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// token trades a phone's credential for an auth token that is bound to it.
func (s *Service) token(e *core.RequestEvent) error {
	var req syncer.TokenRequest
	if err := gate.ReadJSON(e, gate.SmallBody, &req); err != nil {
		return err
	}
	keys, err := s.engine.Keys(e.App)
	if err != nil {
		return err
	}
	claims, key, err := s.readCredential(keys, req.Credential)
	if err != nil {
		return err
	}
	// A user that this server does not have is no reason to wipe a phone: the
	// server may have been restored from before he joined.
	found, ok, err := records.Users.Find(e.App, records.UserID(claims.Subject))
	if err != nil {
		return err
	}
	if !ok {
		return gate.Fail(http.StatusUnauthorized, "credential_invalid", nil)
	}
	user := found.Raw()
	if err := s.engine.Spend(e, LimitToken, user.Id); err != nil {
		return err
	}
	session, device, known, err := s.judge(e.App, keys, key, claims, user)
	if err != nil {
		return err
	}
	var out syncer.TokenResponse
	if out.Token, err = s.phoneToken(user, session); err != nil {
		return err
	}
	if known {
		out.Anchor = s.engine.Anchor(e.App, user.Id, device.ID())
	}
	if active(user) && known {
		if out.Credential, err = s.renewed(keys, key, claims, user, device); err != nil {
			return err
		}
		s.engine.Saw(gate.Sighting{Device: session.Device, From: e.RealIP()})
	}
	return e.JSON(http.StatusOK, out)
}

// readCredential checks that this server made it; key is the one that sealed it.
func (s *Service) readCredential(keys syncer.Keys, text string) (c credentialClaims, key []byte, err error) {
	for _, key := range [][]byte{keys.Seal, keys.Before} {
		if len(key) == 0 {
			continue
		}
		c = credentialClaims{}
		_, err = jwt.ParseWithClaims(text, &c, func(*jwt.Token) (any, error) { return key, nil },
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithAudience(credentialUse),
			jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.cfg.Now))
		if err == nil {
			return c, key, nil
		}
		if errors.Is(err, jwt.ErrTokenExpired) {
			return c, nil, gate.Fail(http.StatusUnauthorized, "credential_expired", nil)
		}
	}
	return c, nil, gate.Fail(http.StatusUnauthorized, "credential_invalid", nil)
}

// judge decides what a credential still opens; the phone of one that a restore
// lost is not known.
func (s *Service) judge(app core.App, keys syncer.Keys, key []byte, c credentialClaims, user *core.Record) (session gate.Session, device records.SyncDevice, known bool, err error) {
	device, err = s.device(app, user, c.ID)
	unknown := errors.Is(err, errUnknown)
	if err != nil && !unknown {
		return gate.Session{}, device, false, err
	}
	mark := hmac.Equal([]byte(c.Password), []byte(passwordMark(key, user))) || s.cfg.Planted == syncer.PlantOldPassword
	switch {
	case unknown && c.Life != keys.Life && keys.Trusts(c.Life) && mark: // it joined in what a restore lost
		return gate.Session{Device: c.ID, Lost: true, Life: keys.Life}, device, false, nil
	case unknown:
		return gate.Session{}, device, false, errLogin
	case !active(user): // it opens nothing but the way to hand in what he had captured
	case !mark || !keys.Trusts(c.Life) || c.Generation != device.Generation():
		return gate.Session{}, device, false, errLogin
	}
	return sessionOf(device, keys), device, true, nil
}

// renewed makes a fresh credential for one that is old, or sealed by a key that
// will go; empty if it is good as it is.
func (s *Service) renewed(keys syncer.Keys, key []byte, c credentialClaims, user *core.Record, device records.SyncDevice) (string, error) {
	if s.cfg.Now().Sub(c.IssuedAt.Time) < credentialYoung && string(key) == string(keys.Seal) && c.Life == keys.Life {
		return "", nil
	}
	return s.credential(keys, user, device)
}
