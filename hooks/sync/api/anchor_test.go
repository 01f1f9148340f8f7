package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"satchel/domain"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// anchorOf finds the anchor in an answer, whatever its form.
func anchorOf(t testing.TB, body string) domain.ClockAnchor {
	t.Helper()
	_, rest, _ := strings.Cut(body, `"anchor":`)
	var a domain.ClockAnchor
	if err := json.NewDecoder(strings.NewReader(rest)).Decode(&a); err != nil || a.Sig == "" {
		t.Fatalf("no anchor (%v) in %.300s", err, body)
	}
	return a
}

// ask posts as the phone and returns the answer as it came.
func (d *desk) ask(path string, in any) string {
	d.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		d.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", d.server.URL+path, strings.NewReader(string(text)))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", d.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		d.t.Fatalf("%s: %d %v %s", path, resp.StatusCode, err, body)
	}
	return string(body)
}

// hears registers a phone of that installation, or the same again, and returns
// it with its anchor of now.
func hears(t *testing.T, d *desk, install string) (device string, a domain.ClockAnchor) {
	t.Helper()
	who := *d
	who.token = d.app.Token(d.name)
	a = anchorOf(t, who.ask("/api/sync/hello", syncer.HelloRequest{Install: "install-" + install, Platform: "x", App: "1", Schema: 1}))
	return a.Device, a
}

