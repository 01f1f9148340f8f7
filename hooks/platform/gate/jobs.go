package gate

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Job is work of the clock. Run does what is due at a given time; it may be
// called at any time and as often as one likes. It ends early, and what it did is
// whole, when ctx is cancelled.
type Job struct {
	Name     string
	Schedule string // cron expression, UTC
	Run      func(ctx context.Context, app core.App, now time.Time) error
	Overlaps bool // it may begin while it is at work, and sees to that itself
}

// jobsEnd is how long a server that stops waits for the jobs at work.
const jobsEnd = 10 * time.Second

// Clock runs jobs, each at most once at a time unless it says otherwise.
type Clock struct {
	now  func() time.Time
	ctx  context.Context
	stop context.CancelFunc

	mu      sync.Mutex
	atWork  map[string]int
	skipped map[string]int64
	ended   sync.WaitGroup
}

// Schedule puts the jobs on the app's clock. Before the app ends those at work are
// cancelled and waited for.
func Schedule(app core.App, cfg Config, jobs []Job) *Clock {
	c := &Clock{now: cfg.Now, atWork: map[string]int{}, skipped: map[string]int64{}}
	c.ctx, c.stop = context.WithCancel(context.Background())
	for _, j := range jobs {
		app.Cron().MustAdd(j.Name, j.Schedule, func() { c.run(app, j) })
	}
	app.OnTerminate().Bind(Named("jobsStop", func(e *core.TerminateEvent) error {
		c.end(app)
		return e.Next()
	}))
	return c
}

// Skipped counts, by job, how often one was due while it was still at work.
func (c *Clock) Skipped() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.skipped)
}

func (c *Clock) run(app core.App, j Job) {
	if overlaps, begun := c.begin(j); !begun {
		if overlaps {
			app.Logger().Warn("Skipped a job that is still at work", "job", j.Name)
		}
		return
	}
	defer c.done(j.Name)
	err := j.Run(c.ctx, app, c.now())
	switch {
	case err == nil:
	case c.ctx.Err() != nil && errors.Is(err, context.Canceled):
		app.Logger().Info("Stopped a job", "job", j.Name)
	default:
		app.Logger().Error("Failed to run a job", "job", j.Name, "error", err)
	}
}

// begin lets a job begin unless it is at work, or the server stops.
func (c *Clock) begin(j Job) (overlaps, begun bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ctx.Err() != nil:
		return false, false
	case c.atWork[j.Name] > 0 && !j.Overlaps:
		c.skipped[j.Name]++
		return true, false
	}
	c.atWork[j.Name]++
	c.ended.Add(1)
	return false, true
}

func (c *Clock) done(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.atWork[name]--; c.atWork[name] == 0 {
		delete(c.atWork, name)
	}
	c.ended.Done()
}

// end cancels the jobs at work and waits for them, but not for ever.
func (c *Clock) end(app core.App) {
	c.mu.Lock()
	c.stop()
	c.mu.Unlock()
	all := make(chan struct{})
	go func() {
		c.ended.Wait()
		close(all)
	}()
	select {
	case <-all:
	case <-time.After(jobsEnd):
		c.mu.Lock()
		defer c.mu.Unlock()
		for name := range c.atWork {
			app.Logger().Warn("Left a job at work", "job", name)
		}
	}
}
