package sessions_test

import (
	"bytes"
	"encoding/json/v2"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"satchel/hooks"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// desk is a served app whose people come in by hand.
type desk struct {
	*testapp.App
	t   testing.TB
	url string
}

func open(t testing.TB, opts ...testapp.Option) *desk {
	t.Helper()
	app := testapp.New(t, opts...)
	return &desk{App: app, t: t, url: app.Server(t).URL}
}

func planted(fault syncer.Planted) testapp.Option {
	return testapp.Hooks(func(c *hooks.Config) { c.Planted = fault })
}

// answer is any JSON answer.
type answer struct {
	Status int
	Data   struct {
		Code string
		Wipe bool
	}
	Device, Token, Credential string
	HighWater                 int64 `json:"high_water"`
	text                      string
}

func (d *desk) call(token, method, path string, body any) answer {
	d.t.Helper()
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			d.t.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, in)
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	out := answer{text: string(text)}
	if bytes.HasPrefix(text, []byte("{")) {
		if err := json.Unmarshal(firstLine(text), &out, json.MatchCaseInsensitiveNames(true)); err != nil {
			d.t.Fatalf("%s: %v", text, err)
		}
	}
	out.Status = resp.StatusCode
	return out
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

func (d *desk) hello(token, install string) answer {
	d.t.Helper()
	return d.call(token, http.MethodPost, "/api/sync/hello", map[string]any{"install": install, "platform": "test", "app": "1", "schema": 1})
}

// fresh is the token of a login of the user with that id.
func (d *desk) fresh(id string) string {
	d.t.Helper()
	user, err := d.FindRecordById("users", id)
	if err != nil {
		d.t.Fatal(err)
	}
	token, err := d.Bound.Sessions.LoginToken(d, user)
	if err != nil {
		d.t.Fatal(err)
	}
	return token
}

// join registers a phone by a fresh login.
func (d *desk) join(name, install string) answer {
	d.t.Helper()
	a := d.hello(d.Token(name), install)
	d.want("hello of "+name, a, "")
	if a.Device == "" || a.Token == "" || a.Credential == "" {
		d.t.Fatalf("hello of %s: %s", name, a.text)
	}
	return a
}

func (d *desk) trade(credential string) answer {
	d.t.Helper()
	return d.call("", http.MethodPost, "/api/sync/token", map[string]any{"credential": credential})
}

func (d *desk) list(token string) answer {
	d.t.Helper()
	return d.call(token, http.MethodGet, "/api/collections/accounts/records?fields=id&skipTotal=true", nil)
}

// revoke ends a phone by its user's word at a desk.
func (d *desk) revoke(name, device string) {
	d.t.Helper()
	d.want("revoke", d.call(d.Token(name), http.MethodPost, "/api/ka/sync_devices/"+device+"/revoke", map[string]any{}), "")
}

// want holds an answer to a code; empty for success.
func (d *desk) want(what string, a answer, code string) {
	d.t.Helper()
	if (code == "") != (a.Status < 300) || a.Data.Code != code {
		d.t.Errorf("%s: %d %q, want %q: %.300s", what, a.Status, a.Data.Code, code, a.text)
	}
}

// login is what PocketBase answers to a password.
func (d *desk) login(name, password string) *httptest.ResponseRecorder {
	d.t.Helper()
	body := `{"identity":"` + d.As(name).Email() + `","password":"` + password + `"}`
	return d.Do("", http.MethodPost, "/api/collections/users/auth-with-password", body)
}
