package invoices

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

const (
	// idle is how often the worker looks without being told.
	idle = 10 * time.Second

	// maxTries is how often the reading of a paper may be begun: a server that
	// died of one would die of it again.
	maxTries = 3

	firstRetry = 10 * time.Second
)

// queue says which of the rows that wait must wait longer.
type queue struct {
	*gate.Worker
	one   sync.Mutex // one paper at a time
	later map[records.InvoiceID]time.Time
}

func newQueue() queue {
	return queue{Worker: gate.NewWorker(idle), later: map[records.InvoiceID]time.Time{}}
}

// bindQueue starts the worker with the server.
func (s *Service) bindQueue(app core.App) {
	if s.cfg.Manual {
		return
	}
	s.queue.Bind(app, "paperQueue", 1, func(ctx context.Context, app core.App) bool {
		if err := s.Work(ctx, app); err != nil && !errors.Is(err, context.Canceled) {
			app.Logger().Error("failed to read papers", "error", err)
		}
		return false
	})
}

// Work reads all papers that wait and whose time has come. Those that could not
// be read for no fault of their own wait on.
func (s *Service) Work(ctx context.Context, app core.App) error {
	s.queue.one.Lock()
	defer s.queue.one.Unlock()
	for ctx.Err() == nil {
		id, err := s.next(app)
		if err != nil || id == "" {
			return err
		}
		if err := s.read(ctx, app, id); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.queue.later[id] = s.cfg.Now().Add(firstRetry)
			app.Logger().Error("failed to read a paper, it is tried again", "invoice", id, "error", err)
			continue
		}
		delete(s.queue.later, id)
	}
	return ctx.Err()
}

// next finds the oldest row that waits and is due; it notes that its reading
// begins, so that one which ends the process is not begun for ever.
func (s *Service) next(app core.App) (records.InvoiceID, error) {
	var ids []records.InvoiceID
	err := app.ConcurrentDB().NewQuery("SELECT id FROM invoices WHERE paper_state = 'pending' ORDER BY created, id LIMIT {:n}").
		Bind(dbx.Params{"n": len(s.queue.later) + 1}).Column(&ids)
	if err != nil {
		return "", fmt.Errorf("read the queue of papers: %w", err)
	}
	now := s.cfg.Now()
	for _, id := range ids {
		if now.Before(s.queue.later[id]) {
			continue
		}
		_, err := app.NonconcurrentDB().NewQuery("UPDATE invoices SET paper_tries = paper_tries + 1 WHERE id = {:id}").Bind(dbx.Params{"id": id}).Execute()
		if err != nil {
			return "", fmt.Errorf("begin to read a paper: %w", err)
		}
		return id, nil
	}
	return "", nil
}

// conclude writes what the reading of a paper came to, unless the row no longer waits.
func (s *Service) conclude(ctx context.Context, app core.App, id records.InvoiceID, write func(txApp core.App, row records.Invoice) error) error {
	return app.RunInTransaction(func(txApp core.App) error {
		row, err := records.Invoices.Require(txApp, id)
		if err != nil {
			return err
		}
		if row.PaperState() != expense.PaperPending {
			return nil
		}
		if err := write(txApp, row); err != nil {
			return err
		}
		return txApp.SaveWithContext(gate.AsServer(context.WithoutCancel(ctx)), row.Raw())
	})
}
