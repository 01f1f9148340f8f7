package realtime_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// hands moves the time of guests when a test says so.
type hands struct {
	mu    sync.Mutex
	n     int
	armed map[int]func()
	last  time.Duration
}

func (h *hands) after(d time.Duration, fn func()) (stop func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	n := h.n
	h.armed[n], h.last = fn, d
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.armed, n)
	}
}

// over lets the time of all that are watched now be over.
func (h *hands) over() {
	h.mu.Lock()
	due := h.armed
	h.armed = map[int]func(){}
	h.mu.Unlock()
	for _, fn := range due {
		fn()
	}
}

type world struct {
	*testapp.App
	t      *testing.T
	server *httptest.Server
	hands  *hands
}

func newWorld(t *testing.T, settings map[string]any) *world {
	h := &hands{armed: map[int]func(){}}
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Realtime.After = h.after }))
	return &world{set(t, app, settings), t, app.Server(t), h}
}

func set(t *testing.T, app *testapp.App, settings map[string]any) *testapp.App {
	t.Helper()
	coll, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range settings {
		row := core.NewRecord(coll)
		row.Load(map[string]any{"key": key, "value": value})
		if err := app.SaveWithContext(gate.AsServer(t.Context()), row); err != nil {
			t.Fatal(err)
		}
	}
	return app
}

// browser is a client of PocketBase's realtime.
type browser struct {
	t      *testing.T
	url    string
	id     string
	from   string
	body   io.ReadCloser
	events *bufio.Reader
}

// connect opens a connection and reads its first event. from is the address that
// a proxy names, if any.
func connect(t *testing.T, url, from string) *browser {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", url+"/api/realtime", nil)
	if err != nil {
		t.Fatal(err)
	}
	if from != "" {
		req.Header.Set("X-Forwarded-For", from)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return nil
	}
	t.Cleanup(func() { resp.Body.Close() })
	b := &browser{t: t, url: url, from: from, body: resp.Body, events: bufio.NewReader(resp.Body)}
	event, data := b.next()
	if event != "PB_CONNECT" {
		t.Errorf("it begins with %q %q", event, data)
		return nil
	}
	b.id = strings.Split(strings.Split(data, `"clientId":"`)[1], `"`)[0]
	return b
}

// next reads an event; none at the end of the connection.
func (b *browser) next() (event, data string) {
	for {
		line, err := b.events.ReadString('\n')
		if err != nil {
			if err != io.EOF {
				b.t.Errorf("the connection breaks off: %v", err)
			}
			return "", ""
		}
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "event:"):
			event = strings.TrimSpace(strings.TrimPrefix(line, "event:"))
		case strings.HasPrefix(line, "data:"):
			data = strings.TrimSpace(strings.TrimPrefix(line, "data:"))
		case line == "" && event != "":
			return event, data
		}
	}
}

func (b *browser) subscribe(token, topic string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), "POST", b.url+"/api/realtime", strings.NewReader(fmt.Sprintf(`{"clientId":%q,"subscriptions":[%q]}`, b.id, topic)))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	if b.from != "" {
		req.Header.Set("X-Forwarded-For", b.from)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 204 {
		b.t.Fatalf("subscribe: %s", resp.Status)
	}
}

// ends wants the end, and its reason in both languages.
func (b *browser) ends(code string) {
	b.t.Helper()
	event, data := b.next()
	if event != "bye" || !strings.Contains(data, `"code":"`+code+`"`) || !strings.Contains(data, `"zh":"`) || strings.Contains(data, `"en":""`) {
		b.t.Errorf("it ends with %q %q", event, data)
	}
	if event, data := b.next(); event != "" {
		b.t.Errorf("it goes on: %q %q", event, data)
	}
}

func (w *world) counts(open, guests, addresses int) {
	w.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		o, g, a := w.Bound.Realtime.Counts()
		if o == open && g == guests && a == addresses && w.SubscriptionsBroker().TotalClients() == open {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%d connections, %d guests of %d addresses, %d clients; not %d, %d of %d", o, g, a, w.SubscriptionsBroker().TotalClients(), open, guests, addresses)
		}
	}
}

func (w *world) touch() {
	w.t.Helper()
	account := w.AccountOf("rep.chen")
	account.Set("note", account.GetString("note")+"x")
	if err := w.Override(account); err != nil {
		w.t.Fatal(err)
	}
}

