package syncapi

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

const (
	heartbeat    = 25 * time.Second
	streamLife   = time.Hour // then the phone comes again, with a fresh check of who it is
	longPollMost = 60 * time.Second
)

// poke tells a phone when there is something to pull: as server-sent events, or
// with ?wait=seconds as one answer.
func (s *Service) poke(e *core.RequestEvent) error {
	device, err := s.Device(e, e.Request.URL.Query().Get("device"))
	if err != nil {
		return err
	}
	if err := s.spend(e, limitPoke, device.Id); err != nil {
		return err
	}
	listener := s.hub.Listen(e.Auth.Id, device.Id)
	defer s.hub.Close(listener)
	if wait := e.Request.URL.Query().Get("wait"); wait != "" {
		return s.longPoll(e, listener, wait)
	}

	out := http.NewResponseController(e.Response)
	h := e.Response.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	over := time.NewTimer(streamLife)
	defer over.Stop()
	if err := s.say(e, out, ": listening\n\n"); err != nil {
		return nil
	}
	for {
		line := ": still here\n\n"
		select {
		case <-e.Request.Context().Done():
			return nil
		case <-over.C:
			return nil
		case _, more := <-listener.Wake:
			if !more {
				return nil
			}
			line = fmt.Sprintf("data: {\"seq\":%d}\n\n", s.engine.Head())
		case <-beat.C:
		}
		if err := s.say(e, out, line); err != nil {
			return nil // the phone is gone; a lost poke costs only latency
		}
	}
}

func (s *Service) say(e *core.RequestEvent, out *http.ResponseController, line string) error {
	//nolint:forbidigo // a socket's deadline is real time; a recorder in a test has none
	_ = out.SetWriteDeadline(time.Now().Add(heartbeat))
	if _, err := e.Response.Write([]byte(line)); err != nil {
		return err
	}
	return out.Flush()
}

func (s *Service) longPoll(e *core.RequestEvent, listener *syncer.Listener, wait string) error {
	seconds, err := strconv.Atoi(wait)
	if err != nil || seconds < 1 {
		return answer(http.StatusBadRequest, "wait_invalid", nil)
	}
	over := time.NewTimer(min(time.Duration(seconds)*time.Second, longPollMost))
	defer over.Stop()
	select {
	case <-e.Request.Context().Done():
		return nil
	case <-over.C:
	case <-listener.Wake:
	}
	return e.JSON(http.StatusOK, syncer.Poke{Seq: s.engine.Head()})
}
