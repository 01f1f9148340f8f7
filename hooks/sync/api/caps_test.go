package api_test

import (
	"fmt"
	"net"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"

	"github.com/pocketbase/pocketbase/core"
)

// set gives a setting a value.
func set(t *testing.T, app *testapp.App, key string, value any) {
	t.Helper()
	coll, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	row := core.NewRecord(coll)
	row.Load(map[string]any{"key": key, "value": value})
	if err := app.SaveWithContext(gate.AsServer(t.Context()), row); err != nil {
		t.Fatal(err)
	}
}

// open connects a poke stream of the desk's device and waits for its greeting.
func (d *desk) open() net.Conn {
	d.t.Helper()
	conn, err := net.Dial("tcp", d.server.Listener.Addr().String())
	if err != nil {
		d.t.Error(err)
		return nil
	}
	d.t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET /api/sync/poke?device=%s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n", d.device, d.token)
	return conn
}

// phones registers more devices of a person.
func phones(t *testing.T, d *desk, n int) (out []*desk) {
	t.Helper()
	for i := range n {
		more := *d
		more.install = fmt.Sprint("another-phone-", i)
		more.login()
		out = append(out, &more)
	}
	return out
}

// standing waits until n streams are open.
func standing(t *testing.T, app *testapp.App, n int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		got := app.Bound.Sync.Counts().PokeClients
		if got == n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d streams are open, not %d", got, n)
		}
	}
}

const gaveWay = `data: {"code":"stream_gave_way"}`

// TestTheNewestStreamsOfAPhoneStay: of 100 that come at once 8 stay, and those are
// poked; the rest are told why they end, and end in order. A phone of somebody
// else, and another of his own, notice nothing.
func TestTheNewestStreamsOfAPhoneStay(t *testing.T) {
	t.Parallel()
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	beside := phones(t, chen, 1)[0].open()
	reads(t, beside, ": listening")
	manager := sit(t, app, server, "manager.wu").open()
	reads(t, manager, ": listening")
	touch(t, app) // and with it what each was told of his new phone
	reads(t, beside, `{"seq":`)
	conns, texts := make([]net.Conn, 100), make([]string, 100)
	var wait sync.WaitGroup
	for i := range conns {
		wait.Go(func() {
			if conns[i] = chen.open(); conns[i] != nil {
				texts[i] = readsOn(t, conns[i], "", ": listening")
			}
		})
	}
	wait.Wait()
	standing(t, app, 8+2)
	before := app.Bound.Sync.Head()
	touch(t, app)
	told, poked := 0, 0
	for i, conn := range conns {
		text := readsOn(t, conn, texts[i], "data: ")
		for seq, was := pokedTo(text); was && seq <= before; seq, was = pokedTo(text) { // of what was written before, as it came
			_, rest, _ := strings.Cut(text, "data: ")
			text = readsOn(t, conn, rest, "data: ")
		}
		switch {
		case strings.Contains(text, gaveWay):
			told++
			readsOn(t, conn, text, "event: bye\ndata: {\"code\":\"stream_gave_way\"}\n\n\r\n0\r\n\r\n")
		case strings.Contains(text, `{"seq":`):
			poked++
		}
	}
	if told != 92 || poked != 8 {
		t.Errorf("%d are told of their end, %d are poked", told, poked)
	}
	reads(t, beside, `{"seq":`)
	reads(t, manager, `{"seq":`)
}

var poke = regexp.MustCompile(`data: \{"seq":(\d+)`)

// pokedTo finds the head that a poke tells of.
func pokedTo(text string) (seq int64, was bool) {
	found := poke.FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	seq, err := strconv.ParseInt(found[1], 10, 64)
	return seq, err == nil
}

// readsOn reads on after what was read until text, in any goroutine.
func readsOn(t *testing.T, conn net.Conn, got, text string) string {
	conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	for buf := make([]byte, 4096); !strings.Contains(got, text); {
		n, err := conn.Read(buf)
		if err != nil {
			t.Errorf("%q: %v", got, err)
			return got
		}
		got += string(buf[:n])
	}
	return got
}

// TestTheNewestStreamsOfAUserStay: 24 over all his phones. The oldest gives way.
func TestTheNewestStreamsOfAUserStay(t *testing.T) {
	t.Parallel()
	app, server := serve(t)
	var conns []net.Conn
	for _, phone := range phones(t, sit(t, app, server, "rep.chen"), 4) {
		for range 8 {
			conn := phone.open()
			reads(t, conn, ": listening")
			conns = append(conns, conn)
		}
	}
	standing(t, app, 24)
	for _, conn := range conns[:8] {
		reads(t, conn, gaveWay)
	}
	touch(t, app)
	for _, conn := range conns[8:] {
		reads(t, conn, `{"seq":`)
	}
}

// TestLongPollsCountAmongTheStreams: the one that gives way answers at once.
func TestLongPollsCountAmongTheStreams(t *testing.T) {
	t.Parallel()
	app, server := serve(t)
	set(t, app, "sync.streams_per_phone", 2)
	chen := sit(t, app, server, "rep.chen")
	if err := app.Bound.Sync.Fold(app); err != nil { // or it answers with what he was told of his new phone
		t.Fatal(err)
	}
	first := make(chan answered, 1)
	go func() { first <- chen.call("GET", "/api/sync/poke?wait=60&device="+chen.device, nil) }()
	standing(t, app, 1)
	for range 2 {
		reads(t, chen.open(), ": listening")
	}
	if got := <-first; got.status != 200 || got.body["bye"] != "stream_gave_way" || got.body["seq"] == nil {
		t.Errorf("%+v", got)
	}
	standing(t, app, 2)
	last := chen.call("GET", "/api/sync/poke?wait=1&device="+chen.device, nil)
	if _, said := last.body["bye"]; last.status != 200 || said {
		t.Errorf("%+v", last)
	}
	standing(t, app, 1)
	if open, holders := app.Bound.Sync.StreamPlaces(); open != 1 || holders != 2 {
		t.Errorf("%d places of %d holders", open, holders)
	}
}

// TestWhoGivesWayIsToldOverHTTP2, where a goroutine of its own writes.
func TestWhoGivesWayIsToldOverHTTP2(t *testing.T) {
	app, server := serve(t)
	set(t, app, "sync.streams_per_phone", 1)
	chen := sit(t, app, server, "rep.chen")
	secure := httptest.NewUnstartedServer(app.Handler())
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(func() {
		secure.CloseClientConnections()
		secure.Close()
	})
	chen.server = secure
	resp, events, whole := chen.stream(secure.Client())
	chen.stream(secure.Client())
	event := <-events
	for strings.Contains(event, `{"seq":`) { // what was written before it gave way
		event = <-events
	}
	if data := <-events; resp.ProtoMajor != 2 || event != "event: bye" || data != gaveWay {
		t.Errorf("over HTTP/%d it hears %q, %q", resp.ProtoMajor, event, data)
	}
	ends(t, events, whole)
}
