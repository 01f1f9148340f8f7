package api_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/testapp"
)

// TestADeviceIsLimitedAlone: one device that asks too often is told when to come
// again, and its neighbour behind the same address notices nothing, whatever
// PocketBase's own limiter of addresses says.
func TestADeviceIsLimitedAlone(t *testing.T) {
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Limited = true }))
	settings := app.Settings()
	settings.RateLimits.Enabled = true
	settings.RateLimits.Rules = []core.RateLimitRule{{Label: "/api/", MaxRequests: 3, Duration: 3600}}
	if err := app.Save(settings); err != nil {
		t.Fatal(err)
	}
	hasty, calm := app.Phone(app.Token("rep.chen"), "hasty"), app.Phone(app.Token("rep.chen"), "calm")
	pull := func(p *testapp.Phone) (int, int) {
		t.Helper()
		answer := p.Post("/api/sync/pull", map[string]any{"device": p.Device, "schema": 1})
		wait, _ := strconv.Atoi(answer.Header().Get("Retry-After"))
		return answer.Code, wait
	}
	for i := range 60 {
		if code, _ := pull(hasty); code != http.StatusOK {
			t.Fatalf("pull %d: %d %s", i, code, hasty.Last)
		}
	}
	if code, wait := pull(hasty); code != http.StatusTooManyRequests || wait != 1 {
		t.Fatalf("pull 61: %d, again after %d: %s", code, wait, hasty.Last)
	}
	if code, _ := pull(calm); code != http.StatusOK {
		t.Errorf("the neighbour: %d %s", code, calm.Last)
	}
	if answer := hasty.Push(); answer.Code != http.StatusOK {
		t.Errorf("a push has a bucket of its own: %d", answer.Code)
	}
	app.Clock.Advance(time.Second)
	for i := range 5 {
		if code, _ := pull(hasty); code != http.StatusOK {
			t.Errorf("pull %d after a second: %d", i, code)
		}
	}
	if code, _ := pull(hasty); code != http.StatusTooManyRequests {
		t.Errorf("the sixth after a second: %d", code)
	}
	if n := app.Bound.Sync.Counts(); n.Limited["pull"] != 2 || n.Pulls["limited"] != 2 || n.Pulls["answered"] != 66 {
		t.Errorf("counted %v %v", n.Limited, n.Pulls)
	}

	coll, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	rate := core.NewRecord(coll)
	rate.Load(map[string]any{"key": "sync.rate_per_second", "value": 0})
	if err := app.Save(rate); err != nil {
		t.Fatal(err)
	}
	for i := range 70 {
		if code, _ := pull(hasty); code != http.StatusOK {
			t.Fatalf("pull %d without a limit: %d", i, code)
		}
	}
}

// TestHelloIsLimitedByUser, for a device can be had for the asking.
func TestHelloIsLimitedByUser(t *testing.T) {
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Limited = true }))
	hello := func(name string) int {
		return app.Do(name, http.MethodPost, "/api/sync/hello", `{"install":"install-again","platform":"t","app":"1","schema":1}`).Code
	}
	for n := range 60 {
		if code := hello("rep.chen"); code != http.StatusOK {
			t.Fatalf("hello %d: %d", n, code)
		}
	}
	if code := hello("rep.chen"); code != http.StatusTooManyRequests {
		t.Errorf("hello 61: %d", code)
	}
	if code := hello("rep.he"); code != http.StatusOK {
		t.Errorf("another user: %d", code)
	}
}
