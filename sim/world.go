package sim

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"satchel/domain/numbers"
	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/phone"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// company is as small as three phones need.
func company() demo.Options {
	return demo.Options{Seed: 5, Today: testapp.Start, Accounts: 24, Products: 3, CheapLogin: true}
}

// world is one history: server, phones, network, clock and oracle, in one goroutine.
type world struct {
	t      testing.TB
	rng    *rand.Rand
	app    *testapp.App
	server http.Handler
	phones []*device
	model  *model   // nil in told stories, which say themselves what they expect
	log    []string // what happened, for whoever reads a failure
	step   int
	logins int    // passwords that were given
	clones uint64 // phones that run on a copy of another's storage
}

// device is a phone with the person who holds it.
type device struct {
	*phone.Phone
	name, user string
	network    *phone.Network
	store      *phone.Store
	now        func() time.Time  // in truth
	orders     []string          // drafts of his own, for increments
	printed    map[string]string // order → the number that its customer was told
	expired    bool              // the server no longer takes his token
	skew       time.Duration     // of the phone's clock
	boots      int               // times that it was switched on again
	up         time.Time         // since when it is on; zero for the beginning
	deaf       bool              // keeps the anchor that it has
	breaks     float64           // of the next answer to a pull no more than this share arrives at once; 0 for no break
	meanwhile  func()            // happens before the rest is asked for
}

func newWorld(t testing.TB, seed uint64, planted syncer.Planted) *world {
	w := &world{t: t, rng: rand.New(rand.NewPCG(seed, 0x5a7c4e1))}
	w.app = testapp.New(t, testapp.Company(company()), testapp.Hooks(func(c *hooks.Config) {
		c.Manual, c.Planted, c.SpoolMin = true, planted, 1
	}))
	w.server = w.app.Handler()
	w.app.Setting("number.block", 10)
	w.app.Setting("number.low_water", 8)
	w.fold()
	w.model = newModel(w)
	for i, name := range []string{"rep.chen", "rep.he", "manager.wu"} {
		w.phones = append(w.phones, w.newDevice(name, seed*10+uint64(i)))
	}
	return w
}

func (w *world) newDevice(name string, seed uint64) *device {
	store, err := phone.OpenStore("")
	w.must(err)
	w.t.Cleanup(func() { w.must(store.Close()) })
	d := w.onStore(name, seed, store)
	w.must(w.signIn(d))
	_, err = d.Pull(context.Background())
	w.must(err)
	if w.model != nil {
		w.model.pulled(d)
	}
	w.must(d.LeaseNumbers(context.Background(), numbers.Order))
	return d
}

// signIn is the person giving the password to the phone.
func (w *world) signIn(d *device) error {
	w.logins++
	d.expired = false // it is a fresh one
	return d.Adopt(context.Background(), d.user, w.app.Token(d.name))
}

// asked reports whether the server wants the password once more.
func asked(err error) bool { return phone.CodeOf(err) == "login_required" }

// onStore is a phone on a storage that may have been used before.
func (w *world) onStore(name string, seed uint64, store *phone.Store) *device {
	d := &device{name: name, user: w.app.As(name).Id, network: &phone.Network{}, store: store, now: w.app.Clock.Now, printed: map[string]string{}}
	d.network.Next = &wire{world: w, device: d}
	d.Phone = phone.New(phone.Config{
		Server: "http://sim", Transport: d.network, Now: func() time.Time { return w.app.Clock.Now().Add(d.skew) },
		Uptime: d.uptime,
		Rand:   rand.New(rand.NewPCG(seed, 2)), Platform: "sim", App: "sim",
	}, store)
	return d
}

func (d *device) uptime() (string, time.Duration) {
	up := d.up
	if up.IsZero() {
		up = testapp.Start
	}
	return fmt.Sprintf("boot %d of %s", d.boots, d.name), d.now().Sub(up)
}

// anchors are what an answer says of the server's time.
var anchors = regexp.MustCompile(`,"anchor":\{[^}]*\}`)

