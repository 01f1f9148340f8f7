package attack

import (
	"iter"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

func keysOf[M ~map[string]V, V any](m M) iter.Seq[string] { return maps.Keys(m) }

// TestTokensOfAnotherKind shows at every route what is no login: it opens no more
// than what a guest has.
func TestTokensOfAnotherKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, lines := table(t, "testdata/routes.txt")
	kinds := w.kinds()
	before := w.all()
	guest := w.people["guest"]
	for _, route := range w.routes {
		cells := lines[cmpOr(route)]
		if len(cells) == 0 || route == "GET /api/realtime" {
			continue
		}
		asGuest, err := strconv.Atoi(cells[0])
		if err != nil {
			t.Fatal(err)
		}
		method, path, body := w.request(route, w.people["owner"])
		for kind, token := range kinds {
			for _, scheme := range []string{"", "Bearer "} {
				a := w.ask(guest, scheme+token, method, path, body)
				if a.status < 400 && asGuest >= 400 {
					t.Errorf("%s is open by %s: %d", route, kind, a.status)
				}
			}
			if method != http.MethodGet || strings.HasPrefix(path, "/api/files/") { // there a token of files is good
				continue
			}
			join := "?"
			if strings.Contains(path, "?") {
				join = "&"
			}
			if a := w.ask(guest, "", method, path+join+"token="+token+"&access_token="+token, nil); a.status < 400 && asGuest >= 400 {
				t.Errorf("%s is open by %s in its address: %d", route, kind, a.status)
			}
		}
	}
	w.unchanged(before)
	w.count(len(w.routes) * len(kinds) * 2)
}

// kinds are tokens that rep.chen or the superuser could have, none of which is a
// login of his, and some that nobody made.
func (w *world) kinds() map[string]string {
	w.t.Helper()
	chen := w.As("rep.chen")
	super, err := w.FindAuthRecordByEmail(core.CollectionNameSuperusers, "admin@demo.test")
	if err != nil {
		super, err = w.FindFirstRecordByFilter(core.CollectionNameSuperusers, "id != ''")
	}
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{"a word": "nothing", "the id of a person": chen.Id, "no signature": unsigned(w, chen)}
	add := func(name, token string, err error) {
		w.t.Helper()
		if err != nil || token == "" {
			w.t.Fatalf("%s: %q %v", name, token, err)
		}
		out[name] = token
	}
	for name, of := range map[string]*core.Record{"a person": chen} {
		token, err := of.NewFileToken()
		add("a token of files of "+name, token, err)
		token, err = of.NewPasswordResetToken()
		add("a new password for "+name, token, err)
		token, err = of.NewVerificationToken()
		add("a verification of "+name, token, err)
		token, err = of.NewEmailChangeToken("x@demo.test")
		add("a new address of "+name, token, err)
	}
	sign := func(of *core.Record, coll, kind, secret string, life time.Duration) string {
		token, err := security.NewJWT(jwt.MapClaims{"type": kind, "id": of.Id, "collectionId": coll, "refreshable": true}, of.TokenKey()+secret, life)
		if err != nil {
			w.t.Fatal(err)
		}
		return token
	}
	users, supers := chen.Collection(), super.Collection()
	out["an expired login"] = sign(chen, users.Id, core.TokenTypeAuth, users.AuthToken.Secret, -time.Minute)
	out["a superuser's in the users"] = sign(super, users.Id, core.TokenTypeAuth, supers.AuthToken.Secret, time.Hour)
	out["a person's in the superusers"] = sign(chen, supers.Id, core.TokenTypeAuth, users.AuthToken.Secret, time.Hour)
	out["a login by the secret of files"] = sign(chen, users.Id, core.TokenTypeAuth, users.FileToken.Secret, time.Hour)
	out["a login by a secret of nobody"] = sign(chen, users.Id, core.TokenTypeAuth, "guessed", time.Hour)
	gone := w.As("rep.ma")
	out["a login of who left"], err = w.Bound.Sessions.LoginToken(w, gone)
	if err != nil {
		w.t.Fatal(err)
	}
	lost := w.Phone(w.Token("rep.he"), "attacklost")
	out["a revoked phone"] = lost.Token
	if a := w.DoBy(w.Token("rep.he"), http.MethodPost, "/api/ka/sync_devices/"+lost.Device+"/revoke", `{}`); a.Code != http.StatusOK {
		w.t.Fatalf("revoke: %d %s", a.Code, a.Body)
	}
	if _, err := w.DB().Update("users", dbx.Params{"active": false}, dbx.HashExp{"id": gone.Id}).Execute(); err != nil {
		w.t.Fatal(err)
	}
	return out
}

// unsigned is a login that says of itself that it needs no signature.
func unsigned(w *world, of *core.Record) string {
	token, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{
		"type": core.TokenTypeAuth, "id": of.Id, "collectionId": of.Collection().Id, "exp": time.Now().Add(time.Hour).Unix(),
	}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}