func genuine(t *testing.T, app *testapp.App, name, device string, a domain.ClockAnchor) bool {
	t.Helper()
	ok, err := app.Bound.Sync.Genuine(app, app.As(name).Id, device, a)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// TestEveryAnswerGivesTheTime, signed for the phone that asked: hello, token,
// push, a pull with rows, and one with none.
func TestEveryAnswerGivesTheTime(t *testing.T) {
	app, server := serve(t)
	d := sit(t, app, server, "rep.chen")
	d.pull()
	pull := syncer.PullRequest{Device: d.device, Schema: 1}
	idle := pull
	idle.Cursor = d.cursor
	for name, ask := range map[string]func() string{
		"hello": func() string {
			return d.ask("/api/sync/hello", syncer.HelloRequest{Install: "install-rep.chen", Platform: "x", App: "1", Schema: 1})
		},
		"token":     func() string { return d.ask("/api/sync/token", syncer.TokenRequest{Credential: d.cred}) },
		"pull":      func() string { return d.ask("/api/sync/pull", pull) },
		"idle pull": func() string { return d.ask("/api/sync/pull", idle) },
		"push":      func() string { return d.ask("/api/sync/push", syncer.PushRequest{Device: d.device, Schema: 1}) },
	} {
		app.Clock.Advance(time.Second + 700*time.Microsecond)
		a := anchorOf(t, ask())
		if !a.At.Equal(app.Clock.Now().Truncate(time.Millisecond)) || a.Device != d.device || !genuine(t, app, "rep.chen", d.device, a) {
			t.Errorf("%s: %+v at %s", name, a, app.Clock.Now())
		}
	}
}

// TestForgedAnchorsAreNone: what is not the server's own word to this phone.
func TestForgedAnchorsAreNone(t *testing.T) {
	app, server := serve(t)
	chen, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.he")
	_, before := hears(t, chen, "first")
	app.Clock.Advance(time.Hour)
	device, own := hears(t, chen, "second")
	_, his := hears(t, he, "second") // on the same phone
	app.Clock.Advance(time.Hour)
	_, others := hears(t, chen, "first") // a phone of his that goes on beside it
	other, elsewhere := serve(t)
	if err := other.Bound.Sync.KeepAnchorKeys(other, other.Clock.Now()); err != nil { // both come from one template
		t.Fatal(err)
	}
	_, foreign := hears(t, sit(t, other, elsewhere, "rep.chen"), "second")
	if !genuine(t, app, "rep.chen", device, own) || !genuine(t, app, "rep.chen", device, before) {
		t.Fatal("his own, and what he heard before he had to register anew, count")
	}
	kid, mac, _ := strings.Cut(own.Sig, ".")
	change := func(change func(*domain.ClockAnchor)) domain.ClockAnchor {
		a := own
		change(&a)
		return a
	}
	for name, a := range map[string]domain.ClockAnchor{
		"unsigned":                   change(func(a *domain.ClockAnchor) { a.Sig = "" }),
		"signed with nothing":        change(func(a *domain.ClockAnchor) { a.Sig = "." }),
		"another mac":                change(func(a *domain.ClockAnchor) { a.Sig = kid + "." + strings.Repeat("A", len(mac)) }),
		"a mac cut short":            change(func(a *domain.ClockAnchor) { a.Sig = kid + "." + mac[:len(mac)-1] }),
		"no mac":                     change(func(a *domain.ClockAnchor) { a.Sig = kid + "." }),
		"an unknown key":             change(func(a *domain.ClockAnchor) { a.Sig = "00000000." + mac }),
		"no key":                     change(func(a *domain.ClockAnchor) { a.Sig = mac }),
		"a millisecond later":        change(func(a *domain.ClockAnchor) { a.At = a.At.Add(time.Millisecond) }),
		"nine days earlier":          change(func(a *domain.ClockAnchor) { a.At = a.At.AddDate(0, 0, -9) }),
		"the device of another":      change(func(a *domain.ClockAnchor) { a.Device = his.Device }),
		"no device":                  change(func(a *domain.ClockAnchor) { a.Device = "" }),
		"a colleague's":              his,
		"a colleague's, as one's":    func() domain.ClockAnchor { a := his; a.Device = device; return a }(),
		"of another phone, since":    others,
		"another server's":           foreign,
		"another server's, own time": func() domain.ClockAnchor { a := foreign; a.Device, a.At = own.Device, own.At; return a }(),
		"nothing":                    {},
	} {
		if genuine(t, app, "rep.chen", device, a) {
			t.Errorf("%s is believed: %+v", name, a)
		}
	}
	if genuine(t, app, "rep.chen", id("gone"), own) {
		t.Error("for a phone that is not registered")
	}
	// The clock stood wrong as it was registered, or the row was made by hand.
	record, err := app.FindRecordById("sync_devices", device)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("registered_at", own.At.Add(time.Hour))
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	if !genuine(t, app, "rep.chen", device, own) {
		t.Error("who is registered is so since he was, whatever is saved")
	}
	if _, err := app.NonconcurrentDB().NewQuery("UPDATE sync_devices SET registered_at = '2026-03-17 00:00:00.000Z' WHERE id = '" + device + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	if genuine(t, app, "rep.chen", device, own) {
		t.Error("older than the registration")
	}
}

// TestAnchorKeysAreRenewed and still vouch for what they signed, and for no time
// after they had a successor.
func TestAnchorKeysAreRenewed(t *testing.T) {
	app, server := serve(t)
	d := sit(t, app, server, "rep.chen")
	keep := func(after time.Duration) {
		t.Helper()
		app.Clock.Advance(after)
		if err := app.Bound.Sync.KeepAnchorKeys(app, app.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	day := 24 * time.Hour
	kid := func(a domain.ClockAnchor) string { k, _, _ := strings.Cut(a.Sig, "."); return k }
	keep(0) // the key of the installation has no age
	device, first := hears(t, d, "one")
	keep(89 * day)
	_, again := hears(t, d, "one")
	keep(day)
	_, second := hears(t, d, "one")
	if kid(first) != kid(again) || kid(second) == kid(first) {
		t.Fatalf("keys %s, %s, %s", first.Sig, again.Sig, second.Sig)
	}
	for name, a := range map[string]domain.ClockAnchor{"first": first, "again": again, "second": second} {
		if !genuine(t, app, "rep.chen", device, a) {
			t.Errorf("%s is none", name)
		}
	}
	app.Clock.Advance(2 * time.Hour)
	// Who has an old copy has the old key: it signs nothing of today.
	stolen, _ := serve(t)
	var key string
	if err := app.DB().NewQuery("SELECT key FROM _sync_anchor_key WHERE id = '" + kid(first) + "'").Row(&key); err != nil {
		t.Fatal(err)
	}
	if _, err := stolen.NonconcurrentDB().NewQuery("UPDATE _sync_anchor_key SET id = '" + kid(first) + "', key = '" + key + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		at   time.Time
		want bool
	}{"of its time": {first.At, true}, "of now": {app.Clock.Now(), false}} {
		forged, err := (&syncer.Engine{}).Anchor(stolen.DB(), app.As("rep.chen").Id, device, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := genuine(t, app, "rep.chen", device, domain.ClockAnchor{At: forged.At, Device: device, Sig: forged.Sig}); got != c.want {
			t.Errorf("by the old key, %s: %v", name, got)
		}
	}
	for range 5 {
		keep(90 * day)
	}
	if genuine(t, app, "rep.chen", device, first) || !genuine(t, app, "rep.chen", device, second) {
		t.Error("a key vouches for 400 days after it had a successor, and no longer")
	}
}

// TestAnAnchorOutlivesARestore: one that was given after the copy was made is
// still the server's word, also if the copy does not know the phone, which then
// registers anew.
func TestAnAnchorOutlivesARestore(t *testing.T) {
	app, server := serve(t)
	d := sit(t, app, server, "rep.chen")
	known, _ := hears(t, d, "known")
	copied := app.Backup()
	app.Clock.Advance(time.Hour)
	_, later := hears(t, d, "known")
	_, unknown := hears(t, d, "joined after the copy")
	restored, server2 := serve(t, testapp.FromBackup(copied))
	restored.Clock.Set(app.Clock.Now().Add(time.Hour))
	anew, _ := hears(t, sit(t, restored, server2, "rep.chen"), "joined after the copy")
	if anew == unknown.Device {
		t.Fatal("the copy knows the phone")
	}
	if !genuine(t, restored, "rep.chen", known, later) || !genuine(t, restored, "rep.chen", anew, unknown) {
		t.Error("what phones heard of the lost hours is lost")
	}
	if genuine(t, restored, "rep.he", anew, unknown) {
		t.Error("and is somebody else's")
	}
}
