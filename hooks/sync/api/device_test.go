package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"satchel/syncer"
)

var deviceRoutes = []struct{ method, path, body string }{
	{"POST", "/api/sync/pull", `{"device":"DEVICE","schema":1}`},
	{"POST", "/api/sync/digest", `{"device":"DEVICE","schema":1,"cursor":""}`},
	{"POST", "/api/sync/repair", `{"device":"DEVICE","schema":1,"cursor":"","buckets":{}}`},
	{"POST", "/api/sync/push", `{"device":"DEVICE","schema":1,"mutations":[]}`},
	{"GET", "/api/sync/poke?wait=1&device=DEVICE", ""},
}

// everyRoute calls the routes that need a device and wants the same refusal of each.
func everyRoute(t *testing.T, d *desk, device string, status int, code string, wipe bool) {
	t.Helper()
	everyRouteBut(t, d, device, status, code, wipe, "")
}

func everyRouteBut(t *testing.T, d *desk, device string, status int, code string, wipe bool, but string) {
	t.Helper()
	for _, r := range deviceRoutes {
		if r.path == but {
			continue
		}
		got := d.call(r.method, strings.Replace(r.path, "DEVICE", device, 1), strings.Replace(r.body, "DEVICE", device, 1))
		if got.status != status || got.code() != code {
			t.Errorf("%s: %d %q, want %d %q", r.path, got.status, got.code(), status, code)
			continue
		}
		if data := got.body["data"].(map[string]any); (data["wipe"] == true) != wipe || data["zh"] == "" || data["en"] == "" {
			t.Errorf("%s: data %v, wipe should be %v", r.path, data, wipe)
		}
	}
}

func TestSyncRoutesAreClosedToGuests(t *testing.T) {
	app, server := serve(t)
	guest := &desk{t: t, app: app, server: server}
	everyRoute(t, guest, id("device"), http.StatusUnauthorized, "auth_required", false)
	if got := guest.call("POST", "/api/sync/hello", `{"install":"12345678","platform":"x","app":"1","schema":1}`); got.status != 401 {
		t.Errorf("hello: %+v", got)
	}
}

func TestSyncRoutesAreForMembersOnly(t *testing.T) {
	app, server := serve(t)
	everyRoute(t, &desk{t: t, app: app, server: server, token: app.SuperuserToken()}, id("device"), http.StatusForbidden, "user_required", false)
}

func TestAnotherUsersDeviceIsUnknown(t *testing.T) {
	app, server := serve(t)
	chen, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.he")
	everyRoute(t, he, chen.device, http.StatusUnauthorized, "device_unknown", false)
	everyRoute(t, he, id("nothing"), http.StatusUnauthorized, "device_unknown", false)
}

