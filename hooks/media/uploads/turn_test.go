package uploads_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"satchel/hooks/media/uploads"
	"satchel/internal/effort"
)

// slow is a PATCH whose body does not come.
type slow struct {
	phone
	blob string
	conn *net.TCPConn
	in   *bufio.Reader
}

func (w *world) slowly(p phone, owner string, data []byte) slow {
	w.t.Helper()
	blob := w.announceOf(owner, data)
	p.create(blob, len(data)).expect(w.t, 201, "")
	s := slow{phone: p, blob: blob}
	s.conn, s.in = p.dial(blob, 0, len(data))
	return s
}

// announceOf makes the row of somebody's paper.
func (w *world) announceOf(name string, data []byte) string {
	sum := sha256.Sum256(data)
	return w.insert("blobs", map[string]any{
		"sha256": hex.EncodeToString(sum[:]), "size": len(data), "mime": "image/jpeg", "purpose": "receipt",
		"owner": w.As(name).Id, "state": "pending",
	}).Id
}

// yields wants the answer to one that gave way.
func (s slow) yields(t *testing.T) {
	t.Helper()
	s.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	got := s.answer(s.in)
	got.expect(t, http.StatusTooManyRequests, "upload.gave_way")
	if got.header.Get("Retry-After") != "5" {
		t.Errorf("Retry-After %q", got.header.Get("Retry-After"))
	}
}

// brings sends bytes and waits until the server has them.
func (s slow) brings(w *world, data []byte, all int) {
	w.t.Helper()
	if _, err := s.conn.Write(data); err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.DataDir(), "uploads", s.blob)
	for deadline := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		if info, err := os.Stat(path); err == nil && info.Size() == int64(all) {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the server does not take %d bytes", all)
		}
	}
}

func (w *world) inFlight(n, users int) {
	w.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		open, holders := w.Bound.Uploads.Places()
		if open == n && holders == users {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%d requests of %d users bring bytes, not %d of %d", open, holders, n, users)
		}
	}
}

// TestSlowUploadsOfOneStopNobody: as many as the server takes at all, by one rep.
// Four of his stay, the others end, and a colleague's passes at once. What ended
// goes on, and with the last connection the last place is gone.
func TestSlowUploadsOfOneStopNobody(t *testing.T) {
	all := effort.Times(24, 256)
	w := newWorld(t, with(func(c *uploads.Config) { c.InFlight = all }))
	chen, ma := w.phone("rep.chen", "install-chen-1"), w.phone("rep.ma", "install-ma-01")
	data := photo(t, 1, 1)
	var held []slow
	for range all {
		held = append(held, w.slowly(chen, "rep.chen", data))
	}
	w.inFlight(4, 1)
	ma.upload(w.announceOf("rep.ma", data), data).expect(t, 204, "")
	for _, s := range held[:all-4] {
		s.yields(t)
	}
	for _, s := range held[all-4:] {
		s.conn.Close()
	}
	w.inFlight(0, 0)
	chen.patch(held[0].blob, 0, data).expect(t, 204, "")
	w.inFlight(0, 0)
}

// TestTheOneThatBroughtNoByteForTheLongestGivesWay, however late it began, and
// loses nothing.
func TestTheOneThatBroughtNoByteForTheLongestGivesWay(t *testing.T) {
	w := newWorld(t)
	w.set("upload.in_flight_per_user", 2)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	first, second := w.slowly(chen, "rep.chen", data), w.slowly(chen, "rep.chen", data)
	second.brings(w, data[:5000], 5000)
	first.brings(w, data[:100], 100)
	third := w.slowly(chen, "rep.chen", data)
	second.yields(t)
	chen.head(second.blob).expectOffset(t, 5000)
	if _, err := first.conn.Write(data[100:]); err != nil {
		t.Fatal(err)
	}
	first.answer(first.in).expect(t, 204, "")
	chen.patch(second.blob, 5000, data[5000:]).expect(t, 204, "") // the third and this are two
	if _, err := third.conn.Write(data); err != nil {
		t.Fatal(err)
	}
	third.answer(third.in).expect(t, 204, "")
	for _, s := range []slow{first, second, third} {
		w.work()
		w.expectState(s.blob, "stored")
	}
	w.inFlight(0, 0)
}

// TestWhoHoldsMostGivesWay when all places are taken, and nobody to who would hold
// as many.
func TestWhoHoldsMostGivesWay(t *testing.T) {
	w := newWorld(t, with(func(c *uploads.Config) { c.InFlight = 3 }))
	w.set("upload.in_flight_per_user", 3)
	chen, ma, wu := w.phone("rep.chen", "install-chen-1"), w.phone("rep.ma", "install-ma-01"), w.phone("manager.wu", "install-wu-01")
	data := photo(t, 1, 1)
	held := []slow{w.slowly(chen, "rep.chen", data), w.slowly(chen, "rep.chen", data), w.slowly(chen, "rep.chen", data)}
	w.slowly(ma, "rep.ma", data)
	held[0].yields(t)
	w.inFlight(3, 2)
	w.slowly(wu, "manager.wu", data)
	held[1].yields(t)
	w.inFlight(3, 3)
	li := w.phone("admin.fang", "install-admin-1")
	blob := w.announceOf("admin.fang", data)
	li.create(blob, len(data)).expect(t, 201, "")
	busy := li.patch(blob, 0, data)
	busy.expect(t, http.StatusServiceUnavailable, "overloaded")
	if busy.header.Get("Retry-After") != "5" {
		t.Errorf("Retry-After %q", busy.header.Get("Retry-After"))
	}
	w.inFlight(3, 3)
}
