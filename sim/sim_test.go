package sim

import (
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"satchel/internal/effort"
	"satchel/syncer"
)

var (
	oneSeed   = flag.Uint64("seed", 0, "replay one history")
	histories = flag.Int("n", effort.Times(4, 80), "how many histories")
)

const steps = 60

// TestHistories plays random histories; a failing seed is printed with what
// happened in it, and -seed replays it.
func TestHistories(t *testing.T) {
	if *oneSeed != 0 {
		if err := history(t, *oneSeed, syncer.PlantNone); err != nil {
			t.Fatalf("seed %d: %v", *oneSeed, err)
		}
		return
	}
	t.Logf("seeds 1 to %d", *histories)
	var next atomic.Uint64
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for {
				seed := next.Add(1)
				if seed > uint64(*histories) || t.Failed() {
					return
				}
				t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
					if err := history(t, seed, syncer.PlantNone); err != nil {
						t.Errorf("seed %d: %v", seed, err)
					}
				})
			}
		})
	}
	group.Wait()
}

// TestPlantedFaultsAreCaught: a fault that the histories do not notice is a
// fault of the histories.
func TestPlantedFaultsAreCaught(t *testing.T) {
	effort.Late(t)
	const within = 25
	for _, fault := range []syncer.Planted{syncer.PlantTimestampCursor, syncer.PlantLeaveDropped, syncer.PlantDuplicateApply, syncer.PlantSpoolKept} {
		t.Run(string(fault), func(t *testing.T) {
			for seed := uint64(1); seed <= within; seed++ {
				var err error
				t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { err = history(t, seed, fault) })
				if err != nil {
					t.Logf("caught by seed %d", seed)
					return
				}
			}
			t.Errorf("not caught within %d histories", within)
		})
	}
}

// history plays one history and returns what went wrong.
func history(t *testing.T, seed uint64, planted syncer.Planted) error {
	return attempt(func() {
		w := newWorld(t, seed, planted)
		w.play(steps)
		w.check()
	})
}
