package gate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
)

// hall notes by name which of its places gave way.
type hall struct {
	gate.Places
	gone []string
	open map[string]*gate.Place
}

func (h *hall) enter(name string, shares ...gate.Share) bool {
	if h.open == nil {
		h.open = map[string]*gate.Place{}
	}
	place, ok := h.Open(func() { h.gone = append(h.gone, name); delete(h.open, name) }, shares...)
	if ok {
		h.open[name] = place
	}
	return ok
}

func (h *hall) left(t *testing.T, names ...string) {
	t.Helper()
	if !slices.Equal(h.gone, names) {
		t.Errorf("%v gave way, not %v", h.gone, names)
	}
	h.gone = nil
}

func of(holder string, most int) gate.Share { return gate.Share{Of: holder, Most: most} }

// TestTheOneIdleLongestGivesWay, of each holder by himself; one that stays does not.
func TestTheOneIdleLongestGivesWay(t *testing.T) {
	var h hall
	for _, name := range []string{"a", "b", "c"} {
		h.enter(name, of("chen", 3))
		h.enter("ma's "+name, of("ma", 9))
	}
	h.open["a"].Touch()
	h.enter("d", of("chen", 3))
	h.left(t, "b")
	h.open["c"].Stay()
	h.enter("e", of("chen", 3))
	h.left(t, "a")
	h.open["d"].Stay()
	h.open["e"].Stay()
	if h.enter("f", of("chen", 3)) {
		t.Error("three stay and a fourth is let in")
	}
	h.open["d"].Close()
	h.open["d"].Close()
	if !h.enter("f", of("chen", 3)) {
		t.Error("there is room again and nobody is let in")
	}
	h.left(t)
	h.enter("g", of("chen", 1)) // the bound was lowered: c and e stay, so even f's leaving is not enough
	h.left(t)
	if open, holders := h.Count(); open != 6 || holders != 2 {
		t.Errorf("%d places of %d", open, holders)
	}
}

// TestAPlaceCountsToAllItsShares: to a phone and to its user.
func TestAPlaceCountsToAllItsShares(t *testing.T) {
	var h hall
	for i, phone := range []string{"one", "one", "two", "one", "two", "three"} {
		h.enter(fmt.Sprint(i), of(phone, 2), of("chen", 4))
	}
	h.left(t, "0", "1") // the phone's third, and the user's fifth
	if open, holders := h.Count(); open != 4 || holders != 4 {
		t.Errorf("%d places of %d", open, holders)
	}
}

// TestTheWholeIsSharedOut: who holds most gives way, to nobody who would hold as many.
func TestTheWholeIsSharedOut(t *testing.T) {
	h := hall{Places: gate.Places{Most: 6}}
	for i := range 6 {
		h.enter(fmt.Sprint("chen ", i), of("chen", 9))
	}
	for i := range 3 {
		h.enter(fmt.Sprint("ma ", i), of("ma", 9))
	}
	h.left(t, "chen 0", "chen 1", "chen 2")
	h.enter("ma 3", of("ma", 9)) // three and three: his own
	h.left(t, "ma 0")
	for i := range 4 {
		h.enter(fmt.Sprint("other ", i), of(fmt.Sprint("other ", i), 9))
	}
	if len(h.gone) != 4 {
		t.Errorf("%v gave way", h.gone)
	}
	if h.gone = nil; h.enter("late", of("late", 9)) {
		t.Error("all hold one and somebody gave way all the same")
	}
	h.left(t)
}

// TestWhoDoesNotGiveWay is not ended, and nothing else is for a newcomer who is refused.
func TestWhoDoesNotGiveWay(t *testing.T) {
	var p gate.Places
	first, ok := p.Open(nil, of("import chen", 1))
	if _, second := p.Open(nil, of("import chen", 1)); !ok || second {
		t.Errorf("the first %v, the second %v", ok, second)
	}
	if _, other := p.Open(nil, of("import ma", 1)); !other {
		t.Error("another is refused")
	}
	first.Close()
	if _, again := p.Open(nil, of("import chen", 1)); !again {
		t.Error("there is room and nobody is let in")
	}
}

// TestPlacesInARace: never more than the bounds are open, and nothing is left.
func TestPlacesInARace(t *testing.T) {
	p := gate.Places{Most: 20}
	var all, chen atomic.Int64
	var wait sync.WaitGroup
	for worker := range 16 {
		dice := rand.New(rand.NewPCG(7, uint64(worker)))
		wait.Go(func() {
			for range effort.Times(300, 5000) {
				name := []string{"chen", "ma", "wu", "li"}[dice.IntN(4)]
				var once sync.Once
				out := func() {
					once.Do(func() {
						all.Add(-1)
						if name == "chen" {
							chen.Add(-1)
						}
					})
				}
				place, ok := p.Open(out, of(name, 8))
				if !ok {
					continue
				}
				all.Add(1)
				if name == "chen" {
					chen.Add(1)
				}
				if open, holders := p.Count(); open > 20 || holders > 4 {
					t.Errorf("%d places of %d are open", open, holders)
				}
				if dice.IntN(2) == 0 {
					place.Touch()
				}
				if dice.IntN(8) == 0 {
					place.Stay()
				}
				place.Close()
				out()
			}
		})
	}
	wait.Wait()
	if open, holders := p.Count(); open != 0 || holders != 0 || all.Load() != 0 || chen.Load() != 0 {
		t.Errorf("%d places of %d are left; %d and %d count as not ended", open, holders, all.Load(), chen.Load())
	}
}
