package satisfaction

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// linkMost is the longest link that is looked at, in bytes.
const linkMost = 512

var (
	errNoLink  = errors.New("it is no link of ours")
	errExpired = errors.New("the link has expired")
)

// keyOf is the key of links: of this company's secret, and of no other use. The collection
// lies in memory.
func keyOf(app core.App) ([]byte, error) {
	users, err := app.FindCachedCollectionByNameOrId(gate.Users)
	if err != nil {
		return nil, fmt.Errorf("find the secret of links: %w", err)
	}
	return hkdf.Key(sha256.New, []byte(users.FileToken.Secret), nil, "links of satisfaction surveys", sha256.Size)
}

// markOf is what a link names its invite by: it is made anew whenever the link is shown,
// and only a digest of it is kept.
func markOf(key []byte, id records.SurveyInviteID) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("invite " + string(id))) // a hash takes everything
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

func hashOfMark(mark string) string {
	sum := sha256.Sum256([]byte(mark))
	return hex.EncodeToString(sum[:])
}

// linkOf is the address of an invite's page.
func linkOf(app core.App, row records.SurveyInvite) (string, error) {
	key, err := keyOf(app)
	if err != nil {
		return "", err
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		ID: markOf(key, row.ID()), ExpiresAt: jwt.NewNumericDate(row.ExpiresAt()),
	}).SignedString(key)
	if err != nil {
		return "", fmt.Errorf("sign a link: %w", err)
	}
	return strings.TrimSuffix(app.Settings().Meta.AppURL, "/") + "/s/" + token, nil
}

// read checks a link, without asking the database: errNoLink, or errExpired of one that
// was good.
func read(app core.App, token string, now time.Time) (mark string, err error) {
	if len(token) > linkMost {
		return "", errNoLink
	}
	key, err := keyOf(app)
	if err != nil {
		return "", err
	}
	var claims jwt.RegisteredClaims
	_, err = jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(func() time.Time { return now }))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "", errExpired
	case err != nil:
		return "", errNoLink
	}
	return claims.ID, nil
}
