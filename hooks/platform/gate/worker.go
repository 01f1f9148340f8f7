package gate

import (
	"context"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Worker does what waits in a table, beside the requests. The rows are the queue
// and outlive the process; the worker begins with the server and has ended before it.
type Worker struct {
	idle time.Duration
	wake chan struct{}
	stop context.CancelFunc
	work sync.WaitGroup
}

// NewWorker returns one that looks for work when it is nudged, and at least
// whenever idle is over.
func NewWorker(idle time.Duration) *Worker {
	return &Worker{idle: idle, wake: make(chan struct{}, 1)}
}

// Nudge wakes a line of the worker that has nothing to do.
func (w *Worker) Nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Bind starts lines of the worker with the server. Each calls next, which reports
// whether it found something, until there is nothing to find or ctx is cancelled.
func (w *Worker) Bind(app core.App, name string, lines int, next func(ctx context.Context, app core.App) (found bool)) {
	app.OnServe().Bind(Named(name+"Start", func(e *core.ServeEvent) error {
		if w.stop == nil {
			ctx, stop := context.WithCancel(context.Background())
			w.stop = stop
			for range lines {
				w.work.Go(func() { w.run(ctx, e.App, next) })
			}
		}
		return e.Next()
	}))
	app.OnTerminate().Bind(Named(name+"Stop", func(e *core.TerminateEvent) error {
		if w.stop != nil {
			w.stop()
			w.work.Wait()
			w.stop = nil
		}
		return e.Next()
	}))
}

func (w *Worker) run(ctx context.Context, app core.App, next func(context.Context, core.App) bool) {
	again := time.NewTicker(w.idle)
	defer again.Stop()
	for ctx.Err() == nil {
		if next(ctx, app) {
			continue
		}
		select {
		case <-ctx.Done():
		case <-w.wake:
		case <-again.C:
		}
	}
}
