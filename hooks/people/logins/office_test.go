package logins_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/testapp"
)

// TestAnOfficeComesBackAtOnce: two hundred phones behind one address, each with
// all that a phone asks, and the limits as main sets them.
func TestAnOfficeComesBackAtOnce(t *testing.T) {
	o := open(t, testapp.Hooks(func(c *hooks.Config) { c.Limited = true }))
	if limits := o.Settings().RateLimits; !limits.Enabled || len(limits.Rules) == 0 {
		t.Fatalf("PocketBase's own limits are off: %+v", limits)
	}
	o.Setting("device.live_most", 20)
	reps := []string{"rep.chen", "rep.he", "rep.zhou", "rep.zheng", "rep.ma", "rep.feng", "rep.deng", "rep.cao", "rep.peng", "rep.zeng"}
	asked := 0
	fine := func(what string, answer *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		t.Helper()
		asked++
		if answer.Code >= 300 {
			t.Fatalf("%s, request %d: %d %s", what, asked, answer.Code, answer.Body)
		}
		return answer
	}
	for i := range 200 {
		name := reps[i%len(reps)]
		token := o.Token(name)
		if i < 2*len(reps) {
			fine("login", o.post(home, users, "auth-with-password", map[string]string{"identity": name + "@demo.test", "password": "satchel-demo-2026"}))
		}
		hello := fine("hello", o.ask(home, http.MethodPost, "/api/sync/hello", token, map[string]any{
			"install": fmt.Sprintf("office-%06d", i), "platform": "test", "app": "1", "schema": 1,
		}))
		device, credential := member(t, hello, "device"), member(t, hello, "credential")
		token = member(t, hello, "token")
		fine("token", o.ask(home, http.MethodPost, "/api/sync/token", "", map[string]any{"credential": credential}))
		fine("pull", o.ask(home, http.MethodPost, "/api/sync/pull", token, map[string]any{"device": device, "schema": 1, "cursor": ""}))
		fine("push", o.ask(home, http.MethodPost, "/api/sync/push", token, map[string]any{"device": device, "schema": 1, "mutations": []any{}}))
		fine("poke", o.poke(token, device))
		if answer := o.upload(token, device); answer.Code != http.StatusNotFound || !strings.Contains(answer.Body.String(), "record.not_found") { // the photo has no row
			t.Fatalf("upload of phone %d: %d %s", i, answer.Code, answer.Body)
		}
	}
	t.Logf("%d requests", asked+200)
}

// poke opens a stream that hangs up at once.
func (o office) poke(token, device string) *httptest.ResponseRecorder {
	ctx, hangUp := context.WithCancel(context.Background())
	hangUp()
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/sync/poke?device="+device, nil)
	req.RemoteAddr = home + ":4711"
	req.Header.Set("Authorization", token)
	answer := httptest.NewRecorder()
	o.Handler().ServeHTTP(answer, req)
	return answer
}

func (o office) upload(token, device string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "/api/sync/blobs", nil)
	req.RemoteAddr = home + ":4711"
	req.Header.Set("Authorization", token)
	req.Header.Set("Tus-Resumable", "1.0.0")
	req.Header.Set("Upload-Length", "1000")
	req.Header.Set("X-Sync-Device", device)
	answer := httptest.NewRecorder()
	o.Handler().ServeHTTP(answer, req)
	return answer
}

