package devices_test

import (
	"encoding/json/v2"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/sync/devices"
	"satchel/internal/testapp"
)

type list struct {
	States  map[string]int
	Devices []struct {
		Device, Name, App, State string
		Schema, Lag              int
		LastPush                 string `json:"last_push"`
		LastPull                 string `json:"last_pull"`
		Oldest                   string `json:"oldest_captured"`
		Rejected                 int
		PendingBlobs             int `json:"pending_blobs"`
		ScopeRows                int `json:"scope_rows"`
	}
}

func fleetOf(t *testing.T, app *testapp.App, name string) list {
	t.Helper()
	answer := app.Do(name, http.MethodGet, "/api/sync/fleet", "")
	var out list
	if err := json.Unmarshal(answer.Body.Bytes(), &out, json.MatchCaseInsensitiveNames(true)); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", name, answer.Code, answer.Body)
	}
	return out
}

func alertsOf(t *testing.T, app *testapp.App) []*core.Record {
	t.Helper()
	all, err := app.FindRecordsByFilter("sync_alerts", "id != ''", "created,id", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFigures: the fleet tells what a phone's requests showed, and a pull alone
// writes nothing and makes no version.
func TestFigures(t *testing.T) {
	app := testapp.New(t)
	p := app.Phone(app.Token("rep.chen"), "figures")
	p.Pull()
	rows := 0
	for _, of := range p.Rows {
		rows += len(of)
	}
	stored := func() *core.Record {
		record, err := app.FindRecordById("sync_devices", p.Device)
		if err != nil {
			t.Fatal(err)
		}
		return record
	}
	if pull := stored().GetString("last_pull"); pull != "" {
		t.Errorf("a pull wrote last_pull %s", pull)
	}
	head := app.Bound.Sync.Head()
	app.Clock.Advance(time.Minute)
	p.Push(map[string]any{"op": "update", "c": "accounts", "r": "nothing00000000", "base": 1, "set": map[string]any{"note": "x"}})
	oldest := "2026-03-15T10:00:00+08:00"
	p.Post("/api/sync/pull", map[string]any{"device": p.Device, "schema": 1, "oldest_captured": oldest})
	if err := app.Bound.Fleet.Flush(app); err != nil {
		t.Fatal(err)
	}
	got := fleetOf(t, app, "manager.wu").Devices
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	d := got[0]
	const at = "2026-03-16 00:31:00.000Z"
	if d.Device != p.Device || d.State != "ok" || d.App != "1" || d.Schema != 1 || d.LastPull != at || d.LastPush != at ||
		d.Oldest != "2026-03-15 02:00:00.000Z" || d.Rejected != 1 || d.ScopeRows < rows {
		t.Errorf("%+v, with %d rows", d, rows)
	}
	if err := devices.Count(app); err != nil {
		t.Fatal(err)
	}
	p.Pull() // the issue of the refusal
	rows = 0
	for name, of := range p.Rows {
		if name != "sync_issues" && name != "notifications" { // they do not count
			rows += len(of)
		}
	}
	if n := stored().GetInt("scope_rows"); n != rows {
		t.Errorf("counted %d rows, the phone holds %d", n, rows)
	}
	settled := app.Bound.Sync.Head()
	for range 3 {
		p.Pull()
		if err := app.Bound.Fleet.Flush(app); err != nil {
			t.Fatal(err)
		}
	}
	if now := app.Bound.Sync.Head(); now != settled || settled <= head {
		t.Errorf("figures moved the head from %d to %d", settled, now)
	}
	account := app.AccountOf("rep.he")
	account.Set("note", "改")
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
	if got := fleetOf(t, app, "manager.wu").Devices; got[0].Lag == 0 {
		t.Errorf("no lag after a change: %+v", got[0])
	}
}

// TestWhoSeesTheFleet: administrators all, managers their teams, others nothing.
func TestWhoSeesTheFleet(t *testing.T) {
	app := testapp.New(t)
	app.Phone(app.Token("rep.chen"), "one").Pull()
	app.Phone(app.Token("rep.ma"), "two").Pull() // reports to manager.xu
	for name, want := range map[string]int{"manager.wu": 1, "manager.xu": 1} {
		if got := fleetOf(t, app, name).Devices; len(got) != want {
			t.Errorf("%s sees %d devices, not %d", name, len(got), want)
		}
	}
	if a, b := fleetOf(t, app, "manager.wu").Devices[0], fleetOf(t, app, "manager.xu").Devices[0]; a.Device == b.Device {
		t.Error("two managers see one device")
	}
	answer := app.Do("rep.chen", http.MethodGet, "/api/sync/fleet", "")
	if answer.Code != http.StatusForbidden {
		t.Errorf("a rep: %d", answer.Code)
	}
	if answer := app.Do("", http.MethodGet, "/api/sync/fleet", ""); answer.Code != http.StatusUnauthorized {
		t.Errorf("nobody: %d", answer.Code)
	}
}

// TestAlerts: one for each spell, resolved by the next sync, over weeks.
func TestAlerts(t *testing.T) {
	app := testapp.New(t)
	p := app.Phone(app.Token("rep.chen"), "alerts")
	p.Pull()
	hours := func(n int) {
		t.Helper()
		for range n {
			app.Clock.Advance(time.Hour)
			if err := app.Bound.Fleet.Flush(app); err != nil {
				t.Fatal(err)
			}
			if err := devices.Watch(app, app.Clock.Now()); err != nil {
				t.Fatal(err)
			}
		}
	}
	open := func(all, open int) {
		t.Helper()
		got, n := alertsOf(t, app), 0
		for _, a := range got {
			if a.GetString("resolved") == "" {
				n++
			}
		}
		if len(got) != all || n != open {
			t.Fatalf("%d alerts, %d open; want %d and %d", len(got), n, all, open)
		}
	}
	hours(72)
	open(0, 0)
	hours(30)
	open(1, 1)
	a := alertsOf(t, app)[0]
	if a.GetString("kind") != "unsynced" || a.GetString("device") != p.Device || a.GetString("since") != "2026-03-16 00:30:00.000Z" {
		t.Errorf("%v", a)
	}
	p.Pull()
	hours(1)
	open(1, 0)
	hours(71)
	open(1, 0)
	hours(2)
	open(2, 1)

	// The same spell under another setting is still the same alert.
	setting, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	stale := core.NewRecord(setting)
	stale.Load(map[string]any{"key": "sync.stale_hours", "value": 100})
	if err := app.Save(stale); err != nil {
		t.Fatal(err)
	}
	hours(1)
	open(2, 0)
	hours(30)
	open(2, 1)

	device, err := app.FindRecordById("sync_devices", p.Device)
	if err != nil {
		t.Fatal(err)
	}
	device.Set("revoked", true)
	if err := app.Save(device); err != nil {
		t.Fatal(err)
	}
	hours(1)
	open(2, 0)
	if how := alertsOf(t, app)[1].GetString("resolution"); how != "revoked" {
		t.Errorf("resolved as %q", how)
	}
}

// TestUnpushed: a phone that pulls and cannot hand over is reported too.
func TestUnpushed(t *testing.T) {
	app := testapp.New(t)
	p := app.Phone(app.Token("rep.chen"), "stuck")
	say := func(oldest string) {
		t.Helper()
		p.Post("/api/sync/pull", map[string]any{"device": p.Device, "schema": 1, "oldest_captured": oldest})
		if err := app.Bound.Fleet.Flush(app); err != nil {
			t.Fatal(err)
		}
		if err := devices.Watch(app, app.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	say("2026-03-15T00:00:00Z")
	app.Clock.Advance(80 * time.Hour)
	say("2026-03-15T00:00:00Z")
	if got := alertsOf(t, app); len(got) != 1 || got[0].GetString("kind") != "unpushed" || got[0].GetString("resolved") != "" {
		t.Fatalf("%v", got)
	}
	say("yesterday") // says nothing
	if got := fleetOf(t, app, "manager.wu"); got.States["unpushed"] != 1 {
		t.Errorf("%+v", got)
	}
	say("")
	if got := alertsOf(t, app); len(got) != 1 || got[0].GetString("resolution") != "synced" {
		t.Errorf("%v", got)
	}
}