func TestRevokedDeviceIsToldToWipe(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	bound := chen.call("POST", "/api/sync/token", syncer.TokenRequest{Credential: chen.cred})
	if bound.status != 200 {
		t.Fatalf("token: %+v", bound)
	}
	device, err := app.FindRecordById("sync_devices", chen.device)
	if err != nil {
		t.Fatal(err)
	}
	device.Set("revoked", true)
	if err := app.Save(device); err != nil {
		t.Fatal(err)
	}
	everyRoute(t, chen, chen.device, http.StatusUnauthorized, "device_revoked", true)
	for name, got := range map[string]answered{
		"token": chen.call("POST", "/api/sync/token", syncer.TokenRequest{Credential: chen.cred}),
		"hello": chen.call("POST", "/api/sync/hello", syncer.HelloRequest{Install: "install-rep.chen", Platform: "x", App: "1", Schema: 1}),
	} {
		if got.status != 401 || got.code() != "device_revoked" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	chen.token = bound.body["token"].(string)
	if got := chen.call("GET", "/api/collections/accounts/records", nil); got.status != 401 {
		t.Errorf("a token of the revoked device still reads: %d", got.status)
	}
}

// TestHScopeADisabledUserIsToldToWipe, after he has handed in what he had
// captured: it is kept aside and changes nothing.
//
// policy: R1.1 H-SCOPE
func TestHScopeADisabledUserIsToldToWipe(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	account := app.AccountOf("rep.chen").Id
	user := app.As("rep.chen")
	user.Set("active", false)
	if err := app.Override(user); err != nil {
		t.Fatal(err)
	}
	late := chen.call("POST", "/api/sync/token", syncer.TokenRequest{Credential: chen.cred})
	if late.status != 200 {
		t.Fatalf("no way to hand in: %+v", late)
	}
	chen.token = late.body["token"].(string)
	m := chen.mutation("create", "contacts", id("kept"), map[string]any{"set": map[string]any{"account": account, "name": "留着"}})
	for range 2 {
		if got := chen.push(m); !slices.Equal(got.verdicts(), []string{"quarantined sync.quarantined"}) {
			t.Fatalf("a disabled user's push: %v %+v", got.verdicts(), got)
		}
	}
	if _, err := app.FindRecordById("contacts", id("kept")); err == nil {
		t.Error("what a disabled user sent was carried out")
	}
	issues, err := app.FindRecordsByFilter("sync_issues", "kind = 'quarantined'", "", 0, 0)
	if err != nil || len(issues) != 1 || !strings.Contains(issues[0].GetString("payload"), "留着") {
		t.Errorf("%d pieces of his work are kept, %v", len(issues), err)
	}
	everyRouteBut(t, chen, chen.device, http.StatusUnauthorized, "user_disabled", true, "/api/sync/push")
	if got := chen.call("GET", "/api/collections/accounts/records", nil); got.status != 401 || got.code() != "user_disabled" {
		t.Errorf("his token still reads: %+v", got)
	}
}

func TestHelloGivesTheSameDeviceAgain(t *testing.T) {
	app, server := serve(t)
	a, b := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.chen")
	if a.device != b.device {
		t.Errorf("devices %s and %s for one install", a.device, b.device)
	}
	if got := a.call("POST", "/api/sync/hello", `{"install":"short","platform":"x","app":"1","schema":1}`); got.status != 400 || got.code() != "install_invalid" {
		t.Errorf("short install: %+v", got)
	}
}

// TestCredentialAfterWeeksOffline trades the credential when the auth token has
// long expired, and not when the credential itself has.
func TestCredentialAfterWeeksOffline(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	chen.token = ""
	app.Clock.Advance(179 * 24 * time.Hour)
	got := chen.call("POST", "/api/sync/token", syncer.TokenRequest{Credential: chen.cred})
	if got.status != 200 {
		t.Fatalf("after 179 days: %+v", got)
	}
	chen.token = got.body["token"].(string)
	chen.pull()
	if len(chen.rows) == 0 {
		t.Error("the fresh token pulls nothing")
	}
	app.Clock.Advance(2 * 24 * time.Hour)
	if got := chen.call("POST", "/api/sync/token", syncer.TokenRequest{Credential: chen.cred}); got.status != 401 || got.code() != "credential_expired" {
		t.Errorf("after 181 days: %+v", got)
	}
}

func TestForgedCredentialIsRefused(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	claims := jwt.RegisteredClaims{
		Subject: app.As("rep.chen").Id, ID: chen.device, Audience: jwt.ClaimStrings{"satchel-device"},
		ExpiresAt: jwt.NewNumericDate(app.Clock.Now().Add(time.Hour)),
	}
	forged, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("guess"))
	if err != nil {
		t.Fatal(err)
	}
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, claims).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"another key": forged, "no signature": unsigned, "auth token": app.Token("rep.chen"), "empty": ""} {
		if got := chen.call("POST", "/api/sync/token", syncer.TokenRequest{Credential: text}); got.status != 401 || got.code() != "credential_invalid" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
