package syncapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"
)

// Requests at work and waiting. A push waits for the one writer anyway; a pull
// holds a snapshot until its answer is whole, and its place as long as it holds
// much memory. Beyond these numbers a phone is told to come
// again before memory grows.
const (
	pushBytesRead = 64 << 20 // of bodies of pushes that are being read or carried out
	pullsAtWork   = 8
	pullsWaiting  = 1024
	pushesTaken   = 512
	comeAgain     = 2 // seconds, and as many again by chance of the caller's jitter
)

var errBusy = errors.New("too many requests at once")

// queue lets a few in at a time and a bounded number wait.
type queue struct {
	room    chan struct{}
	waiting atomic.Int64
	limit   int64
}

func newQueue(atWork, waiting int) *queue {
	return &queue{room: make(chan struct{}, atWork), limit: int64(waiting)}
}

// enter waits for room; free gives it back. errBusy if too many wait already.
func (q *queue) enter(ctx context.Context) (free func(), err error) {
	if q.waiting.Add(1) > q.limit+int64(cap(q.room)) {
		q.waiting.Add(-1)
		return nil, errBusy
	}
	free = func() { <-q.room; q.waiting.Add(-1) }
	select {
	case q.room <- struct{}{}:
		return free, nil
	default:
	}
	select {
	case q.room <- struct{}{}:
		return free, nil
	case <-ctx.Done():
		q.waiting.Add(-1)
		return nil, ctx.Err()
	}
}

// inHand counts the bytes of request bodies in memory.
type inHand struct{ bytes atomic.Int64 }

// weighed is a body whose bytes count from when they are read until it is closed.
type weighed struct {
	io.ReadCloser
	all  *inHand
	mine int64
}

func (h *inHand) weigh(body io.ReadCloser) *weighed { return &weighed{ReadCloser: body, all: h} }

// Read implements io.Reader; errBusy if too much is in hand already.
func (w *weighed) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	w.mine += int64(n)
	if w.all.bytes.Add(int64(n)) > pushBytesRead {
		return n, errBusy
	}
	return n, err
}

// release gives back what was read.
func (w *weighed) release() { w.all.bytes.Add(-w.mine); w.mine = 0 }

// overloaded asks the phone to come again.
func overloaded(e *core.RequestEvent) error {
	e.Response.Header().Set("Retry-After", strconv.Itoa(comeAgain))
	return answer(http.StatusServiceUnavailable, "overloaded", nil)
}
