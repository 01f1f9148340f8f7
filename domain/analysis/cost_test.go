package analysis

import (
	"math/rand/v2"
	"testing"
)

func TestCosts(t *testing.T) {
	costs := []Cost{{"2026-02-01", 500}, {"2026-03-01", 700}}
	got := Recost([]Moved{
		{Seq: 1, Happened: "2026-01-31", Base: 2000},                           // before anybody knew
		{Seq: 2, Happened: "2026-02-28", Base: 2000, Uncosted: 1},              // known by now
		{Seq: 3, Happened: "2026-03-01", Base: 1500, Fen: 1050},                // as it was
		{Seq: 4, Happened: "2026-03-05", Base: -5500, Back: true, Uncosted: 1}, // all of it
	}, costs)
	want := []Recosted{{1, 0, 1}, {2, 1000, -1}, {4, -2050, 0}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

// TestReturnsTakeAllBack: in any number of parts, between deliveries at any costs,
// all that came back costs what was delivered; counted twice, nothing changes.
func TestReturnsTakeAllBack(t *testing.T) {
	for seed := range uint64(500) {
		dice := rand.New(rand.NewPCG(seed, 1))
		costs := []Cost{{"", int64(dice.IntN(MaxCostFen))}, {"2026-02-01", int64(dice.IntN(1000))}}
		var moved []Moved
		var out int64
		move := func(base int64) {
			out += base
			moved = append(moved, Moved{Seq: int64(len(moved) + 1), Base: base, Back: base < 0, Happened: []string{"2026-01-05", "2026-02-05"}[dice.IntN(2)]})
		}
		for range 1 + dice.IntN(3) {
			move(1 + dice.Int64N(1_000_000_000))
		}
		for out > 0 {
			move(-1 - dice.Int64N(min(out, 1+out*2/3)))
		}
		var sum int64
		for _, r := range Recost(moved, costs) {
			sum += r.Fen
			moved[r.Seq-1].Fen += r.Fen
			moved[r.Seq-1].Uncosted += r.Uncosted
		}
		if sum != 0 {
			t.Fatalf("seed %d: %d fen are left of %+v", seed, sum, moved)
		}
		if again := Recost(moved, costs); len(again) > 0 {
			t.Fatalf("seed %d: not settled: %+v", seed, again)
		}
	}
}

func TestCostsDoNotOverflow(t *testing.T) {
	if got := costOf(1_000_000_000_000, MaxCostFen); got != 1_000_000_000_000_000_000 {
		t.Error(got)
	}
	if got := costOf(1500, 333); got != 500 {
		t.Error(got)
	}
	if got := reached(1_000_000_000_000_000_000, 1, 1_000_000_000_000); got != 1_000_000 {
		t.Error(got)
	}
}
