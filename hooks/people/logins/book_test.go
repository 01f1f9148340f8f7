package logins

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC)

func of(name string, tries int) count {
	return count{keyOf(name), pace{tries, 15 * time.Minute / time.Duration(tries)}}
}

// spend takes so many tries and tells how many there were.
func spend(b *book, now time.Time, n int, counts ...count) (had int) {
	for range n {
		if _, wait, _ := b.take(now, counts); wait == 0 {
			had++
		}
	}
	return had
}

// TestTriesComeBack one by one, and Retry-After is true.
func TestTriesComeBack(t *testing.T) {
	b := newBook(0)
	if had := spend(b, noon, 15, of("a", 10)); had != 10 {
		t.Fatalf("%d tries", had)
	}
	_, wait, first := b.take(noon, []count{of("a", 10)})
	if wait != 90*time.Second || first {
		t.Errorf("wait %v, first %v", wait, first)
	}
	if had := spend(b, noon.Add(wait), 3, of("a", 10)); had != 1 {
		t.Errorf("after the wait there were %d", had)
	}
}

// TestATryGivenBackIsNone, also when it took its time, and beside others that count.
func TestATryGivenBackIsNone(t *testing.T) {
	b := newBook(0)
	for i := range 100 {
		one, wait, _ := b.take(noon.Add(time.Duration(i)*time.Millisecond), []count{of("a", 2), of("b", 2)})
		if wait > 0 {
			t.Fatalf("try %d has to wait %v", i, wait)
		}
		one.giveBack()
	}
	slow, _, _ := b.take(noon, []count{of("a", 2)})
	if had := spend(b, noon.Add(time.Second), 2, of("a", 2)); had != 1 {
		t.Errorf("beside one in flight there were %d", had)
	}
	slow.giveBack() // but for the second in which another had its try
	if had := spend(b, noon.Add(3*time.Second), 2, of("a", 2)); had != 1 {
		t.Errorf("after it was given back there were %d", had)
	}
}

// TestARefusedTryCostsNothing of the counts that had some left.
func TestARefusedTryCostsNothing(t *testing.T) {
	b := newBook(0)
	spend(b, noon, 2, of("narrow", 2), of("wide", 3))
	if had := spend(b, noon, 50, of("narrow", 2), of("wide", 3)); had != 0 {
		t.Errorf("%d too many", had)
	}
	if had := spend(b, noon, 5, of("wide", 3)); had != 1 {
		t.Errorf("the wide one has %d left", had)
	}
}

// TestNobodyWipesWhatCountsAgainstAnother by filling the book with invented names.
func TestNobodyWipesWhatCountsAgainstAnother(t *testing.T) {
	b := newBook(200)
	spend(b, noon, 10, of("target", 10))
	for i := range 5000 {
		spend(b, noon, 1+i%3, of(fmt.Sprint("invented ", i), 10))
		if len(b.rows) > 200 {
			t.Fatalf("%d rows", len(b.rows))
		}
	}
	if had := spend(b, noon, 1, of("target", 10)); had != 0 {
		t.Error("the target can be tried again")
	}
	b = newBook(200)
	spend(b, noon, 10, of("target", 10))
	for i := range 1000 { // each as used up as the target
		spend(b, noon, 10, of(fmt.Sprint("invented ", i), 10))
	}
	if had := spend(b, noon, 1, of("target", 10)); had != 0 {
		t.Error("the target can be tried again after a flood of used up names")
	}
}

// TestASettingHoldsAtOnce for what is already counted.
func TestASettingHoldsAtOnce(t *testing.T) {
	b := newBook(0)
	spend(b, noon, 3, of("a", 10))
	if had := spend(b, noon, 10, of("a", 2)); had > 2 {
		t.Errorf("%d tries with a limit of 2", had)
	}
}

// TestTheWaitIsEnough to the nanosecond's rounding, from any state.
func TestTheWaitIsEnough(t *testing.T) {
	for tries := 1; tries < 60; tries++ {
		b := newBook(0)
		spend(b, noon, tries, of("a", tries))
		at := noon.Add(17 * time.Second)
		for range 5 {
			_, wait, _ := b.take(at, []count{of("a", tries)})
			if wait == 0 {
				continue // one had come back
			}
			if at = at.Add(wait.Truncate(time.Second) + time.Second); spend(b, at, 1, of("a", tries)) != 1 {
				t.Fatalf("%d tries: nothing after %v", tries, wait)
			}
		}
	}
}