// TestGuestsAreHeldByAddress where PocketBase's own limits are wanted, and nowhere else.
func TestGuestsAreHeldByAddress(t *testing.T) {
	o := open(t)
	for _, x := range []struct {
		method, path, body string
		most               int
	}{
		{http.MethodPost, "/api/collections/users/auth-with-password", `{"identity":"%d","password":"x"}`, 300},
		{http.MethodPost, "/api/collections/users/request-password-reset", `{"email":"%d@demo.test"}`, 60},
		{http.MethodPost, "/api/collections/users/confirm-password-reset", `{"token":"%d"}`, 60},
		{http.MethodPost, "/api/collections/users/request-verification", `{"email":"%d@demo.test"}`, 60},
		{http.MethodPost, "/api/collections/users/confirm-verification", `{"token":"%d"}`, 60},
		{http.MethodGet, "/api/collections/users/auth-methods", ``, 300},
		{http.MethodGet, "/api/collections/accounts/records", ``, 300},
		{http.MethodPost, "/api/sync/token", `{"device":"%d"}`, 400},
		{http.MethodGet, "/api/health", ``, 400},
	} {
		n := until(400, func(i int) int {
			body := x.body
			if strings.Contains(body, "%d") {
				body = fmt.Sprintf(body, i)
			}
			req := httptest.NewRequest(x.method, x.path, strings.NewReader(body))
			req.Header.Set("Content-Type", "application/json")
			req.RemoteAddr = home + ":4711"
			answer := httptest.NewRecorder()
			o.Handler().ServeHTTP(answer, req)
			if answer.Code == http.StatusTooManyRequests && strings.Contains(answer.Body.String(), "login_limited") {
				return 0 // ours, of another test
			}
			return answer.Code
		})
		if n != x.most {
			t.Errorf("%s %s: %d", x.method, x.path, n)
		}
	}
}

// TestAProxyThatNobodyTrustsIsSaid once, and not if one is trusted.
func TestAProxyThatNobodyTrustsIsSaid(t *testing.T) {
	var said bytes.Buffer
	o := open(t, testapp.Hooks(func(c *hooks.Config) { c.Console = &said }))
	through := func(o office) {
		req := httptest.NewRequest(http.MethodGet, "/api/health", nil)
		req.Header.Set("X-Forwarded-For", "203.0.113.9")
		o.Handler().ServeHTTP(httptest.NewRecorder(), req)
	}
	o.Handler()
	said.Reset() // what the start said
	o.ask(home, http.MethodGet, "/api/health", "", nil)
	if said.Len() > 0 {
		t.Errorf("without a proxy: %s", said.String())
	}
	through(o)
	through(o)
	if text := said.String(); strings.Count(text, "X-Forwarded-For") != 2 || !strings.Contains(text, "可信代理") || !strings.Contains(text, "Trusted proxy") {
		t.Errorf("said %q", text)
	}
	o = open(t, testapp.Hooks(func(c *hooks.Config) { c.Console = &said }))
	o.Handler()
	said.Reset()
	o.Settings().TrustedProxy = core.TrustedProxyConfig{Headers: []string{"X-Forwarded-For"}}
	through(o)
	if said.Len() > 0 {
		t.Errorf("with a trusted proxy: %s", said.String())
	}
}

// TestWhoAsksIsWhoTheProxySays: behind a trusted one, each address has its own
// tries, and what a client writes into the header himself gives him none.
func TestWhoAsksIsWhoTheProxySays(t *testing.T) {
	o := open(t)
	o.Settings().TrustedProxy = core.TrustedProxyConfig{Headers: []string{"X-Forwarded-For"}}
	guess := func(forwarded, email string) int {
		req := httptest.NewRequest(http.MethodPost, "/api/collections/users/auth-with-password", strings.NewReader(`{"identity":"`+email+`","password":"wrong"}`))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Forwarded-For", forwarded)
		answer := httptest.NewRecorder()
		o.Handler().ServeHTTP(answer, req)
		return answer.Code
	}
	if n := until(2*tries, func(i int) int { return guess(fmt.Sprintf("10.0.0.%d, 203.0.113.1", i), chen) }); n != tries {
		t.Errorf("%d guesses with invented addresses before the proxy's own", n)
	}
	if n := until(2*tries, func(int) int { return guess("203.0.113.2", chen) }); n != tries {
		t.Errorf("%d guesses from the next address", n)
	}
	o = open(t)
	if n := until(2*tries, func(i int) int { return guess(fmt.Sprintf("10.0.0.%d", i), chen) }); n != tries {
		t.Errorf("%d guesses with addresses that nobody vouches for", n)
	}
}
