package analysis

import (
	"context"
	"fmt"

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
