package metrics_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"satchel/hooks"
	"satchel/hooks/platform/metrics"
	"satchel/internal/testapp"
)

const token = "a-long-enough-token"

func scrape(app *testapp.App, authorization string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	req.Header.Set("Authorization", authorization)
	answer := httptest.NewRecorder()
	app.Handler().ServeHTTP(answer, req)
	return answer
}

// TestMetrics tell what happened, to who has the token, and name nobody.
func TestMetrics(t *testing.T) {
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Metrics = metrics.Options{Token: token} }))
	p := app.Phone(app.Token("rep.chen"), "metrics")
	p.Pull()
	p.Pull()
	p.Push(map[string]any{"op": "update", "c": "accounts", "r": "nothing00000000", "base": 1, "set": map[string]any{"note": "x"}})
	p.Pull()
	p.Post("/api/sync/repair", map[string]any{
		"device": p.Device, "schema": 1, "cursor": p.Cursor, "buckets": map[string]any{"accounts": map[string]any{"": map[string]int64{}}},
	})
	for _, wrong := range []string{"", "Bearer ", "Bearer wrong", token, "Bearer " + app.SuperuserToken()} {
		if answer := scrape(app, wrong); answer.Code != http.StatusUnauthorized {
			t.Errorf("%q: %d", wrong, answer.Code)
		}
	}
	answer := scrape(app, "Bearer "+token)
	if answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	text := answer.Body.String()
	for _, line := range []string{
		`satchel_sync_pulls_total{outcome="answered"} 2`, `satchel_sync_pulls_total{outcome="idle"} 1`,
		`satchel_sync_pushes_total{outcome="answered"} 1`, `satchel_sync_verdicts_total{status="rejected"} 1`,
		`satchel_sync_conflicts_total 0`, `satchel_sync_heals_total{kind="repair"} 1`, `satchel_sync_heals_total{kind="stopped"} 0`,
		"satchel_sync_fold_lag ", "satchel_sync_fold_lag_seconds ", "satchel_sync_head ", "satchel_sync_poke_clients 0",
		"satchel_sync_spool_bytes ", `satchel_blobs{state="pending"} `, `satchel_blobs{state="stored"} `, `satchel_blobs{state="durable"} 0`,
		`satchel_sync_alerts{kind="unsynced"} 0`, `satchel_sync_devices 1`, "go_goroutines ",
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("no line %q", line)
		}
	}
	for _, id := range []string{p.Device, app.As("rep.chen").Id} {
		if strings.Contains(text, id) {
			t.Errorf("the metrics name %s", id)
		}
	}
}

// TestMetricsAreOff unless asked for.
func TestMetricsAreOff(t *testing.T) {
	answer := scrape(testapp.New(t), "Bearer ")
	if strings.Contains(answer.Body.String(), "satchel_") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}

// TestMetricsOnAnAddressOfTheirOwn are not on the server's.
func TestMetricsOnAnAddressOfTheirOwn(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Metrics = metrics.Options{Listen: address} }))
	if answer := scrape(app, ""); strings.Contains(answer.Body.String(), "satchel_") {
		t.Errorf("on the server's port: %d", answer.Code)
	}
	resp, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(text), "satchel_sync_head") {
		t.Errorf("%d %v", resp.StatusCode, err)
	}
}
