package analysis

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// read gives the company as it is at one moment: inside a transaction as it sees it,
// else as it is committed, while others write on.
func (s *Service) read(ctx context.Context, app core.App, fn func(reading) error) error {
	from := reading{app: app, db: app.ConcurrentDB(), now: s.cfg.Now()}
	if pool, is := from.db.(*dbx.DB); is {
		tx, err := pool.WithContext(ctx).Begin()
		if err != nil {
			return fmt.Errorf("begin to read: %w", err)
		}
		defer tx.Rollback() //nolint:errcheck // nothing was written
		from.db = tx
	}
	var err error
	if from.facts, from.seq, err = s.store.view(ctx, from.db, !app.IsTransactional()); err != nil {
		return err
	}
	return fn(from)
}

// catchUp is how often the columns are brought up to date if nobody asks.
const catchUp = time.Hour

// build has the columns built beside the requests once the server is there; who asks
// before they are waits for them.
func (s *Service) build(app core.App) {
	s.builder.Bind(app, "analysisColumns", 1, func(ctx context.Context, app core.App) (found bool) {
		err := s.read(ctx, app, func(reading) error { return nil })
		if err != nil && ctx.Err() == nil {
			app.Logger().Warn("Failed to build the columns of figures", "error", err)
		}
		return false
	})
}