// wire is the in-process line to the server. It tells the oracle what was
// delivered, answered or not.
type wire struct {
	world  *world
	device *device
}

// RoundTrip implements http.RoundTripper.
func (l *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	in := httptest.NewRequest(req.Method, req.URL.String(), bytes.NewReader(body))
	in.Header = req.Header.Clone()
	if l.device.deaf {
		in.Header.Del("Accept-Encoding")
	}
	if l.device.expired && in.Header.Get("Authorization") != "" {
		in.Header.Set("Authorization", l.world.oldToken(l.device.name))
	}
	out := httptest.NewRecorder()
	if l.world.model != nil && req.URL.Path == "/api/sync/pull" {
		l.world.model.asks(l.device)
	}
	l.world.server.ServeHTTP(out, in)
	if req.URL.Path == "/api/sync/token" && out.Code == http.StatusOK {
		l.device.expired = false
	}
	if l.world.model != nil && strings.HasPrefix(req.URL.Path, "/api/sync/spool/") && out.Code < 300 {
		l.world.mayResume(l.device)
	}
	if l.world.model != nil && req.URL.Path == "/api/sync/push" && out.Code == http.StatusOK {
		var push struct {
			Mutations []syncer.Mutation `json:"mutations"`
		}
		unpacked, err := gzip.NewReader(bytes.NewReader(body))
		l.world.must(err)
		l.world.must(json.NewDecoder(unpacked).Decode(&push))
		l.world.model.delivered(l.device, push.Mutations)
	}
	if l.device.deaf {
		text := anchors.ReplaceAll(out.Body.Bytes(), nil)
		out.Body.Reset()
		out.Body.Write(text)
	}
	resp := out.Result()
	resp.Request = req
	if share := l.device.breaks; share > 0 && req.URL.Path == "/api/sync/pull" {
		l.device.breaks = 0
		resp.Body = &broken{ReadCloser: resp.Body, left: int(share * float64(out.Body.Len())), then: l.device.meanwhile}
	}
	return resp, nil
}

// broken is the body of an answer over a line that breaks.
type broken struct {
	io.ReadCloser
	left int
	then func()
}

// Read implements io.Reader.
func (b *broken) Read(p []byte) (int, error) {
	if b.left <= 0 {
		if b.then != nil {
			b.then()
			b.then = nil
		}
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// oldToken is a token of the person's that was good until an hour ago.
func (w *world) oldToken(name string) string {
	user := w.app.As(name)
	token, err := security.NewJWT(map[string]any{"id": user.Id, "type": core.TokenTypeAuth, "collectionId": user.Collection().Id},
		user.TokenKey()+user.Collection().AuthToken.Secret, -time.Hour)
	w.must(err)
	return token
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.fail("%v", err)
	}
}

// fail ends the history with all that happened in it.
func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	text := fmt.Sprintf(format, args...)
	for _, l := range w.log[max(0, len(w.log)-60):] {
		text += "\n    " + l
	}
	panic(failure(text))
}

// failure is what a history that went wrong panics with.
type failure string

func (w *world) note(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%3d %s ", w.step, w.app.Clock.Now().Format("15:04:05.000"))+fmt.Sprintf(format, args...))
}

func (w *world) fold() {
	w.must(w.app.Bound.Sync.Fold(w.app))
	if w.model != nil {
		w.model.folded = w.model.clock
	}
}

// tick moves the clock: mostly not at all or a little, sometimes for a night.
func (w *world) tick() {
	switch w.rng.IntN(10) {
	case 0:
		w.app.Clock.Advance(time.Duration(w.rng.IntN(12)) * time.Hour)
	case 1, 2, 3:
		w.app.Clock.Advance(time.Duration(w.rng.IntN(5)) * time.Millisecond)
	}
}

func (w *world) record(collection, id string) *core.Record {
	r, err := w.app.FindRecordById(collection, id)
	w.must(err)
	return r
}

func oneOf[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }
