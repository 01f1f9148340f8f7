package api_test

import (
	"net/http"
	"testing"
)

// TestWhatBreaksInsideIsNotThePhonesFault: 500 and a code, on which a phone tries
// again, and not 400, on which it would give up.
func TestWhatBreaksInsideIsNotThePhonesFault(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	if _, err := app.NonconcurrentDB().NewQuery("ALTER TABLE _sync_device RENAME TO _sync_lost").Execute(); err != nil {
		t.Fatal(err)
	}
	push := map[string]any{"device": chen.device, "mutations": []any{chen.edit(app.AccountOf("rep.chen").Id, map[string]any{"note": "x"})}}
	hello := map[string]any{"install": "another-install", "platform": "test", "app": "1"}
	for path, body := range map[string]map[string]any{"/api/sync/hello": hello, "/api/sync/push": push} {
		who := *chen
		if path == "/api/sync/hello" {
			who.token = app.Token("rep.chen")
		}
		if got := who.call("POST", path, body); got.status != http.StatusInternalServerError || got.code() != "internal" {
			t.Errorf("%s: %+v", path, got)
		}
	}
}
