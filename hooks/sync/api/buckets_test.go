package api

import (
	"fmt"
	"testing"
	"time"
)

// TestBucketsAreBounded: those full again go first, and a device that is over
// its rate is not forgotten while there are such.
func TestBucketsAreBounded(t *testing.T) {
	l := limits{most: 100}
	now := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	p := pace{rate: 1, burst: 2}
	for i := range 50 {
		l.take(limitPull, fmt.Sprint("idle", i), p, now)
	}
	now = now.Add(time.Minute)
	for range 3 {
		l.take(limitPull, "hasty", p, now)
	}
	for i := range 60 {
		l.take(limitPull, fmt.Sprint("new", i), p, now)
	}
	if wait := l.take(limitPull, "hasty", p, now); wait == 0 {
		t.Error("a device over its rate was forgotten")
	}
	for i := range 1000 {
		l.take(limitPull, fmt.Sprint("flood", i), p, now)
		if len(l.buckets) > l.most {
			t.Fatalf("%d buckets", len(l.buckets))
		}
	}
}
