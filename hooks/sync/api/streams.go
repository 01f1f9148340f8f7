package api

import (
	"sync"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

const (
	heartbeat  = 25 * time.Second
	streamLife = time.Hour // then the phone comes again, with a fresh check of who it is
	// beatTick is how often the streams are looked through for heartbeats and for
	// those whose time is over.
	beatTick = time.Second
)

// Pokes of thousands of phones go in bunches with a pause between, and after them
// comes a rest by their number, at most a pokeTick: other work gets the processors
// in between, and not all phones pull at the same moment. Who is poked while
// changes go on hears of several at once.
const (
	bunch       = 500
	bunchPause  = 5 * time.Millisecond
	restPerPoke = 30 * time.Microsecond
)

// streams are the open poke streams. One goroutine writes to all of them, so that
// an idle phone costs a socket and no stack.
type streams struct {
	now   func() time.Time
	head  func() int64
	hub   *syncer.Hub
	wake  chan struct{} // has a value when there is work before the next tick
	round sync.Mutex    // held by who writes
	// places are those of streams and of long polls.
	places gate.Places

	mu     sync.Mutex
	open   map[*stream]struct{}
	due    []*stream // to be poked or ended
	looked time.Time // for heartbeats
	closed bool
}

// stream is one of them. The lock of all guards what follows the blank line.
type stream struct {
	all          *streams
	user, device string
	since        time.Time
	place        *gate.Place

	line         line      // nil until the phone is greeted
	beat         time.Time // of the last heartbeat
	woken, ended bool
	gaveWay      bool // to a newer one
	listed       bool // in due
}

func newStreams(s *Service) *streams {
	return &streams{now: s.cfg.Now, head: s.engine.Head, hub: s.hub, wake: make(chan struct{}, 1), open: map[*stream]struct{}{}}
}

// stream makes one that is told of what changes for the user. The newest has a
// place, if need be that of the oldest.
func (k *streams) stream(user, device string, most caps) *stream {
	now := k.now()
	st := &stream{all: k, user: user, device: device, since: now, beat: now}
	st.place, _ = k.places.Open(st.giveWay, most.of(user, device)...) // all give way
	k.hub.Listen(user, st)
	return st
}

// Device implements syncer.Listener.
func (st *stream) Device() string { return st.device }

// Wake implements syncer.Listener.
func (st *stream) Wake() {
	st.all.mu.Lock()
	defer st.all.mu.Unlock()
	st.woken = true
	st.all.list(st)
}

// End implements syncer.Listener.
func (st *stream) End() {
	st.all.mu.Lock()
	defer st.all.mu.Unlock()
	st.ended = true
	st.all.list(st)
}

// giveWay ends the stream with a word.
func (st *stream) giveWay() {
	st.all.mu.Lock()
	defer st.all.mu.Unlock()
	st.gaveWay, st.ended = true, true
	st.all.list(st)
}

// list puts a stream among those that are due if something is due to it. The
// caller holds mu.
func (k *streams) list(st *stream) {
	if st.line == nil || st.listed || !st.woken && !st.ended {
		return
	}
	st.listed = true
	k.due = append(k.due, st)
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// add opens the stream of a phone that was greeted. What it was told before is due.
func (k *streams) add(st *stream, l line) {
	if k.enter(st, l) {
		return
	}
	k.leave(st)
	l.close()
}

// enter refuses once the server stops.
func (k *streams) enter(st *stream, l line) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return false
	}
	st.line = l
	k.open[st] = struct{}{}
	k.list(st)
	return true
}

// leave lets a stream hear no more, and gives its place back; twice does no harm.
func (k *streams) leave(st *stream) {
	k.hub.Close(st.user, st)
	st.place.Close()
}

// forget closes a stream; twice does no harm.
func (k *streams) forget(st *stream) {
	k.leave(st)
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, open := k.open[st]; open {
		delete(k.open, st)
		st.line.close()
	}
}

// run writes until stop, then ends all streams.
func (k *streams) run(stop <-chan struct{}) {
	k.mu.Lock()
	k.closed = false
	k.mu.Unlock()
	tick := time.NewTicker(beatTick)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			k.mu.Lock()
			k.closed = true
			for st := range k.open {
				st.ended = true
				k.list(st)
			}
			k.mu.Unlock()
			k.write(nil)
			return
		case <-tick.C:
		case <-k.wake:
		}
		k.write(stop)
	}
}

// write says what is due to each stream: a poke, a heartbeat, or the end. It does
// not pause once stop is closed, or if it is nil.
func (k *streams) write(stop <-chan struct{}) {
	k.round.Lock()
	defer k.round.Unlock()
	due := k.take(k.now())
	// What changes from here on is due anew.
	poke := pokeOf(k.head())
	for _, part := range []struct {
		to   []*stream
		text message
		last bool
	}{{due.gone, goodbye, true}, {due.ends, farewell, true}, {due.pokes, poke, false}, {due.beats, stillHere, false}} {
		for i, st := range part.to {
			if err := st.line.say(part.text); err != nil || part.last {
				k.forget(st) // a lost poke costs only latency
			}
			if (i+1)%bunch == 0 {
				pause(stop, bunchPause)
			}
		}
	}
	pause(stop, min(time.Duration(len(due.pokes))*restPerPoke, pokeTick))
}

func pause(stop <-chan struct{}, d time.Duration) {
	if stop == nil || d < bunchPause {
		return
	}
	select {
	case <-stop:
	case <-time.After(d):
	}
}

// dues are the streams to which something is due. Those that are gone gave way.
type dues struct{ pokes, beats, ends, gone []*stream }

// take empties the list of what is due, and looks through all streams each beatTick.
func (k *streams) take(now time.Time) (due dues) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, st := range k.due {
		switch {
		case st.gaveWay:
			due.gone = append(due.gone, st)
		case st.ended:
			due.ends = append(due.ends, st)
		default:
			due.pokes = append(due.pokes, st)
		}
		st.listed, st.woken = false, false
	}
	k.due = nil
	if now.Sub(k.looked) < beatTick {
		return due
	}
	k.looked = now
	for st := range k.open {
		switch {
		case now.Sub(st.since) >= streamLife:
			due.ends = append(due.ends, st)
		case now.Sub(st.beat) >= heartbeat:
			st.beat = now
			due.beats = append(due.beats, st)
		}
	}
	return due
}
