package powercut_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/phone"
	"satchel/internal/powercut"
	"satchel/internal/store"
	"satchel/internal/testapp"
)

// who holds the phone.
const who = "rep.chen"

// world is a server on a disk whose power fails, and one phone.
type world struct {
	t     testing.TB
	rng   *rand.Rand
	level store.Sync
	disk  *powercut.Disk
	app   *testapp.App
	phone *phone.Phone

	account, order string
	acked          []batch // what was acknowledged
	pending        batch   // what was sent or not, and not acknowledged
	answer         *http.Response
}

// batch is what one push carries: contacts that must all be there or none, and
// by how much the order counts up.
type batch struct {
	contacts []string
	sum      int64
}

func options() []testapp.Option {
	return []testapp.Option{
		testapp.Company(demo.Options{Seed: 5, Today: testapp.Start, Accounts: 24, Products: 3, CheapLogin: true}),
		testapp.Hooks(func(c *hooks.Config) { c.Manual = true }),
	}
}

func newWorld(t testing.TB, seed uint64, level store.Sync) *world {
	t.Helper()
	w := &world{t: t, rng: rand.New(rand.NewPCG(seed, 0xd15c)), level: level, disk: powercut.New(t.TempDir())}
	t.Cleanup(w.disk.Close)
	w.disk.Checkpoint = 90 // about every other push
	for _, name := range []string{store.DataFile, "auxiliary.db"} {
		w.disk.Store(name, testapp.Database(t, name, options()...))
	}
	w.boot()
	w.phone = w.newPhone(seed)
	account, err := w.phone.Find("accounts", phone.Row{"status": "active"})
	w.must(err)
	list, err := w.phone.Find("price_lists", phone.Row{"scope": "default"})
	w.must(err)
	w.account = account.Text("id")
	w.order, err = w.phone.NewOrder(w.account, "", list.Text("id"), nil)
	w.must(err)
	w.sync()
	return w
}

func (w *world) newPhone(seed uint64) *phone.Phone {
	w.t.Helper()
	s, err := phone.OpenStore("")
	w.must(err)
	w.t.Cleanup(func() { w.must(s.Close()) })
	p := phone.New(phone.Config{
		Server: "http://disk", Transport: line{w}, Now: w.app.Clock.Now, Rand: rand.New(rand.NewPCG(seed, 2)), Platform: "disk", App: "disk",
	}, s)
	w.must(p.Adopt(context.Background(), w.app.As(who).Id, w.app.Token(who)))
	_, err = p.Pull(context.Background())
	w.must(err)
	return p
}

// boot opens the server on what the disk holds.
func (w *world) boot() {
	w.t.Helper()
	w.app = testapp.New(w.t, append(options(), testapp.Connect(w.disk.Connect(w.level)))...)
	w.must(w.app.Bound.Sync.Fold(w.app))
}

// cut turns the power off and on again and boots the server.
func (w *world) cut() {
	w.t.Helper()
	w.disk.Cut(w.rng)
	w.app.Cleanup()
	if w.rng.IntN(4) == 0 { // the power fails once more, while SQLite recovers
		w.disk.CutIn(1 + w.rng.IntN(8))
		db, err := w.disk.Connect(w.level)(store.DataFile)
		w.must(err)
		db.NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute()
		w.disk.Cut(w.rng)
		db.Close()
	}
	w.boot()
}

// line carries requests to the server, and no answer when the power is off.
type line struct{ *world }

var errDark = errors.New("no answer: the power is off")

// RoundTrip implements http.RoundTripper.
func (l line) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	in := httptest.NewRequest(req.Method, req.URL.String(), bytes.NewReader(body))
	in.Header = req.Header.Clone()
	out := httptest.NewRecorder()
	l.app.Handler().ServeHTTP(out, in)
	if l.disk.Off() {
		return nil, errDark
	}
	l.answer = out.Result()
	return l.answer, nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// enter puts a few mutations into the outbox.
