package api

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

const longPollMost = 60 * time.Second

// poke tells a phone when there is something to pull: as server-sent events, or
// with ?wait=seconds as one answer.
func (s *Service) poke(e *core.RequestEvent) error {
	device, err := s.cfg.Sessions.Device(e, e.Request.URL.Query().Get("device"))
	if err != nil {
		return err
	}
	id := string(device.ID())
	if err := s.spend(e, limitPoke, id); err != nil {
		return err
	}
	most, err := streamCaps(e.App)
	if err != nil {
		return err
	}
	if wait := e.Request.URL.Query().Get("wait"); wait != "" {
		return s.longPoll(e, id, wait, most)
	}
	st := s.streams.stream(e.Auth.Id, id, most) // before the phone may believe that it hears
	if err := s.cfg.Sessions.Still(e); err != nil {
		s.streams.leave(st)
		return err
	}
	mine, err := greet(e)
	if err != nil {
		s.streams.leave(st)
		return nil //nolint:nilerr // the phone is gone; a lost poke costs only latency
	}
	if mine != nil {
		s.streams.add(st, mine)
		return nil
	}
	return s.hold(e, st)
}

// greet begins the answer and takes its connection out of the server's hands:
// without the request, its goroutines and buffers an idle phone costs little.
// The line is nil where a connection is not one client's stream alone: HTTP/2.
func greet(e *core.RequestEvent) (line, error) {
	h := e.Response.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	takes := e.Request.Method == http.MethodGet && e.Request.ProtoMajor == 1 && e.Request.ProtoMinor == 1
	if takes {
		h.Set("Connection", "close") // nothing follows the stream on it
	}
	if err := writeOut(e, greeting.plain); err != nil || !takes {
		return nil, err
	}
	conn, _, err := http.NewResponseController(e.Response).Hijack()
	if err != nil {
		return nil, nil //nolint:nilerr // the answer has begun; it goes on the plain way
	}
	return taken{conn}, nil
}

func writeOut(e *core.RequestEvent, text []byte) error {
	out := http.NewResponseController(e.Response)
	//nolint:forbidigo // a socket's deadline is real time; a recorder in a test has none
	_ = out.SetWriteDeadline(time.Now().Add(2 * heartbeat))
	if _, err := e.Response.Write(text); err != nil {
		return err
	}
	return out.Flush()
}

// hold writes to the stream from the request's own goroutine until either ends.
func (s *Service) hold(e *core.RequestEvent, st *stream) error {
	h := &held{next: make(chan []byte, 1), over: make(chan struct{})}
	s.streams.add(st, h)
	defer s.streams.forget(st)
	for {
		select {
		case <-e.Request.Context().Done():
			return nil
		case <-h.over:
			select {
			case text := <-h.next: // why it is over
				_ = writeOut(e, text) // it ends in any case
			default:
			}
			return nil
		case text := <-h.next:
			if err := writeOut(e, text); err != nil {
				return nil // the phone is gone
			}
		}
	}
}

// waiter is a long poll.
type waiter struct {
	device  string
	woken   chan struct{}
	gaveWay atomic.Bool
}

// Device implements syncer.Listener.
func (w *waiter) Device() string { return w.device }

// Wake implements syncer.Listener.
func (w *waiter) Wake() {
	select {
	case w.woken <- struct{}{}:
	default: // awake already
	}
}

// End implements syncer.Listener.
func (w *waiter) End() { w.Wake() }

func (w *waiter) giveWay() {
	w.gaveWay.Store(true)
	w.Wake()
}

func (s *Service) longPoll(e *core.RequestEvent, device, wait string, most caps) error {
	seconds, err := strconv.Atoi(wait)
	if err != nil || seconds < 1 {
		return answer(http.StatusBadRequest, "wait_invalid", nil)
	}
	w := &waiter{device: device, woken: make(chan struct{}, 1)}
	place, _ := s.streams.places.Open(w.giveWay, most.of(e.Auth.Id, device)...) // all give way
	defer place.Close()
	s.hub.Listen(e.Auth.Id, w)
	defer s.hub.Close(e.Auth.Id, w)
	over := time.NewTimer(min(time.Duration(seconds)*time.Second, longPollMost))
	defer over.Stop()
	select {
	case <-e.Request.Context().Done():
		return nil
	case <-over.C:
	case <-w.woken:
	}
	out := syncer.Poke{Seq: s.engine.Head()}
	if w.gaveWay.Load() {
		out.Bye = codeGaveWay
	}
	return e.JSON(http.StatusOK, out)
}
