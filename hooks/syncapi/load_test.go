package syncapi_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestPushesAreTurnedAwayBeforeMemoryGrows: while many phones are amid large
// pushes, others are told to come again, and when; and once it is over they get
// through.
func TestPushesAreTurnedAwayBeforeMemoryGrows(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	var lines []net.Conn
	part := strings.Repeat(" ", 900_000)
	for range 80 { // more than are let in
		line, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer line.Close()
		lines = append(lines, line)
		go fmt.Fprintf(line, "POST /api/sync/push HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: 1048000\r\n\r\n%s", chen.token, part)
	}
	push := func() *http.Response {
		t.Helper()
		resp, _ := chen.get("POST", "/api/sync/push", strings.NewReader(part+fmt.Sprintf(`{"device":%q,"schema":1,"mutations":[]}`, chen.device)),
			http.Header{"Content-Type": {"application/json"}})
		return resp
	}
	until := func(status int) *http.Response {
		t.Helper()
		for range 1_000 {
			if resp := push(); resp.StatusCode == status {
				return resp
			}
		}
		t.Fatalf("no push was answered %d", status)
		return nil
	}
	if after := until(http.StatusServiceUnavailable).Header.Get("Retry-After"); after == "" {
		t.Error("nobody says when to come again")
	}
	for _, line := range lines {
		line.Close()
	}
	until(http.StatusOK)
}
