package api_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// narrow are connections that hold hardly anything on their way.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(4096)
	}
	return conn, err
}

// TestASlowAnswerEndsWithItsSession: what a thief's slow line has not read by
// then it never reads; a colleague's goes on.
func TestASlowAnswerEndsWithItsSession(t *testing.T) {
	t.Parallel()
	app := testapp.New(t)
	server := httptest.NewUnstartedServer(app.Handler())
	server.Listener = narrow{server.Listener}
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	rows := effort.Times(600, 2000) // more than the system holds on its way
	for _, who := range []string{"rep.chen", "rep.he"} {
		account := app.AccountOf(who)
		_, err := app.DB().NewQuery(`INSERT INTO contacts (id, account, dept, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:rows})
			SELECT substr({:a}, 1, 9) || printf('%06d', i), {:a}, {:d}, {:n} FROM n`).
			Bind(dbx.Params{"a": account.Id, "d": account.GetString("dept"), "n": strings.Repeat("王", 60), "rows": rows}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
	chen, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.he")
	stolen, his := begins(t, chen), begins(t, he)
	device, err := app.FindRecordById("sync_devices", chen.device)
	if err != nil {
		t.Fatal(err)
	}
	device.Set("revoked", true)
	if err := app.Save(device); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(stolen); err == nil && strings.Contains(string(text), `"end"`) {
		t.Errorf("%d bytes came after the revocation, to the end", len(text))
	}
	if text, err := io.ReadAll(his); err != nil || !strings.Contains(string(text), `"end"`) {
		t.Errorf("a colleague's answer ends after %d bytes: %v", len(text), err)
	}
}

// begins asks for everything and reads no more than the first byte.
func begins(t *testing.T, d *desk) io.Reader {
	t.Helper()
	dialer := net.Dialer{Timeout: 10 * time.Second}
	client := http.Client{Transport: &http.Transport{DisableCompression: true, ReadBufferSize: 64, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, addr)
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetReadBuffer(4096)
		}
		return conn, err
	}}}
	req, err := http.NewRequest("POST", d.server.URL+"/api/sync/pull", strings.NewReader(fmt.Sprintf(`{"device":%q,"schema":1}`, d.device)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", d.token)
	resp, err := client.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(err, resp)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if _, err := io.ReadFull(resp.Body, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return resp.Body
}
