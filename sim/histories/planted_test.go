package histories

import (
	"slices"
	"testing"

	"satchel/internal/effort"
	"satchel/syncer"
)

// TestPlantedFaultsAreCaught: a fault that the histories do not notice is a
// fault of the histories. The number is how many may pass before one fails.
func TestPlantedFaultsAreCaught(t *testing.T) {
	effort.Late(t)
	for _, c := range []struct {
		fault  syncer.Planted
		within uint64
	}{
		{syncer.PlantTimestampCursor, 20},
		{syncer.PlantLeaveDropped, 20},
		{syncer.PlantHalfSeen, 20},
		{syncer.PlantSeqReused, 20},
		{syncer.PlantDuplicateApply, 20},
		{PlantHighWaterFirst, 20},
		{PlantOverlayEarly, 20},
		{syncer.PlantHiddenField, 20},
		{syncer.PlantZombie, 20},
		{syncer.PlantOwnConflict, 20},
		{syncer.PlantFloorTooHigh, 200},
		{syncer.PlantUnreadableStops, 50},
		{syncer.PlantIDPoisoned, 200},
		{syncer.PlantGroupAgain, 200},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			t.Parallel()
			s := &server{}
			if !slices.ContainsFunc(stories(t), func(file string) bool { return Play(s, parse(story(t, file)), c.fault) != nil }) {
				t.Error("no story tells of it")
			}
			for seed := uint64(1); seed <= c.within; seed++ {
				script := generate(seed)
				if err := Play(s, script, c.fault); err != nil {
					short := shrink(script, func(c2 []step) bool { return Play(s, c2, c.fault) != nil })
					t.Logf("caught by history %d, which shrinks to %d steps: %v\n%s", seed, len(short), err, render(short))
					return
				}
			}
			t.Errorf("not caught within %d histories", c.within)
		})
	}
}
