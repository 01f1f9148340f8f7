package sessions

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// refreshing marks a request that renews its own token.
const refreshing = "sessionRefreshing"

// bindTokens puts the session into every token that PocketBase makes of a user.
func (s *Service) bindTokens(app core.App) {
	app.OnRecordAuthRefreshRequest(gate.Users).Bind(gate.Named("sessionRefresh", func(e *core.RecordAuthRefreshRequestEvent) error {
		e.Set(refreshing, true)
		return e.Next()
	}))
	app.OnRecordAuthRequest(gate.Users).Bind(gate.Named("sessionLogin", func(e *core.RecordAuthRequestEvent) error {
		session := gate.SessionOf(e.RequestEvent)
		switch {
		case e.AuthMethod != "": // by password, or what stands in for one
			var err error
			if session, err = s.newLogin(e.App); err != nil {
				return err
			}
		case e.Get(refreshing) == nil || session.Device != "": // a superuser's in his name; a phone's, which is as it was
			return e.Next()
		}
		token, err := resign(e.Token, e.Record.TokenKey()+e.Record.Collection().AuthToken.Secret, session)
		if err != nil {
			return err
		}
		e.Token = token
		return e.Next()
	}))
	app.OnFileTokenRequest(gate.Users).Bind(gate.Named("sessionFileToken", func(e *core.FileTokenRequestEvent) error {
		token, err := resign(e.Token, e.Record.TokenKey()+e.Record.Collection().FileToken.Secret, gate.SessionOf(e.RequestEvent))
		if err != nil {
			return err
		}
		e.Token = token
		return e.Next()
	}))
}

func (s *Service) newLogin(app core.App) (gate.Session, error) {
	keys, err := s.engine.Keys(app)
	return gate.Session{ID: core.GenerateDefaultRandomId(), Login: s.cfg.Now(), Life: keys.Life}, err
}

// LoginToken makes the token that a login of the user would be answered with.
func (s *Service) LoginToken(app core.App, user *core.Record) (string, error) {
	session, err := s.newLogin(app)
	if err != nil {
		return "", err
	}
	token, err := user.NewAuthToken()
	if err != nil {
		return "", err
	}
	return resign(token, user.TokenKey()+user.Collection().AuthToken.Secret, session)
}

// resign puts a session into a token of PocketBase's.
func resign(token, key string, session gate.Session) (string, error) {
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		return "", fmt.Errorf("read a token: %w", err)
	}
	for name, value := range session.Claims() {
		claims[name] = value
	}
	return sign(claims, key)
}

// phoneToken makes an auth token that is bound to a phone, or one that lets a
// phone register which the server lost.
func (s *Service) phoneToken(user *core.Record, session gate.Session) (string, error) {
	claims := session.Claims()
	claims[core.TokenClaimType], claims[core.TokenClaimId] = core.TokenTypeAuth, user.Id
	claims[core.TokenClaimCollectionId], claims[core.TokenClaimRefreshable] = user.Collection().Id, false
	claims["exp"] = time.Now().Add(user.Collection().AuthToken.DurationTime()).Unix() //nolint:forbidigo // PocketBase checks it against its own clock
	return sign(claims, user.TokenKey()+user.Collection().AuthToken.Secret)
}

func sign(claims jwt.Claims, key string) (string, error) {
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(key))
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return text, nil
}