// TestOnlyALoginStays: who says nothing and who subscribes without a token are
// ended when their time is over; a person and the dashboard's superuser go on,
// however often it is over, and hear of changes.
func TestOnlyALoginStays(t *testing.T) {
	w := newWorld(t, nil)
	silent, guest := connect(t, w.server.URL, ""), connect(t, w.server.URL, "")
	guest.subscribe("", "accounts/*")
	wu, super := connect(t, w.server.URL, ""), connect(t, w.server.URL, "")
	w.counts(4, 4, 1)
	if w.hands.last != 10*time.Second {
		t.Errorf("guests have %v", w.hands.last)
	}
	wu.subscribe(w.Token("manager.wu"), "accounts/*")
	super.subscribe(w.SuperuserToken(), "accounts/*")
	w.counts(4, 2, 1)
	w.hands.over()
	silent.ends("realtime.guest")
	guest.ends("realtime.guest")
	w.counts(2, 0, 0)
	w.hands.over()
	w.touch()
	for _, b := range []*browser{wu, super} {
		if event, data := b.next(); event != "accounts/*" || !strings.Contains(data, `"action":"update"`) {
			t.Errorf("it hears %q %q", event, data)
		}
	}
}

// TestALoginThatLapsesIsOver: with another password the connection ends.
func TestALoginThatLapsesIsOver(t *testing.T) {
	w := newWorld(t, nil)
	wu, chen := connect(t, w.server.URL, ""), connect(t, w.server.URL, "")
	wu.subscribe(w.Token("manager.wu"), "accounts/*")
	chen.subscribe(w.Token("rep.chen"), "accounts/*")
	user := w.As("manager.wu")
	user.SetPassword("another-password-1")
	if err := w.Override(user); err != nil {
		t.Fatal(err)
	}
	wu.ends("login_required")
	w.hands.over()
	w.counts(1, 0, 0)
}

// TestTheGuestsTimeIsReal: by the system's clock and the setting, without help.
func TestTheGuestsTimeIsReal(t *testing.T) {
	app := set(t, testapp.New(t), map[string]any{"realtime.guest_seconds": 1})
	connect(t, app.Server(t).URL, "").ends("realtime.guest")
}

// TestTheOldestGuestOfAnAddressGivesWay: logins and other addresses do not count.
func TestTheOldestGuestOfAnAddressGivesWay(t *testing.T) {
	w := newWorld(t, map[string]any{"realtime.guests_per_address": 3})
	settings := w.Settings()
	settings.TrustedProxy.Headers = []string{"X-Forwarded-For"}
	if err := w.Save(settings); err != nil {
		t.Fatal(err)
	}
	stranger := connect(t, w.server.URL, "198.51.100.7")
	person := connect(t, w.server.URL, "203.0.113.1")
	person.subscribe(w.Token("manager.wu"), "accounts/*")
	var guests []*browser
	for range 5 {
		guests = append(guests, connect(t, w.server.URL, "203.0.113.1"))
	}
	guests[0].ends("realtime.gave_way")
	guests[1].ends("realtime.gave_way")
	w.counts(5, 4, 2)
	w.touch()
	if event, data := person.next(); event != "accounts/*" {
		t.Errorf("who logged in hears %q %q", event, data)
	}
	stranger.subscribe(w.Token("rep.chen"), "accounts/*")
	w.counts(5, 3, 1)
}

// TestTheOldestOfAUserGivesWay: each subscription costs whoever writes. Subscribing
// again takes no second place, and another user's stay.
func TestTheOldestOfAUserGivesWay(t *testing.T) {
	w := newWorld(t, map[string]any{"realtime.per_user": 2})
	chen, he := w.Token("rep.chen"), w.Token("rep.he")
	other := connect(t, w.server.URL, "")
	other.subscribe(he, "visits/*")
	var his []*browser
	for range 4 {
		b := connect(t, w.server.URL, "")
		b.subscribe(chen, "visits/*")
		b.subscribe(chen, "accounts/*")
		his = append(his, b)
	}
	his[0].ends("realtime.gave_way")
	his[1].ends("realtime.gave_way")
	for _, b := range append(his[2:], other) {
		who := chen
		if b == other {
			who = he
		}
		b.subscribe(who, "orders/*")
	}
}

// TestAStormOfGuests: many at once, then all of them gone; nothing is left.
func TestAStormOfGuests(t *testing.T) {
	w := newWorld(t, map[string]any{"realtime.guests_per_address": 8})
	w.Settings().RateLimits.Enabled = false // a storm beyond what PocketBase lets an address ask
	if err := w.Save(w.Settings()); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range effort.Times(100, 1000) / 20 {
		all := make([]*browser, 20)
		for i := range all {
			wait.Go(func() { all[i] = connect(t, w.server.URL, "") })
		}
		wait.Wait()
		w.counts(8, 8, 1)
		for _, b := range all {
			b.body.Close()
		}
		w.counts(0, 0, 0)
	}
	w.hands.mu.Lock()
	defer w.hands.mu.Unlock()
	if n := len(w.hands.armed); n > 0 {
		t.Errorf("%d are still watched", n)
	}
}
