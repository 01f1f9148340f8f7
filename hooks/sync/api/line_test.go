package api

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"satchel/syncer"
)

// heard is a line that notes what is said, or fails.
type heard struct {
	said []string
	over bool
	err  error
}

func (h *heard) say(m message) error {
	h.said = append(h.said, string(m.plain))
	return h.err
}
func (h *heard) close() { h.over = true }

func testStreams() *streams {
	now := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	return &streams{
		now: func() time.Time { return now }, head: func() int64 { return 7 }, hub: syncer.NewHub(),
		wake: make(chan struct{}, 1), open: map[*stream]struct{}{},
	}
}

// TestWhatAPhoneWasToldBeforeItsGreetingIsNotLost: it may write as soon as it
// reads the greeting, and the stream may be entered after that.
func TestWhatAPhoneWasToldBeforeItsGreetingIsNotLost(t *testing.T) {
	k := testStreams()
	st := k.stream("chen", "a", caps{8, 24})
	k.hub.Tell([]string{"chen"})
	k.hub.Flush()
	k.write(nil)
	l := &heard{}
	k.add(st, l)
	k.write(nil)
	if len(l.said) != 1 || l.said[0] != string(pokeOf(7).plain) {
		t.Errorf("the phone hears %q", l.said)
	}
	late := k.stream("chen", "b", caps{8, 24})
	k.hub.Drop("chen", "b")
	gone := &heard{}
	k.add(late, gone)
	k.write(nil)
	if !gone.over || l.over || k.hub.Listeners() != 1 {
		t.Errorf("revoked before it was greeted: ended %v, its neighbour %v, %d listen", gone.over, l.over, k.hub.Listeners())
	}
}

// TestABrokenLineIsForgotten, and the others are poked all the same.
func TestABrokenLineIsForgotten(t *testing.T) {
	k := testStreams()
	lines := []*heard{{}, {err: errors.New("broken")}, {}}
	for _, l := range lines {
		k.add(k.stream("chen", "a", caps{8, 24}), l)
	}
	for range 2 {
		k.hub.Tell([]string{"chen"})
		k.hub.Flush()
		k.write(nil)
	}
	for i, want := range []int{2, 1, 2} {
		if len(lines[i].said) != want || lines[i].over != (lines[i].err != nil) {
			t.Errorf("line %d: %+v", i, lines[i])
		}
	}
	if len(k.open) != 2 || k.hub.Listeners() != 2 {
		t.Errorf("%d are open, %d listen", len(k.open), k.hub.Listeners())
	}
}

// TestAFullLineHoldsUpNobody: a phone that does not read is given up, not waited for.
func TestAFullLineHoldsUpNobody(t *testing.T) {
	here, there := net.Pipe()
	defer there.Close()
	if err := (taken{here}).say(stillHere); err == nil {
		t.Error("nobody reads and nothing is noticed")
	}
	taken{here}.close()
	if _, err := there.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the line is open: %v", err)
	}
	h := &held{next: make(chan []byte, 1), over: make(chan struct{})}
	for range 3 {
		if err := h.say(stillHere); err != nil {
			t.Error(err)
		}
	}
}

// late is a socket whose first deadlines are over before its writes begin.
type late struct {
	net.Conn
	times   int
	written string
}

func (l *late) SetWriteDeadline(time.Time) error { return nil }

func (l *late) Write(b []byte) (int, error) {
	if l.times--; l.times >= 0 {
		return 0, os.ErrDeadlineExceeded
	}
	l.written += string(b)
	return len(b), nil
}

// TestALateTurnLosesNoStream: a poke is said though the processor was elsewhere for longer
// than a line may hold up the others; a socket that takes nothing is given up.
func TestALateTurnLosesNoStream(t *testing.T) {
	l := &late{times: 1}
	if err := (taken{l}).say(goodbye); err != nil || l.written != string(goodbye.chunk) {
		t.Errorf("%q, %v", l.written, err)
	}
	l = &late{times: 9}
	if err := (taken{l}).say(goodbye); err == nil || l.times != 7 {
		t.Errorf("%v after %d writes", err, 9-l.times)
	}
}
