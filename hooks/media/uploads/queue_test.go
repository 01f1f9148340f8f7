package uploads_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/hooks/media/uploads"
	"satchel/media"
)

// lab counts who develops at once, and holds them until they are let go.
type lab struct {
	mu      sync.Mutex
	at, top int
	entered chan struct{}
	gate    chan struct{}
}

func newLab() *lab { return &lab{entered: make(chan struct{}, 100), gate: make(chan struct{})} }

func (l *lab) develop(_ context.Context, path string, want media.Want) (media.Developed, error) {
	l.mu.Lock()
	l.at++
	l.top = max(l.top, l.at)
	l.mu.Unlock()
	l.entered <- struct{}{}
	<-l.gate
	l.mu.Lock()
	l.at--
	l.mu.Unlock()
	return here(path, want)
}

func here(path string, want media.Want) (media.Developed, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return media.Developed{}, err
	}
	return media.Develop(data, want)
}

// TestAnswerDoesNotWaitForThePicture, and no more than the workers develop at once.
func TestAnswerDoesNotWaitForThePicture(t *testing.T) {
	room := newLab()
	w := newWorld(t, with(func(c *uploads.Config) { c.Develop, c.Workers = room.develop, 2 }))
	chen := w.phone("rep.chen", "install-chen-1")
	var blobs []string
	for seed := range uint64(5) {
		data := photo(t, seed, 1)
		blobs = append(blobs, w.announce(data))
		chen.upload(blobs[seed], data).expect(t, 204, "")
		if state := w.row(blobs[seed]).GetString("state"); state != "received" {
			t.Errorf("state is %s", state)
		}
		head := chen.head(blobs[seed])
		head.expect(t, 200, "")
		head.expectOffset(t, len(data))
	}
	<-room.entered
	<-room.entered
	close(room.gate)
	for range 3 {
		<-room.entered
	}
	w.waitFor(func() bool { return len(w.stored()) == 5 })
	if room.top != 2 {
		t.Errorf("%d were developed at once", room.top)
	}
}

// waitFor looks again and again until the workers are through.
func (w *world) waitFor(done func() bool) {
	w.t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	over := time.NewTimer(30 * time.Second)
	defer over.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-over.C:
			w.t.Fatal("it did not come to that")
		}
	}
}

// stored are the photos of the step that a worker took to the end; the demo has others.
func (w *world) stored() (ids []string) {
	w.t.Helper()
	err := w.DB().NewQuery("SELECT id FROM blobs WHERE state = 'stored' AND step = {:s} ORDER BY rowid").Bind(dbx.Params{"s": w.step.Id}).Column(&ids)
	if err != nil {
		w.t.Fatal(err)
	}
	return ids
}

// TestQueueOutlivesTheProcess that took the bytes.
func TestQueueOutlivesTheProcess(t *testing.T) {
	w := newWorld(t, manually(nil))
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.upload(blob, data).expect(t, 204, "")
	if w.row(blob).GetString("state") != "received" || len(w.onDisk()) != 2 {
		t.Fatalf("state %s, on disk %v", w.row(blob).GetString("state"), w.onDisk())
	}
	w.restart() // with workers
	w.waitFor(func() bool { return w.row(blob).GetString("state") == "stored" && len(w.onDisk()) == 0 })
	if !bytes.Equal(w.file(w.row(blob), blob+".jpg"), data) {
		t.Error("the original is another file")
	}
}

// TestFailuresAreTriedAgain later and later, and nothing is lost.
func TestFailuresAreTriedAgain(t *testing.T) {
	tries, full := 0, true
	w := newWorld(t, manually(func(c *uploads.Config) {
		c.Develop = func(_ context.Context, path string, want media.Want) (media.Developed, error) {
			if tries++; full {
				return media.Developed{}, &os.PathError{Op: "write", Path: path, Err: syscall.ENOSPC}
			}
			return here(path, want)
		}
	}))
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.upload(blob, data).expect(t, 204, "")
	for range 3 {
		w.work()
	}
	if tries != 1 {
		t.Errorf("%d tries at once", tries)
	}
	var waits []int
	for range 4 {
		for before, n := tries, 0; tries == before; n++ {
			if n > 100 {
				t.Fatal("it was never tried again")
			}
			w.Clock.Advance(5 * time.Second)
			if w.work(); tries > before {
				waits = append(waits, n+1)
			}
		}
	}
	if want := []int{1, 2, 4, 8}; !equal(waits, want) {
		t.Errorf("tried again after %v times five seconds, want %v", waits, want)
	}
	w.expectState(blob, "received")
	full = false
	w.Clock.Advance(time.Hour)
	w.expectState(blob, "stored")
}

func equal(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestSpoiltWhileItWaited: what a power cut mangled, or took away, comes again.
func TestSpoiltWhileItWaited(t *testing.T) {
	w := newWorld(t, manually(nil))
	chen := w.phone("rep.chen", "install-chen-1")
	for name, spoil := range map[string]func(path string) error{
		"mangled": func(path string) error { return os.Truncate(path, 100) },
		"gone":    os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			data := photo(t, 1, 1)
			blob := w.announce(data)
			chen.upload(blob, data).expect(t, 204, "")
			if err := spoil(filepath.Join(w.DataDir(), "uploads", blob)); err != nil {
				t.Fatal(err)
			}
			w.expectState(blob, "pending")
			if at := w.row(blob).GetString("received_at"); at != "" {
				t.Errorf("received at %s", at)
			}
			chen.upload(blob, data).expect(t, 204, "")
			w.expectState(blob, "stored")
		})
	}
}

// TestDevelopedAgain from the stored original, as after an upgrade.
func TestDevelopedAgain(t *testing.T) {
	w := newWorld(t, manually(nil))
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 6)
	blob := w.announce(data)
	chen.upload(blob, data).expect(t, 204, "")
	w.expectState(blob, "stored")
	row := w.row(blob)
	row.Set("public", "")
	row.Set("state", "received")
	if err := w.SaveWithContext(asServer(t), row); err != nil {
		t.Fatal(err)
	}
	w.expectState(blob, "stored")
	row = w.row(blob)
	if !bytes.Equal(w.file(row, blob+".jpg"), data) || len(w.file(row, row.GetString("public"))) == 0 {
		t.Error("files are missing")
	}
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}

	if err := os.WriteFile(filepath.Join(w.DataDir(), "storage", row.BaseFilesPath(), blob+".jpg"), []byte("rotten"), 0o600); err != nil {
		t.Fatal(err)
	}
	row.Set("state", "received")
	if err := w.SaveWithContext(asServer(t), row); err != nil {
		t.Fatal(err)
	}
	w.expectState(blob, "pending") // the phone may still have it
}

func TestDeletedWhileItWaited(t *testing.T) {
	w := newWorld(t, manually(func(c *uploads.Config) {
		c.Develop = func(_ context.Context, _ string, _ media.Want) (media.Developed, error) {
			return media.Developed{}, errors.New("not reached")
		}
	}))
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.upload(blob, data).expect(t, 204, "")
	if _, err := w.DB().Delete("blobs", dbx.HashExp{"id": blob}).Execute(); err != nil { // it is kept: by SQL alone
		t.Fatal(err)
	}
	w.work()
	if err := w.Bound.Uploads.Sweep(t.Context(), w.App, w.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}
}
