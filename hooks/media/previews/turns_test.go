package previews

import (
	"context"
	"runtime"
	"testing"
)

// TestWhoAsksForManyWaitsForHimself: with one at work and more of his waiting, another's
// is next.
func TestWhoAsksForManyWaitsForHimself(t *testing.T) {
	all := &turns{all: make(chan struct{}, 1), of: map[string]*queue{}}
	leave, err := all.enter(t.Context(), "many")
	if err != nil {
		t.Fatal(err)
	}
	next := make(chan string, 6)
	ask := func(holder string) {
		leave, err := all.enter(t.Context(), holder)
		if err != nil {
			t.Error(err)
			return
		}
		next <- holder
		leave()
	}
	waits := func(holder string, n int) {
		for {
			all.mu.Lock()
			q := all.of[holder]
			there := q != nil && q.size >= n && (holder == "many" || len(q.first) == 1)
			all.mu.Unlock()
			if there {
				return
			}
			runtime.Gosched()
		}
	}
	for range 5 {
		go ask("many")
	}
	waits("many", 6)
	go ask("one")
	waits("one", 1)
	leave()
	order := []string{<-next, <-next}
	if order[0] != "one" && order[1] != "one" {
		t.Errorf("first %v", order)
	}
	for range 4 {
		<-next
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	last, err := all.enter(t.Context(), "many")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := all.enter(gone, "one"); err == nil {
		t.Error("who went away has a turn")
	}
	last()
	if len(all.of) != 0 {
		t.Errorf("%d lines are kept of nobody", len(all.of))
	}
}
