package api

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

// batchPushes bounds how many pushes share one commit, and with it how long the
// first of them waits for the last.
const batchPushes = 64

// job is one push on the session of a transaction. A *syncer.Problem comes
// before it has written anything.
type job func(txApp core.App, session *syncer.Session) error

// waiting is a job with the channel that gets its outcome.
type waiting struct {
	run  job
	done chan error
}

// committer lets pushes that arrive while another commits share the next
// commit, and so its fsync. Nobody waits for company: the first to come goes at
// once and takes along who has come meanwhile.
type committer struct {
	service *Service
	most    int
	mu      sync.Mutex
	queue   []*waiting
	leading bool
}

// commit runs a job in a transaction and returns after its commit.
func (c *committer) commit(app core.App, run job) error {
	w := &waiting{run: run, done: make(chan error, 1)}
	c.mu.Lock()
	c.queue = append(c.queue, w)
	if !c.leading {
		c.leading = true
		go c.lead(app)
	}
	c.mu.Unlock()
	return <-w.done
}

// lead commits batch after batch until nobody waits.
func (c *committer) lead(app core.App) {
	for {
		c.mu.Lock()
		batch := slices.Clone(c.queue[:min(len(c.queue), c.most)])
		c.queue = c.queue[len(batch):]
		c.leading = len(batch) > 0
		c.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		c.together(app, batch)
	}
}

// together commits a batch at once or, if one of it cannot be, each alone.
func (c *committer) together(app core.App, batch []*waiting) {
	outcome := make([]error, len(batch))
	err := c.session(app, func(txApp core.App, session *syncer.Session) error {
		for i, w := range batch {
			outcome[i] = w.run(txApp, session)
			if _, before := errors.AsType[*syncer.Problem](outcome[i]); outcome[i] != nil && (!before || len(batch) == 1) {
				return outcome[i]
			}
		}
		return nil
	})
	for i, w := range batch {
		_, fell := errors.AsType[*syncer.DirtyError](outcome[i])
		switch {
		case err == nil:
			w.done <- outcome[i]
		case len(batch) == 1:
			w.done <- err
		case i == 0 && fell: // nothing of another push stood before it
			w.done <- outcome[i]
		default:
			w.done <- c.session(app, w.run)
		}
	}
}

// session runs a job; a panic is its error, for others wait behind it.
func (c *committer) session(app core.App, run job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a push panicked: %v", r)
		}
	}()
	return c.service.inSession(app, run)
}
