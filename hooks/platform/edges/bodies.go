package edges

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

const (
	everybody = "everybody"
	guests    = "guests"

	// kept is how much of a body PocketBase keeps in memory for who reads it again;
	// the rest goes to a temporary file.
	kept = 2 << 20

	// silence is how long a body may bring no byte; each byte starts the time anew,
	// so a slow line takes as long as it needs. A stranger's is short.
	silence      = time.Minute
	guestSilence = 15 * time.Second
	// linger is how long a line stays open after an answer, for what is on its way.
	linger = 2 * time.Second
	// comeAgain is when who gave way tries again, in seconds.
	comeAgain = 2
)

// Limits of bodies and lines; what is zero has the usual value. Bytes of memory.
type Limits struct {
	All, User, Guests, Network int64
	Silence, GuestSilence      time.Duration
	Waiting                    int // lines without a request at work
}

func (l Limits) orUsual() Limits {
	return Limits{
		All: cmp.Or(l.All, bodiesMost), User: cmp.Or(l.User, userMost), Guests: cmp.Or(l.Guests, guestsMost), Network: cmp.Or(l.Network, netMost),
		Waiting: cmp.Or(l.Waiting, waitingMost),
		Silence: cmp.Or(l.Silence, silence), GuestSilence: cmp.Or(l.GuestSilence, guestSilence),
	}
}

// Why a body was read no further.
var (
	errGaveWay = errors.New("the body gave way to others")
	errStalled = errors.New("the body brought nothing for too long")
	errTooMuch = errors.New("the body is larger than a stranger's may be")
)

// incomingKey is where a request keeps its body, as it comes.
const incomingKey = "incomingBody"

// receive takes the body off the line for whoever reads it, and closes the line where
// it was not read to its end: who is still sending need not be waited for. It stands
// before all others, who may refuse the request.
func (s *Service) receive(e *core.RequestEvent) error {
	r := e.Request
	if r.ContentLength == 0 {
		return e.Next()
	}
	b := &incoming{budget: s.budget, line: http.NewResponseController(e.Response), silence: s.cfg.Limits.Silence}
	b.share.cut = b.giveWay
	b.wrap(r)
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions: // it means nothing there
		r.Body, r.ContentLength = http.NoBody, 0
		e.Response.Header().Set("Connection", "close")
	default:
		e.Set(incomingKey, b)
	}
	err := e.Next()
	if !b.whole && !b.passed {
		if !e.Written() {
			e.Response.Header().Set("Connection", "close")
		}
		wait(b.line, linger)
	}
	return err
}

// weigh asks who comes before a byte of the body is read, and lets it be read
// within his budget. It stands before every reader of bodies, PocketBase's and ours.
func (s *Service) weigh(e *core.RequestEvent) error {
	b, ok := e.Get(incomingKey).(*incoming)
	if !ok {
		return e.Next()
	}
	if e.Auth == nil && s.cfg.Planted != syncer.PlantBudgetFirst {
		if !forGuests[e.Request.Pattern] {
			return gate.Fail(http.StatusUnauthorized, "auth_required", nil)
		}
		if b.most = guestBody; e.Request.ContentLength > b.most {
			return b.answer(e, errTooMuch)
		}
	}
	if !s.budget.open(&b.share, s.boundsOf(e, b)...) {
		return b.answer(e, errGaveWay)
	}
	defer s.budget.close(&b.share)
	err := e.Next()
	if b.why != nil && !e.Written() { // whatever the reader made of it
		return b.answer(e, b.why)
	}
	return err
}

// boundsOf finds whose the body is, and what it counts to.
func (s *Service) boundsOf(e *core.RequestEvent, b *incoming) []bound {
	limits := s.cfg.Limits
	all := bound{everybody, limits.All}
	switch {
	case s.cfg.Planted == syncer.PlantBudgetFirst: // nobody knows who takes what from whom
		b.share.cut = nil
		return []bound{all}
	case e.Auth == nil:
		b.silence = limits.GuestSilence
		return []bound{{"network " + gate.Network(e.RealIP()), limits.Network}, {guests, limits.Guests}, all}
	}
	session := gate.SessionOf(e)
	b.share.whose = gate.Ended{User: e.Auth.Id, Device: cmp.Or(session.Device, session.ID)}
	return []bound{{e.Auth.Collection().Name + "/" + e.Auth.Id, limits.User}, all}
}

// wait gives a line so long to bring what the server reads of it.
func wait(line *http.ResponseController, d time.Duration) {
	_ = line.SetReadDeadline(time.Now().Add(d)) //nolint:forbidigo // a socket's deadline is real time; a recorder has none
}

// incoming is a body as it comes from the line. One goroutine reads it.
type incoming struct {
	io.ReadCloser
	budget  *budget
	share   share
	line    *http.ResponseController
	silence time.Duration
	most    int64 // bytes; 0 for no bound but its route's
	whole   bool
	passed  bool // to a reader with bounds of its own
	why     error

	mu    sync.Mutex
	ended bool // it gave way
}

// wrap puts it below PocketBase's reader, which keeps a copy: what is read again
// comes from there.
func (b *incoming) wrap(r *http.Request) {
	copies, ok := r.Body.(*router.RereadableReadCloser)
	if !ok {
		b.ReadCloser, r.Body = r.Body, b
		return
	}
	b.ReadCloser, copies.ReadCloser, copies.MaxMemory = copies.ReadCloser, b, kept
}

// Read implements io.Reader.
func (b *incoming) Read(p []byte) (int, error) {
	if b.why != nil {
		return 0, b.why
	}
	if !b.listen() {
		b.why = errGaveWay
		return 0, b.why
	}
	n, err := b.ReadCloser.Read(p)
	switch {
	case n > 0 && !b.budget.grow(&b.share, n), b.gaveWay():
		b.why = errGaveWay
	case b.most > 0 && b.share.came > b.most:
		b.why = errTooMuch
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.why = errStalled
	case errors.Is(err, io.EOF):
		b.whole = true
		b.budget.whole(&b.share)
	}
	if b.why != nil {
		return 0, b.why
	}
	return n, err
}

// listen lets the line bring its next byte, unless the body gave way.
func (b *incoming) listen() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ended {
		wait(b.line, b.silence)
	}
	return !b.ended
}

func (b *incoming) giveWay() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	wait(b.line, 0)
}

func (b *incoming) gaveWay() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ended
}

// Stream hands the body to a reader that keeps nothing of it, see gate.Streamed.
func (b *incoming) Stream() io.ReadCloser {
	b.passed = true
	b.budget.close(&b.share)
	return b.ReadCloser
}

// Close implements io.Closer. The server closes its own: that waits for the rest
// of the body, and comes after the answer.
func (b *incoming) Close() error { return nil }

// answer says why a body was read no further.
func (b *incoming) answer(e *core.RequestEvent, why error) error {
	switch {
	case errors.Is(why, errTooMuch):
		return gate.Fail(http.StatusRequestEntityTooLarge, "body_too_large", map[string]any{"limit": b.most})
	case errors.Is(why, errStalled):
		return gate.Fail(http.StatusRequestTimeout, "body_stalled", nil)
	}
	e.Response.Header().Set("Retry-After", strconv.Itoa(comeAgain))
	return gate.Fail(http.StatusServiceUnavailable, "overloaded", nil)
}
