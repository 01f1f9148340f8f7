package uploads

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

const (
	// inFlightMost is how many requests of all may bring bytes at once, most of them slowly.
	inFlightMost = 256
	busyWait     = 5 * time.Second
)

var errGaveWay = errors.New("the request gave its place to a newer one")

// turn is a request's place among those that bring bytes. Above the number of its
// user the one that brought no byte for the longest gives way, and when all places
// are taken that of the user who holds most: its body ends, what came stays.
type turn struct {
	place *gate.Place

	mu   sync.Mutex
	over bool    // it gave way
	body *answer // ends the body; nil until it is read
}

// turn takes a place for a request of the user who asks.
func (s *Service) turn(e *core.RequestEvent) (*turn, error) {
	most, err := gate.SettingsNow(e.App).UploadInFlightPerUser()
	if err != nil {
		return nil, err
	}
	t := &turn{}
	end, share := t.giveWay, gate.Share{Of: e.Auth.Id, Most: most}
	if s.cfg.Planted == syncer.PlantUploadPlaces {
		end, share = nil, gate.Share{Most: inFlightMost}
	}
	place, ok := s.places.Open(end, share)
	if !ok { // all of them work on what they brought
		retryAfter(e, busyWait)
		return nil, refuse(http.StatusServiceUnavailable, codeBusy)
	}
	t.place = place
	s.turns.enter(t, gate.Ended{User: e.Auth.Id, Device: gate.SessionOf(e).Device})
	return t, nil
}

// Ways are the requests that bring bytes of a session that was good when they began.
func (s *Service) Ways() []gate.Way { return []gate.Way{{Name: "uploads", End: s.turns.end}} }

// turns are all that are under way, with whose they are.
type turns struct {
	mu  sync.Mutex
	all map[*turn]gate.Ended
}

func (k *turns) enter(t *turn, whose gate.Ended) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = map[*turn]gate.Ended{}
	}
	k.all[t] = whose
}

func (k *turns) leave(t *turn) {
	if t == nil {
		return
	}
	k.mu.Lock()
	delete(k.all, t)
	k.mu.Unlock()
	t.place.Close()
}

// end cuts the bodies of a session that is over; what came of them stays.
func (k *turns) end(who gate.Ended) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for t, whose := range k.all {
		if whose.User == who.User && (who.Device == "" || whose.Device == who.Device) {
			t.giveWay()
		}
	}
}

func (t *turn) giveWay() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	if t.body != nil {
		//nolint:forbidigo // a socket's deadline is real time
		_ = t.body.SetReadDeadline(time.Now()) // if it fails the next byte ends it
	}
}

// reads tells what ends the body from here on.
func (t *turn) reads(w *answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.body = w
}

func (t *turn) gaveWay() bool {
	if t == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.over
}

// brought notes bytes of the body, and its end: who only works on them does not give way.
func (t *turn) brought(n int, whole bool) {
	switch {
	case t == nil:
	case whole:
		t.place.Stay()
	case n > 0:
		t.place.Touch()
	}
}

// yielded answers a request that gave way.
func yielded(e *core.RequestEvent) error {
	retryAfter(e, busyWait)
	return refuse(http.StatusTooManyRequests, codeGaveWay)
}
