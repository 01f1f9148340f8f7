package filters

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/internal/store"
)

const (
	patience = 10 * time.Second // that a read waits for its turn
	waitMost = 60               // reads of a user that wait
	tryAgain = "2"              // seconds
)

// lines let each user have only so many reads at work; the next wait for their
// turn. A page that loads ten lists at once notices nothing. The zero value is ready.
type lines struct {
	mu sync.Mutex
	of map[string]*line
}

type line struct {
	open    int
	waiting []chan struct{} // closed when their turn has come
}

// enter waits for a place. Not ok if too many wait already, or ctx is done first.
func (l *lines) enter(ctx context.Context, who string, most int) (ok bool) {
	l.mu.Lock()
	if l.of == nil {
		l.of = map[string]*line{}
	}
	at := l.of[who]
	if at == nil {
		at = &line{}
		l.of[who] = at
	}
	if at.open < most {
		at.open++
		l.mu.Unlock()
		return true
	}
	if len(at.waiting) >= waitMost {
		l.mu.Unlock()
		return false
	}
	turn := make(chan struct{})
	at.waiting = append(at.waiting, turn)
	l.mu.Unlock()
	select {
	case <-turn:
		return true
	case <-ctx.Done():
		return !l.give(at, turn)
	}
}

// give takes somebody out of the line; not so if his turn has come.
func (l *lines) give(at *line, turn chan struct{}) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, w := range at.waiting {
		if w == turn {
			at.waiting = append(at.waiting[:i], at.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// leave hands the place on to who waits the longest.
func (l *lines) leave(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.of[who]
	if len(at.waiting) > 0 {
		close(at.waiting[0])
		at.waiting = at.waiting[1:]
		return
	}
	if at.open--; at.open == 0 {
		delete(l.of, who)
	}
}

// inTurn carries a read out when its user has a place.
func (s *Service) inTurn(e *core.RequestEvent, fn func() error) error {
	most, err := gate.SettingsNow(e.App).FilterAtOncePerUser()
	if err != nil {
		return err
	}
	who := "address " + gate.Network(e.RealIP())
	if e.Auth != nil {
		who = e.Auth.Id
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), patience)
	defer cancel()
	if !s.lines.enter(ctx, who, most) {
		e.Response.Header().Set("Retry-After", tryAgain)
		return gate.Answer(http.StatusTooManyRequests, domain.Problem{Code: "filter.at_once", Params: map[string]any{"limit": most}}, nil)
	}
	defer s.lines.leave(who)
	return fn()
}

// whole carries out the rest of a request that reads, within its bounds. PocketBase leaves
// out of an answer what it could not expand; an answer that lacks something for want of
// time, or by a fault, is refused instead.
func whole(e *core.RequestEvent, within func(app core.App, ctx context.Context, fn func() error) (cut, err error)) error {
	out := e.Response
	late := &latecomer{ResponseWriter: out}
	cut, err := within(e.App, e.Request.Context(), func() error {
		e.Response = late
		defer func() { e.Response = out }()
		return e.Next()
	})
	if cut != nil && !late.wrote {
		return cut
	}
	return err
}

// latecomer lets no answer begin after rows were cut or broke off.
type latecomer struct {
	http.ResponseWriter
	wrote bool
}

var errLate = errors.New("the answer lacks what could not be read")

func (l *latecomer) Unwrap() http.ResponseWriter { return l.ResponseWriter }

func (l *latecomer) WriteHeader(status int) {
	if !l.late() {
		l.wrote = true
		l.ResponseWriter.WriteHeader(status)
	}
}

func (l *latecomer) Write(b []byte) (int, error) {
	if l.late() {
		return 0, errLate
	}
	l.wrote = true
	return l.ResponseWriter.Write(b)
}

func (l *latecomer) late() bool { return !l.wrote && store.Cut() }
