package syncer_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/effort"
	"satchel/syncer"
)

const ttl = 180 * 24 * time.Hour

// answer is a whole pull from a cursor as text, or why there is none.
func (y *toy) answer(r *replica) string {
	y.t.Helper()
	var out plainSink
	_, err := y.engine.Pull(y.db, syncer.Pull{User: r.user, Device: "d" + r.user, Schema: 1, Cursor: r.cursor, Keys: syncer.Keys{Seal: []byte("s")}, Now: y.now}, &out)
	if err != nil {
		return err.Error()
	}
	return out.String()
}

func (y *toy) session(fn func(s *syncer.Session) error) {
	y.t.Helper()
	var s *syncer.Session
	err := y.db.Transactional(func(tx *dbx.Tx) (err error) {
		if s, err = y.engine.Begin(tx, y.now); err != nil {
			return err
		}
		return fn(s)
	})
	if err != nil {
		y.t.Fatal(err)
	}
	s.Publish()
}

// compact raises the floor to the oldest device and cuts, a few rows at a time.
func (y *toy) compact() (floor int64) {
	y.t.Helper()
	y.session(func(s *syncer.Session) (err error) {
		floor, err = s.RaiseFloor(ttl, nil)
		return err
	})
	for more := true; more; {
		y.session(func(s *syncer.Session) (err error) {
			_, more, err = s.Cut(7)
			return err
		})
	}
	return floor
}

func (y *toy) seqOf(r *replica) int64 {
	y.t.Helper()
	c, err := syncer.DecodeCursor([]byte("s"), r.cursor, "d"+r.user)
	if err != nil {
		y.t.Fatal(err)
	}
	return c.Seq
}

// history plays random writes and keeps a cursor of every moment. One user in
// five pulls seldom, and so holds the floor down.
func (y *toy) history(rng *rand.Rand, steps int) (kept []*replica) {
	var live []*replica
	for u := range 5 {
		live = append(live, &replica{user: fmt.Sprintf("u%d", u), rows: map[string]string{}})
	}
	for range steps {
		for range rng.IntN(4) {
			y.step(rng)
		}
		y.fold()
		for i, r := range live {
			if i == 0 && rng.IntN(30) > 0 && r.cursor != "" {
				continue
			}
			y.pull(r)
			kept = append(kept, &replica{user: r.user, cursor: r.cursor})
		}
	}
	return kept
}

// comparePulls plays a history, compacts, and compares the answers to all kept
// cursors before and after. It returns the first difference and the numbers of
// cursors above and below the floor.
func (y *toy) comparePulls(rng *rand.Rand) (fault string, counts [2]int) {
	kept := y.history(rng, 120)
	// The floor is where the live phones stand: the answers are taken by an
	// engine of its own, which nobody's cursor is shown to.
	y.session(func(s *syncer.Session) error { return s.FlushHeld() })
	live := y.engine
	aside := &syncer.Engine{Load: live.Load}
	answers := func() (out []string) {
		y.engine = aside
		defer func() { y.engine = live }()
		for _, r := range kept {
			out = append(out, y.answer(r))
		}
		return out
	}
	before := answers()
	floor := y.compact()
	aside = &syncer.Engine{Load: live.Load}
	for i, after := range answers() {
		if y.seqOf(kept[i]) < floor {
			counts[1]++
			if !strings.Contains(after, `"reset":true`) {
				return fmt.Sprintf("a cursor below the floor %d got %s", floor, after), counts
			}
			continue
		}
		counts[0]++
		if after != before[i] {
			return fmt.Sprintf("%s from %d got\n%s\nand before the cut\n%s", kept[i].user, y.seqOf(kept[i]), after, before[i]), counts
		}
	}
	return "", counts
}

func TestPullsAboveTheFloorAreTheSameAfterCompaction(t *testing.T) {
	effort.Late(t)
	above, below := 0, 0
	for seed := uint64(1); seed <= 4; seed++ {
		y := newToy(t)
		fault, counts := y.comparePulls(rand.New(rand.NewPCG(seed, 3)))
		if above, below = above+counts[0], below+counts[1]; fault != "" {
			t.Errorf("seed %d: %s", seed, fault)
		}
	}
	if above < 100 || below < 100 {
		t.Errorf("%d cursors above and %d below the floor are too few to tell", above, below)
	}
}

func TestACutAboveTheFloorIsNoticed(t *testing.T) {
	effort.Late(t)
	y := newToy(t)
	y.engine.Planted = syncer.PlantFloorTooHigh
	if fault, _ := y.comparePulls(rand.New(rand.NewPCG(1, 3))); fault == "" {
		t.Error("nothing differs")
	}
}
