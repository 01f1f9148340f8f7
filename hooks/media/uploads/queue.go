package uploads

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

const (
	// idle is how often workers look without being told: for rows whose time has
	// come, and for those that no request of this process put into the queue.
	idle = 5 * time.Second

	firstRetry = 5 * time.Second
	lastRetry  = 10 * time.Minute
)

// queue says what of the rows that are received is at work or must wait.
type queue struct {
	*gate.Worker
	mu    sync.Mutex
	busy  map[records.BlobID]bool
	later map[records.BlobID]retry
	freed *sync.Cond // a row is no longer busy
}

type retry struct {
	tries int
	at    time.Time
}

func newQueue() queue {
	return queue{Worker: gate.NewWorker(idle), busy: map[records.BlobID]bool{}, later: map[records.BlobID]retry{}}
}

// bindQueue starts the workers with the server.
func (s *Service) bindQueue(app core.App) {
	s.queue.freed = sync.NewCond(&s.queue.mu)
	if s.cfg.Manual {
		return
	}
	s.queue.Bind(app, "uploadQueue", s.cfg.Workers, s.next)
}

// next develops the oldest row that is due, if there is one.
func (s *Service) next(ctx context.Context, app core.App) (found bool) {
	id, err := s.take(app)
	if err != nil {
		app.Logger().Error("failed to read the queue of uploads", "error", err)
	}
	if id == "" {
		return false
	}
	s.queue.Nudge() // another line takes the one behind it
	s.attempt(ctx, app, id)
	return true
}

// Work develops all that is due, and returns when nothing of it is at work any
// more. What must be tried again later stays in the queue.
func (s *Service) Work(ctx context.Context, app core.App) error {
	for {
		id, err := s.take(app)
		if err != nil {
			return err
		}
		if id != "" {
			s.attempt(ctx, app, id)
			continue
		}
		s.queue.mu.Lock()
		waited := len(s.queue.busy) > 0
		for len(s.queue.busy) > 0 {
			s.queue.freed.Wait()
		}
		s.queue.mu.Unlock()
		if !waited {
			return nil
		}
	}
}

// take claims the oldest row that is due; none if there is nothing to do.
func (s *Service) take(app core.App) (records.BlobID, error) {
	q := &s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	var ids []records.BlobID
	err := app.ConcurrentDB().NewQuery("SELECT id FROM blobs WHERE state = 'received' ORDER BY received_at, id LIMIT {:n}").
		Bind(dbx.Params{"n": len(q.busy) + len(q.later) + 1}).Column(&ids)
	if err != nil {
		return "", fmt.Errorf("read queue: %w", err)
	}
	now := s.cfg.Now()
	for _, id := range ids {
		if !q.busy[id] && !now.Before(q.later[id].at) {
			q.busy[id] = true
			return id, nil
		}
	}
	return "", nil
}

// attempt develops one row and gives the claim back.
func (s *Service) attempt(ctx context.Context, app core.App, id records.BlobID) {
	err := s.develop(ctx, app, id)
	q := &s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.busy, id)
	q.freed.Broadcast()
	if err == nil {
		delete(q.later, id)
		return
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return // the server ends; the row waits
	}
	tries := q.later[id].tries
	wait := min(lastRetry, firstRetry<<min(tries, 10))
	q.later[id] = retry{tries: tries + 1, at: s.cfg.Now().Add(wait)}
	app.Logger().Error("failed to develop an upload, it is tried again", "blob", id, "tries", tries+1, "wait", wait.String(), "error", err)
}
