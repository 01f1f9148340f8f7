package files

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// signMost is how many addresses are made at once.
const signMost = 500

var variants = []string{records.BlobColOriginal, records.BlobColPublic, records.BlobColThumb, records.BlobColTiny}

// Addresses is the answer of sign. What the user may not see is not in it.
type Addresses struct {
	Variant string            `json:"variant"`
	Expires time.Time         `json:"expires"`
	URLs    map[string]string `json:"urls"` // by id, without a host
}

// sign makes addresses of one variant of some blobs.
func (s *Service) sign(e *core.RequestEvent) error {
	var req struct {
		IDs     []records.BlobID `json:"ids"`
		Variant string           `json:"variant"`
	}
	body := http.MaxBytesReader(e.Response, e.Request.Body, 64<<10)
	err := json.UnmarshalRead(body, &req, json.RejectUnknownMembers(true))
	if err != nil || len(req.IDs) > signMost || !slices.Contains(variants, req.Variant) {
		return answer(http.StatusBadRequest, "args.invalid", nil)
	}
	user := records.Users.Of(e.Auth)
	if !user.Active() {
		return answer(http.StatusUnauthorized, "user_disabled", nil)
	}
	out := Addresses{Variant: req.Variant, URLs: map[string]string{}}
	if out.Expires, err = s.expires(e.App); err != nil {
		return err
	}
	seen, err := s.admit(e.App, user, req.IDs)
	if err != nil {
		return err
	}
	for id, f := range seen {
		if (req.Variant != records.BlobColOriginal || f.original) && (f.files[req.Variant] != "" || !f.removed.IsZero()) {
			out.URLs[id.String()] = address(e.Auth, gate.SessionOf(e), id, req.Variant, out.Expires.Unix())
		}
	}
	return e.JSON(http.StatusOK, out)
}

// expires is until when an address that is made now lives: the minutes of the
// setting, and up to twice as long. Addresses made within the same minutes are equal,
// so that a browser's cache knows them again.
func (s *Service) expires(app core.App) (time.Time, error) {
	minutes, err := gate.SettingsNow(app).MediaAddressMinutes()
	life := time.Duration(max(1, minutes)) * time.Minute
	return s.cfg.Now().UTC().Truncate(life).Add(2 * life), err
}

// Address makes an address of one variant for who makes the request, which is
// answered if he may see the blob then.
func (s *Service) Address(e *core.RequestEvent, id records.BlobID, variant string) (string, error) {
	expires, err := s.expires(e.App)
	return address(e.Auth, gate.SessionOf(e), id, variant, expires.Unix()), err
}

func address(user *core.Record, session gate.Session, id records.BlobID, variant string, expires int64) string {
	mark := session.Mark()
	query := url.Values{
		"u": {user.Id}, "k": {mark}, "e": {strconv.FormatInt(expires, 10)}, "s": {signature(user, mark, id, variant, expires)},
	}
	return "/api/ka/blobs/" + id.String() + "/" + variant + "?" + query.Encode()
}

// signature binds an address to its user and the session that asked for it: it
// ends with their tokens.
func signature(user *core.Record, session string, id records.BlobID, variant string, expires int64) string {
	mac := hmac.New(sha256.New, []byte(user.TokenKey()+user.Collection().FileToken.Secret))
	fmt.Fprintf(mac, "blob address\n%s\n%s\n%s\n%s\n%d", user.Id, session, id, variant, expires) //nolint:errcheck // a hash takes everything
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

func answer(status int, code string, params map[string]any) error {
	return gate.Answer(status, domain.Problem{Code: code, Params: params}, nil)
}
