package powercut_test

import (
	"fmt"
	"testing"

	"satchel/internal/effort"
	"satchel/internal/store"
)

// TestRolledBackServerIsGivenItsWritesBack runs on synchronous=NORMAL, with
// which a power cut takes acknowledged pushes back: the server is older than the
// phone believes. After a sync all that was acknowledged is there again, once,
// and the phone holds what the server has.
func TestRolledBackServerIsGivenItsWritesBack(t *testing.T) {
	lost := 0
	for seed := uint64(1); seed <= uint64(effort.Times(1, 12)); seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newWorld(t, seed, store.Normal)
			w.checkpoint() // the phone's registration stays
			for range 2 {
				w.pushUntilCut()
				w.cut()
				w.intact()
				lost += w.lost()
				if seed%2 == 0 { // the phone goes on working before it notices
					w.enter()
				}
				w.sync()
				w.settled()
			}
		})
	}
	if lost == 0 {
		t.Error("no push was lost: nothing was tested")
	}
}
