package powercut_test

import (
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"satchel/internal/effort"
	"satchel/internal/phone"
	"satchel/internal/powercut"
	"satchel/internal/store"
)

// TestPushWaitsForDisk lets the disk fill up, or break, at every third step of a
// push. The phone is told to come again, nothing of the push is there and
// nothing before it is lost; once the disk is well, it all arrives, once.
func TestPushWaitsForDisk(t *testing.T) {
	effort.Late(t)
	for _, fault := range []error{syscall.ENOSPC, syscall.EIO} {
		t.Run(fault.Error(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1, store.Full)
			refused := 0
			for step := 1; step < 90; step += 3 {
				w.checkpoint() // else the fault may fall into SQLite's own, which can wait
				w.enter()
				w.disk.Break(powercut.Fault{After: step, Err: fault})
				err := w.pushErr()
				switch {
				case err == nil:
				case phone.CodeOf(err) == "storage_unavailable":
					refused++
					if w.answer.StatusCode != http.StatusServiceUnavailable || w.answer.Header.Get("Retry-After") == "" {
						t.Fatalf("step %d: %s, Retry-After %q", step, w.answer.Status, w.answer.Header.Get("Retry-After"))
					}
					if w.held(w.pending) != 0 || w.total() != w.promised() {
						t.Fatalf("step %d: the push was refused, and something of it is there", step)
					}
				default:
					t.Fatalf("step %d: %v", step, err)
				}
				w.disk.Break(powercut.Fault{})
				w.sync()
			}
			w.settled()
			w.intact()
			t.Logf("%d pushes were put off", refused)
			if refused < 10 {
				t.Errorf("only %d pushes met the fault", refused)
			}
		})
	}
}

// A push whose sync failed is refused, though all of it stands in the log. The
// second try writes over that, and the power may fail right after.
func TestPushAfterFailedSync(t *testing.T) {
	w := newWorld(t, 3, store.Full)
	for range 12 {
		w.checkpoint()
		w.enter()
		w.disk.Break(powercut.Fault{Times: 1, Syncs: true, Err: syscall.EIO})
		if err := w.pushErr(); phone.CodeOf(err) != "storage_unavailable" {
			t.Fatalf("the push whose sync failed: %v", err)
		}
		if w.rng.IntN(2) == 0 {
			w.sync()
		}
		w.cut()
		w.intact()
		if n := w.lost(); n > 0 {
			t.Fatalf("%d acknowledged pushes are lost", n)
		}
		w.sync()
	}
	w.settled()
}

// TestPushCostsOneSync: however many mutations a push carries, the disk is
// waited for once.
func TestPushCostsOneSync(t *testing.T) {
	w := newWorld(t, 4, store.Full)
	w.disk.Checkpoint = 0
	w.disk.Cut(w.rng)
	w.app.Cleanup()
	w.boot()
	w.enter()
	w.must(w.pushErr()) // the first one writes the log's header, too
	for _, size := range []int{1, 20, 200} {
		for range size {
			w.must(w.phone.Create("contacts", w.phone.NewID(), phone.Row{"account": w.account, "name": fmt.Sprint(size)}))
		}
		waited := 0
		w.disk.OnSync = func(string) { waited++ }
		w.must(w.pushErr())
		w.disk.OnSync = nil
		if waited != 1 {
			t.Errorf("a push of %d mutations waited for %d syncs", size, waited)
		}
	}
}

// BenchmarkPush pushes 20 contacts on disks of which each sync takes its time.
func BenchmarkPush(b *testing.B) {
	for _, ms := range []int{0, 2, 10} {
		b.Run(fmt.Sprintf("sync=%dms", ms), func(b *testing.B) {
			w := newWorld(b, 5, store.Full)
			w.disk.OnSync = func(string) { time.Sleep(time.Duration(ms) * time.Millisecond) }
			for b.Loop() {
				for range 20 {
					w.must(w.phone.Create("contacts", w.phone.NewID(), phone.Row{"account": w.account, "name": "one of many"}))
				}
				w.must(w.pushErr())
			}
		})
	}
}
