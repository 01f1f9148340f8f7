package powercut_test

import (
	"flag"
	"fmt"
	"testing"

	"satchel/internal/effort"
	"satchel/internal/store"
)

var oneSeed = flag.Uint64("powercut.seed", 0, "replay one history")

const (
	cuts  = 14  // in each history
	reach = 250 // steps of the disk within which the power fails; a push takes 70 to 100
)

// TestAcknowledgedSurvivesPowerCut cuts the power at random moments of pushes
// and between them, more than 200 times: the server comes up again, whole, with
// every acknowledged push, and of the one under way with all or nothing.
func TestAcknowledgedSurvivesPowerCut(t *testing.T) {
	first, last := uint64(1), uint64(effort.Times(1, 16))
	if *oneSeed != 0 {
		first, last = *oneSeed, *oneSeed
	}
	for seed := first; seed <= last; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed, store.Full)
			during := 0
			for range cuts {
				if w.pushUntilCut() {
					during++
				}
				w.cut()
				w.intact()
				if n := w.lost(); n > 0 {
					t.Fatalf("of %d acknowledged pushes %d are lost", len(w.acked), n)
				}
				more := w.total() - w.promised()
				switch w.held(w.pending) {
				case 0:
					if more != 0 {
						t.Fatalf("the order counts %d more than the contacts say", more)
					}
				case len(w.pending.contacts):
					if more != w.pending.sum {
						t.Fatalf("the order counts %d more, the contacts are all there and say %d", more, w.pending.sum)
					}
				default:
					t.Fatalf("half a push is there: %d of %d contacts", w.held(w.pending), len(w.pending.contacts))
				}
				w.sync()
			}
			w.settled()
			t.Logf("%d of %d cuts fell into a push, %d pushes were acknowledged", during, cuts, len(w.acked))
		})
	}
}

// pushUntilCut pushes a few times, until the power fails. It reports whether that
// was in the middle of a push.
func (w *world) pushUntilCut() bool {
	w.disk.CutIn(1 + w.rng.IntN(reach))
	for range 1 + w.rng.IntN(4) {
		w.enter()
		if !w.push() {
			return true
		}
	}
	return false
}

// TestNormalLosesWhatFullKeeps is the test of the test above: with
// synchronous=NORMAL the same cuts do lose acknowledged pushes.
func TestNormalLosesWhatFullKeeps(t *testing.T) {
	lost := 0
	for seed := uint64(1); seed <= uint64(effort.Times(3, 8)); seed++ {
		w := newWorld(t, seed, store.Normal)
		w.pushUntilCut()
		w.cut()
		w.intact() // older, but never damaged
		lost += w.lost()
	}
	t.Logf("%d acknowledged pushes were lost", lost)
	if lost == 0 {
		t.Error("NORMAL lost nothing: the disk drops no writes")
	}
}
