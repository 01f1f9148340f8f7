package api_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"satchel/internal/effort"
	"satchel/internal/testapp"

	"github.com/pocketbase/pocketbase/core"
)

// touch writes something that rep.chen sees, behind the hooks' back.
func touch(t *testing.T, app *testapp.App) {
	t.Helper()
	if _, err := app.DB().NewQuery("UPDATE contacts SET title = title || 'x' WHERE account = '" + app.AccountOf("rep.chen").Id + "'").Execute(); err != nil {
		t.Fatal(err)
	}
}

func revoke(t *testing.T, app *testapp.App, device string) {
	t.Helper()
	record, err := app.FindRecordById("sync_devices", device)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("revoked", true)
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
}

// ends waits for the end of a stream and wants it in order: a phone tells it from
// a broken line.
func ends(t *testing.T, events <-chan string, whole func() bool) {
	t.Helper()
	for line := range events {
		if !strings.HasPrefix(line, "data: ") { // a poke may have been on its way
			t.Errorf("the stream goes on: %q", line)
		}
	}
	if !whole() {
		t.Error("the stream breaks off")
	}
}

// TestStreamsOverEveryTransport are greeted, poked, kept alive and ended alike,
// whether the server could take the connection or had to leave it.
func TestStreamsOverEveryTransport(t *testing.T) {
	effort.Late(t)
	for name, major := range map[string]int{"plain": 1, "TLS": 1, "HTTP/2": 2} {
		t.Run(name, func(t *testing.T) {
			app := testapp.New(t)
			server := httptest.NewUnstartedServer(app.Handler())
			server.EnableHTTP2 = major == 2
			if name == "plain" {
				server.Start()
			} else {
				server.StartTLS()
			}
			t.Cleanup(func() {
				server.CloseClientConnections()
				server.Close()
			})
			desks := httptest.NewServer(app.Handler())
			t.Cleanup(desks.Close)
			chen := sit(t, app, desks, "rep.chen")
			chen.server = server
			resp, events, whole := chen.stream(server.Client())
			if resp.ProtoMajor != major || resp.Header.Get("X-Content-Type-Options") == "" {
				t.Errorf("HTTP/%d with %v", resp.ProtoMajor, resp.Header)
			}
			touch(t, app)
			if got := <-events; !strings.HasPrefix(got, `data: {"seq":`) {
				t.Errorf("a poke is %q", got)
			}
			app.Clock.Advance(25 * time.Second)
			if got := <-events; got != ": still here" {
				t.Errorf("a heartbeat is %q", got)
			}
			revoke(t, app, chen.device)
			ends(t, events, whole)
		})
	}
}

func TestAStreamEndsAfterAnHour(t *testing.T) {
	t.Parallel()
	app, server := serve(t)
	_, events, whole := sit(t, app, server, "rep.chen").stream(http.DefaultClient)
	app.Clock.Advance(time.Hour)
	ends(t, events, whole)
}

func TestADisabledUsersStreamsEnd(t *testing.T) {
	app, server := serve(t)
	_, events, whole := sit(t, app, server, "rep.chen").stream(http.DefaultClient)
	user := app.As("rep.chen")
	user.Set("active", false)
	if err := app.Override(user); err != nil {
		t.Fatal(err)
	}
	ends(t, events, whole)
}

// TestAStoppedServerEndsItsStreams, and one that comes too late at once.
func TestAStoppedServerEndsItsStreams(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	_, events, whole := chen.stream(http.DefaultClient)
	if err := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}); err != nil {
		t.Fatal(err)
	}
	ends(t, events, whole)
	_, late, _ := chen.stream(http.DefaultClient)
	for line := range late {
		t.Errorf("the stream goes on: %q", line)
	}
	if n := app.Bound.Sync.Counts().PokeClients; n != 0 {
		t.Errorf("%d streams are open", n)
	}
}

// TestStreamsLeaveNothing: many idle streams take no goroutine each, all are
// poked, and once their phones are gone nothing is left of them.
func TestStreamsLeaveNothing(t *testing.T) {
	const phones = 1000
	app, server := serve(t)
	set(t, app, "sync.streams_per_phone", phones)
	set(t, app, "sync.streams_per_user", phones)
	chen := sit(t, app, server, "rep.chen")
	request := fmt.Sprintf("GET /api/sync/poke?device=%s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n", chen.device, chen.token)
	before := runtime.NumGoroutine()
	var open []net.Conn
	for range phones {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if _, err := conn.Write([]byte(request)); err != nil {
			t.Fatal(err)
		}
		reads(t, conn, ": listening")
		open = append(open, conn)
	}
	counts := func() int { return app.Bound.Sync.Counts().PokeClients }
	if n := runtime.NumGoroutine() - before; counts() != phones || n > phones/10 {
		t.Errorf("%d streams and %d goroutines more", counts(), n)
	}
	touch(t, app)
	for _, conn := range open {
		reads(t, conn, "data: ")
		conn.Close()
	}
	for deadline := time.Now().Add(20 * time.Second); counts() > 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d streams are left", counts())
		}
		app.Clock.Advance(25 * time.Second) // whoever is gone is noticed by the second heartbeat
		app.Bound.Sync.Poke()
	}
	if open, holders := app.Bound.Sync.StreamPlaces(); open != 0 || holders != 0 {
		t.Errorf("%d places of %d holders are left", open, holders)
	}
}

// reads reads from the stream until text.
func reads(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	var got []byte
	for buf := make([]byte, 4096); !strings.Contains(string(got), text); {
		n, err := conn.Read(buf)
		if err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		got = append(got, buf[:n]...)
	}
}