func (w *world) enter() {
	w.t.Helper()
	for range 1 + w.rng.IntN(6) {
		id, by := w.phone.NewID(), int64(1+w.rng.IntN(9))
		w.must(w.phone.Create("contacts", id, phone.Row{"account": w.account, "name": fmt.Sprint("contact ", id)}))
		w.must(w.phone.Increment("orders", w.order, "shown_total_fen", by))
		w.pending.contacts = append(w.pending.contacts, id)
		w.pending.sum += by
	}
}

// push sends the outbox; true if it was acknowledged.
func (w *world) push() bool {
	w.t.Helper()
	err := w.pushErr()
	if err != nil && !w.disk.Off() {
		w.t.Fatal(err)
	}
	return err == nil
}

func (w *world) pushErr() error {
	_, err := w.phone.Push(context.Background())
	if err == nil {
		w.acked, w.pending = append(w.acked, w.pending), batch{}
	}
	return err
}

// sync brings phone and server together, in as many tries as the protocol takes.
func (w *world) sync() {
	w.t.Helper()
	var err error
	for range 5 {
		if _, err = w.phone.Sync(context.Background()); err == nil {
			break
		}
	}
	w.must(err)
	w.acked, w.pending = append(w.acked, w.pending), batch{}
}

// intact lets SQLite look over both databases.
func (w *world) intact() {
	w.t.Helper()
	for _, db := range []dbx.Builder{w.app.NonconcurrentDB(), w.app.AuxNonconcurrentDB()} {
		var verdict []string
		w.must(db.NewQuery("PRAGMA integrity_check").Column(&verdict))
		if len(verdict) != 1 || verdict[0] != "ok" {
			w.t.Fatalf("the database is damaged: %v", verdict)
		}
	}
}

// held counts how many of a batch's contacts the server has.
func (w *world) held(b batch) (n int) {
	w.t.Helper()
	records, err := w.app.FindRecordsByIds("contacts", b.contacts)
	w.must(err)
	return len(records)
}

// total is what the order counts on the server.
func (w *world) total() int64 {
	w.t.Helper()
	r, err := w.app.FindRecordById("orders", w.order)
	if err != nil {
		return -1 // not even the order is there
	}
	return int64(r.GetInt("shown_total_fen"))
}

// promised is what the order must count at least.
func (w *world) promised() (sum int64) {
	for _, b := range w.acked {
		sum += b.sum
	}
	return sum
}

// lost counts the acknowledged batches of which something is missing.
func (w *world) lost() (n int) {
	w.t.Helper()
	for _, b := range w.acked {
		if w.held(b) != len(b.contacts) {
			n++
		}
	}
	return n
}

// settled holds the world after a sync to the promises: every write ended, every
// acknowledged one counts once, and the phone has what a fresh phone gets.
func (w *world) settled() {
	w.t.Helper()
	if n, err := w.phone.Pending(); err != nil || n != 0 {
		w.t.Fatalf("%d mutations have no verdict, %v", n, err)
	}
	if v, err := w.phone.Verdicts(); err != nil || len(v) != 0 {
		w.t.Fatalf("verdicts %+v, %v", v, err)
	}
	if n := w.lost(); n > 0 {
		w.t.Fatalf("of %d acknowledged pushes %d are lost", len(w.acked), n)
	}
	if got := w.total(); got != w.promised() {
		w.t.Fatalf("the order counts %d, %d was acknowledged", got, w.promised())
	}
	fresh := w.newPhone(w.rng.Uint64())
	for _, c := range []string{"accounts", "contacts", "orders", "visits", "products", "users", "sync_issues"} {
		got, err := w.phone.Base(c)
		w.must(err)
		want, err := fresh.Base(c)
		w.must(err)
		if !maps.Equal(got, want) {
			w.t.Fatalf("the phone holds %d %s, a fresh one %d, or with other values", len(got), c, len(want))
		}
	}
}

// checkpoint makes all that is written so far last.
func (w *world) checkpoint() {
	w.t.Helper()
	_, err := w.app.NonconcurrentDB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute()
	w.must(err)
}
