package filters

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

// TestLines: no more are at work than may be, all others come in their turn, and
// nothing is left.
func TestLines(t *testing.T) {
	var l lines
	var open, high atomic.Int64
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			if !l.enter(t.Context(), "chen", 4) {
				t.Error("one is refused")
				return
			}
			if n := open.Add(1); n > 4 {
				high.Store(n)
			}
			if !l.enter(t.Context(), "ma", 50) {
				t.Error("another's is refused")
			} else {
				l.leave("ma")
			}
			open.Add(-1)
			l.leave("chen")
		})
	}
	wait.Wait()
	if high.Load() > 0 || len(l.of) > 0 {
		t.Errorf("%d at once; left: %v", high.Load(), l.of)
	}
}

// TestALineHasAnEnd: who is not patient leaves it, and it is not longer than it may be.
func TestALineHasAnEnd(t *testing.T) {
	var l lines
	l.enter(t.Context(), "chen", 1)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if l.enter(gone, "chen", 1) {
			t.Error("nobody left and one more is in")
		}
	}
	ctx, over := context.WithCancel(t.Context())
	defer over()
	var wait sync.WaitGroup
	var in atomic.Int64
	for range waitMost + 5 {
		wait.Go(func() {
			if l.enter(ctx, "chen", 1) {
				in.Add(1)
			} else {
				over() // there was no room, or it is over
			}
		})
	}
	wait.Wait()
	l.leave("chen")
	if in.Load() > 0 || len(l.of) > 0 {
		t.Errorf("%d came in; left: %v", in.Load(), l.of)
	}
}
