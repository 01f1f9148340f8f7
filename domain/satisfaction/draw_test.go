package satisfaction_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"satchel/domain/satisfaction"
)

var usual = satisfaction.Plan{Size: 10, KeyBp: 6_000, AskedN: 2}

// randomFrame has up to so many accounts of all tiers, with up to six contacts each.
func randomFrame(dice *rand.Rand, accounts int) (out []satisfaction.Candidate) {
	for a := range dice.IntN(accounts + 1) {
		tier := []string{"A", "B", "C", ""}[dice.IntN(4)]
		for c := range 1 + dice.IntN(6) {
			out = append(out, satisfaction.Candidate{Contact: fmt.Sprintf("c%dx%d", a, c), Account: fmt.Sprint("a", a), Tier: tier, Asked: dice.IntN(3)})
		}
	}
	return out
}

// keyShare counts the A and B accounts, and the contacts of theirs, of a list.
func keyShare(all []satisfaction.Candidate) (accounts, contacts int) {
	seen := map[string]bool{}
	for _, c := range all {
		if c.Tier == "A" || c.Tier == "B" {
			seen[c.Account] = true
			contacts++
		}
	}
	return len(seen), contacts
}

// policy: R6.5 H-APR-2
//
// TestTheSampleCoversKeyAccounts over random frames: it is the same in whatever order the
// frame comes, asks nobody twice or more often than he may be asked, and asks at least 60 %
// of the A and B accounts; of its contacts so many are theirs, as far as there are any.
func TestTheSampleCoversKeyAccounts(t *testing.T) {
	for seed := range 3000 {
		dice := rand.New(rand.NewPCG(uint64(seed), 1))
		frame := randomFrame(dice, 12)
		plan := satisfaction.Plan{Size: 1 + dice.IntN(20), KeyBp: 6_000 + dice.IntN(4_001), AskedN: 1 + dice.IntN(3)}
		picks := satisfaction.Draw(frame, seed, "somebody", plan)
		dice.Shuffle(len(frame), func(i, j int) { frame[i], frame[j] = frame[j], frame[i] })
		if again := satisfaction.Draw(frame, seed, "somebody", plan); !reflect.DeepEqual(picks, again) {
			t.Fatalf("seed %d: %v, then %v", seed, picks, again)
		}
		can := slices.DeleteFunc(slices.Clone(frame), func(c satisfaction.Candidate) bool { return c.Asked >= plan.AskedN })
		all, theirs := keyShare(can)
		asked, mine := keyShare(picks)
		if asked*10_000 < all*plan.KeyBp {
			t.Fatalf("seed %d: %d of %d key accounts", seed, asked, all)
		}
		if mine < theirs && mine*10_000 < len(picks)*plan.KeyBp {
			t.Fatalf("seed %d: %d of %d contacts are of key accounts, and there are %d", seed, mine, len(picks), theirs)
		}
		if others := len(can) - theirs; len(picks) < min(plan.Size, theirs) || len(picks) < min(plan.Size, len(can))-others {
			t.Fatalf("seed %d: %d picks of %d", seed, len(picks), len(can))
		}
		seen := map[string]bool{}
		for _, p := range picks {
			if seen[p.Contact] || p.Asked >= plan.AskedN {
				t.Fatalf("seed %d: %+v is asked too often", seed, p)
			}
			seen[p.Contact] = true
		}
	}
}

// TestTiersWeigh: an A contact is drawn three times as often as a C contact, and no place
// in the list or in the alphabet is better than another.
func TestTiersWeigh(t *testing.T) {
	const seeds = 4000
	var frame []satisfaction.Candidate
	for i, tier := range []string{"C", "C", "A", "C", "B", "C"} {
		frame = append(frame, satisfaction.Candidate{Contact: fmt.Sprint("c", i), Account: fmt.Sprint("a", i), Tier: tier})
	}
	drawn := map[string]int{}
	for seed := range seeds {
		for _, p := range satisfaction.Draw(frame, seed, "somebody", satisfaction.Plan{Size: 1, AskedN: 1}) {
			drawn[p.Contact]++
		}
	}
	for i, weight := range []float64{1, 1, 3, 1, 2, 1} {
		share := weight / 9
		off := math.Abs(float64(drawn[fmt.Sprint("c", i)])-seeds*share) / math.Sqrt(seeds*share*(1-share))
		if off > 4.5 {
			t.Errorf("c%d is off by %.1f deviations: %v", i, off, drawn)
		}
	}
}

// TestTheFrameDecidesToo: who makes up ids knows neither seed nor what others add.
func TestTheFrameDecidesToo(t *testing.T) {
	frame := randomFrame(rand.New(rand.NewPCG(7, 7)), 40)
	for i := range frame {
		frame[i].Asked = 0
	}
	first, changed := satisfaction.Draw(frame, 1, "somebody", usual), 0
	for i := range 20 {
		more := append(slices.Clone(frame), satisfaction.Candidate{Contact: fmt.Sprint("new", i), Account: "new", Tier: "C"})
		if !reflect.DeepEqual(first, satisfaction.Draw(more, 1, "somebody", usual)) {
			changed++
		}
	}
	if changed < 18 || reflect.DeepEqual(first, satisfaction.Draw(frame, 2, "somebody", usual)) || reflect.DeepEqual(first, satisfaction.Draw(frame, 1, "another", usual)) {
		t.Errorf("the sample changed %d times of 20", changed)
	}
}
