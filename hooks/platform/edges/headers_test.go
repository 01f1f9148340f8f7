package edges_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// TestEveryAnswerHasAPolicy: what a browser opens by mistake or by a trick does
// nothing, whoever asks and whatever the answer is.
func TestEveryAnswerHasAPolicy(t *testing.T) {
	for _, bad := range loose(t) {
		t.Error(bad)
	}
}

// TestAnAnswerWithoutAPolicyIsNoticed.
func TestAnAnswerWithoutAPolicyIsNoticed(t *testing.T) {
	effort.Late(t)
	found := loose(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantNoPolicy }))
	if len(found) < 80 {
		t.Errorf("only %d were noticed", len(found))
	}
}

// TestWhatNoRouteAnswersHasAPolicyToo: the mux itself sends a path that is not
// clean to the one that is.
func TestWhatNoRouteAnswersHasAPolicyToo(t *testing.T) {
	app := testapp.New(t)
	for _, path := range []string{"//elsewhere.test/", "//api/health", "/api//health", "/review/../devices/", "/./"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			w := app.Do("", method, path, "")
			h := w.Header()
			if w.Code != http.StatusTemporaryRedirect || strings.HasPrefix(h.Get("Location"), "//") {
				t.Fatalf("%s %s: %d to %q", method, path, w.Code, h.Get("Location"))
			}
			if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%s %s: %v", method, path, h)
			}
		}
	}
}

// loose returns the routes of the interface whose answers a browser may run or frame.
func loose(t *testing.T, opts ...testapp.Option) (bad []string) {
	t.Helper()
	app := testapp.New(t, opts...)
	routes := routesOf(t, app)
	for _, token := range []string{"", app.Token("manager.wu"), app.SuperuserToken()} {
		for _, route := range routes {
			if strings.HasPrefix(route.path, "/_/") || token != "" && route.method != http.MethodGet {
				continue // PocketBase's dashboard has its own; a browser opens pages by GET
			}
			path := regexp.MustCompile(`\{(\w+)(\.\.\.)?\}`).ReplaceAllStringFunc(route.path, func(m string) string {
				return segments[strings.Trim(m, "{}.")] + "x"
			})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if streams(path) {
				cancel() // it ends at once
			}
			method := route.method
			if method == "" {
				method = http.MethodGet
			}
			r := httptest.NewRequestWithContext(ctx, method, path, nil)
			r.Header.Set("Authorization", token)
			w := httptest.NewRecorder()
			app.Handler().ServeHTTP(w, r)
			cancel()
			policy := w.Header().Get("Content-Security-Policy")
			forms := "form-action 'none'"
			if strings.HasPrefix(path, "/s/") { // customers answer there
				forms = "form-action 'self'"
			}
			for _, want := range []string{"default-src 'none'", "base-uri 'none'", forms, "frame-ancestors "} {
				if !strings.Contains(policy, want) {
					bad = append(bad, method+" "+path+" has no "+want)
				}
			}
			if strings.Contains(policy, "script-src") && !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe-eval") || strings.HasPrefix(path, "/api/") && !strings.Contains(policy, "sandbox") {
				bad = append(bad, method+" "+path+" lets scripts run: "+policy)
			}
			if h := w.Header(); h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
				bad = append(bad, method+" "+path+" lacks a header")
			}
		}
	}
	return bad
}
