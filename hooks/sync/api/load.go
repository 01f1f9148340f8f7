package api

import (
	"context"
	"errors"
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
	pullsAtWork  = 8
	pullsWaiting = 1024
	pushesTaken  = 512
	comeAgain    = 2 // seconds, and as many again by chance of the caller's jitter
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

// overloaded asks the phone to come again.
func overloaded(e *core.RequestEvent) error {
	e.Response.Header().Set("Retry-After", strconv.Itoa(comeAgain))
	return answer(http.StatusServiceUnavailable, "overloaded", nil)
}
