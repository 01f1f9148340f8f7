package edges_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/platform/edges"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// served starts the server that main would, with room for two lines that wait.
func served(t *testing.T, planted syncer.Planted) string {
	t.Helper()
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) {
		c.Planted, c.Bodies = planted, edges.Limits{Waiting: 2}
	}))
	server := &http.Server{} //nolint:gosec // the area sets its deadlines
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		server.ConnState = e.Server.ConnState
		return e.Next()
	})
	server.Handler = app.Handler()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return listener.Addr().String()
}

// opened are lines on which nothing is said.
func opened(t *testing.T, at string, n int) (lines []net.Conn) {
	t.Helper()
	for range n {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		lines = append(lines, conn)
	}
	return lines
}

// closed reports whether the server ends a line within a time.
func closed(t *testing.T, line net.Conn, within time.Duration) bool {
	t.Helper()
	if err := line.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	_, err := line.Read(make([]byte, 1))
	wait, timed := err.(net.Error) //nolint:errorlint // as it comes from the line
	return errors.Is(err, io.EOF) || !timed || !wait.Timeout()
}

// TestLinesThatWaitAreBounded: the one that has waited the longest gives way, and who
// comes then is served.
func TestLinesThatWaitAreBounded(t *testing.T) {
	at := served(t, syncer.PlantNone)
	lines := opened(t, at, 5)
	for i, line := range lines[:3] {
		if !closed(t, line, 20*time.Second) {
			t.Errorf("line %d is still open", i)
		}
	}
	resp, err := http.Get("http://" + at + "/api/health")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("who comes then: %d", resp.StatusCode)
	}
}

// TestLinesWithoutBoundAreNoticed: they all stay.
func TestLinesWithoutBoundAreNoticed(t *testing.T) {
	effort.Late(t)
	at := served(t, syncer.PlantLinesUnbounded)
	lines := opened(t, at, 5)
	if resp, err := http.Get("http://" + at + "/api/health"); err != nil {
		t.Fatal(err)
	} else {
		resp.Body.Close()
	}
	if closed(t, lines[0], 200*time.Millisecond) {
		t.Error("the first is closed")
	}
}
