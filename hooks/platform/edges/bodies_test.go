package edges_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/platform/edges"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// line is a connection on which a request stands whose body does not go on.
type line struct {
	net.Conn
	t            *testing.T
	method, path string
}

// begin sends the head of a request, and as much of its body as part says.
func begin(t *testing.T, server *httptest.Server, method, path, token string, length int, part string) line {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", method, path, token, length, part)
	return line{conn, t, method, path}
}

// answer waits for the answer's head and body. Nobody waits for the rest of the request.
func (l line) answer() (*http.Response, string) {
	l.t.Helper()
	if err := l.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		l.t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(l), &http.Request{Method: l.method})
	if err != nil {
		l.t.Fatalf("%s %s: no answer while the body does not come: %v", l.method, l.path, err)
	}
	if resp.Header.Get("Content-Type") == "text/event-stream" { // it goes on until the line is closed
		return resp, ""
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return resp, string(text)
}

// reads are the methods whose requests mean something by their bodies.
var reads = map[string]bool{http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: true}

var value = regexp.MustCompile(`{[^}]*}`)

// TestEveryRouteAsksFirst: on each route that there is, whoever has not said who he
// is is answered before a byte of his body came, or the route is one by which he
// says it. What is no body of its own (GET) is not waited for.
func TestEveryRouteAsksFirst(t *testing.T) {
	app := testapp.New(t)
	server := app.Server(t)
	t.Cleanup(func() { // a stream whose request was not read to its end does not notice that its line is closed
		for id := range app.SubscriptionsBroker().Clients() {
			app.SubscriptionsBroker().Unregister(id)
		}
	})
	left, asked := map[string]bool{}, 0
	for pattern := range edges.ForGuests {
		left[pattern] = true
	}
	for _, route := range app.Routes() {
		if left[route] {
			delete(left, route)
			continue
		}
		method, path, ok := strings.Cut(route, " ")
		if !ok {
			method, path = http.MethodPost, route
		}
		for _, token := range []string{"", "not.a.token"} {
			asked++
			began := time.Now()
			resp, text := begin(t, server, method, value.ReplaceAllString(path, "x"), token, 10, "").answer()
			if d := time.Since(began); d > 5*time.Second {
				t.Errorf("%s is answered after %v", route, d)
			}
			if reads[method] && (resp.StatusCode != http.StatusUnauthorized || !strings.Contains(text, `"auth_required"`)) {
				t.Errorf("%s: %d %s", route, resp.StatusCode, text)
			}
		}
	}
	for pattern := range left {
		t.Errorf("guests may send a body to %s, which is no route", pattern)
	}
	if asked < 100 {
		t.Errorf("only %d requests", asked)
	}
	t.Logf("%d requests", asked)
}

// crowd are many connections amid their bodies, each with a part of it.
func crowd(t *testing.T, server *httptest.Server, token string) (all []line) {
	t.Helper()
	for range 76 {
		all = append(all, begin(t, server, "POST", "/api/sync/push", token, 1_000_000, strings.Repeat(" ", 60_000)))
	}
	return all
}

// tight is a budget that a crowd takes whole.
func tight(planted syncer.Planted) testapp.Option {
	return testapp.Hooks(func(c *hooks.Config) {
		c.Bodies = edges.Limits{All: 4 << 20, User: 4 << 20}
		c.Planted = planted
	})
}

// push tells how a push of a few hundred kilobytes is answered.
func push(t *testing.T, server *httptest.Server, p *testapp.Phone) *http.Response {
	t.Helper()
	body := strings.Repeat(" ", 300_000) + fmt.Sprintf(`{"device":%q,"schema":1,"mutations":[]}`, p.Device)
	resp, _ := begin(t, server, "POST", "/api/sync/push", p.Token, len(body), body).answer()
	return resp
}

// TestIdleLinesStopNobody: neither strangers nor a colleague who hold many bodies half
// sent keep a phone from pushing. The colleague's slowest give way and are told so.
func TestIdleLinesStopNobody(t *testing.T) {
	app := testapp.New(t, tight(syncer.PlantNone))
	server := app.Server(t)
	honest, greedy := app.Phone(app.Token("rep.chen"), "honest"), app.Phone(app.Token("rep.he"), "greedy")
	for _, l := range crowd(t, server, "") {
		if resp, _ := l.answer(); resp.StatusCode != http.StatusUnauthorized {
			t.Fatalf("a stranger's body is read: %d", resp.StatusCode)
		}
	}
	idle := crowd(t, server, greedy.Token) // 76 of 60 kB are more than there is
	told := make(chan *http.Response, len(idle))
	for _, l := range idle {
		go func() {
			if resp, err := http.ReadResponse(bufio.NewReader(l), nil); err == nil {
				told <- resp
			}
		}()
	}
	for range 20 {
		if resp := push(t, server, honest); resp.StatusCode != http.StatusOK {
			t.Fatalf("an honest push: %d", resp.StatusCode)
		}
	}
	select {
	case resp := <-told:
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
			t.Errorf("who gave way is told %d, Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
		}
	case <-time.After(30 * time.Second):
		t.Error("nobody gave way")
	}
}

// TestABudgetBeforeIdentityIsNoticed: counted before anybody says who he is, the
// strangers' bodies keep the phone out.
func TestABudgetBeforeIdentityIsNoticed(t *testing.T) {
	effort.Late(t)
	app := testapp.New(t, tight(syncer.PlantBudgetFirst))
	server := app.Server(t)
	honest := app.Phone(app.Token("rep.chen"), "honest")
	crowd(t, server, "")
	for deadline := time.Now().Add(30 * time.Second); push(t, server, honest).StatusCode != http.StatusServiceUnavailable; {
		if time.Now().After(deadline) {
			t.Fatal("nobody noticed that strangers hold the budget")
		}
	}
}

// TestAStrangersBodyIsSmall where he may send one, by what he says and by what he sends.
func TestAStrangersBodyIsSmall(t *testing.T) {
	server := testapp.New(t).Server(t)
	path := "/api/collections/users/auth-with-password"
	resp, text := begin(t, server, "POST", path, "", 100_000, "").answer()
	if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(text, `"body_too_large"`) {
		t.Errorf("announced: %d %s", resp.StatusCode, text)
	}
	sent, err := http.Post(server.URL+path, "application/json", io.MultiReader(strings.NewReader(strings.Repeat(" ", 70_000)), strings.NewReader("{}")))
	if err != nil {
		t.Fatal(err)
	}
	defer sent.Body.Close()
	if sent.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("sent in chunks: %d", sent.StatusCode)
	}
}

// TestHeadersHaveADeadline, and a bound.
func TestHeadersHaveADeadline(t *testing.T) {
	app := testapp.New(t)
	var server *http.Server
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		server = e.Server
		return e.Next()
	})
	app.Handler()
	if server.ReadHeaderTimeout <= 0 || server.ReadHeaderTimeout > 30*time.Second || server.IdleTimeout <= 0 || server.MaxHeaderBytes > 64<<10 || server.MaxHeaderBytes == 0 {
		t.Errorf("headers within %v, idle %v, %d bytes", server.ReadHeaderTimeout, server.IdleTimeout, server.MaxHeaderBytes)
	}
}
