package numbers

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/numbers"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// ownBlock is how many numbers the server takes for itself at a time.
const ownBlock = 1000

// series is the one in which blocks are given now.
func series(tx core.App) (string, error) {
	life, err := syncer.Life(tx.DB())
	return numbers.Series(life), err
}

// open begins the block of a series that follows all others.
func (s *Service) open(tx core.App, kind, series string, size int) (lease records.NumberLease, err error) {
	var last int
	err = tx.DB().NewQuery("SELECT COALESCE(MAX(last), 0) FROM number_leases WHERE kind = {:kind} AND series = {:series}").
		Bind(dbx.Params{"kind": kind, "series": series}).Row(&last)
	if err != nil {
		return lease, fmt.Errorf("find the last block of %s: %w", series, err)
	}
	if lease, err = records.NumberLeases.New(tx); err != nil {
		return lease, err
	}
	lease.SetKind(kind)
	lease.SetSeries(series)
	lease.SetFirst(last + 1)
	lease.SetNext(last + 1)
	lease.SetLast(last + size)
	lease.SetState(numbers.Active)
	lease.SetGivenAt(s.cfg.Now())
	return lease, nil
}

// Draw takes the next number of the server's own block, in the transaction of
// what is to bear it. A block of before a restore is not gone on with: the lost
// history may have used more of it.
func (s *Service) Draw(ctx context.Context, tx core.App, kind string) (string, error) {
	now, err := series(tx)
	if err != nil {
		return "", err
	}
	own, err := records.NumberLeases.All(tx, "kind = {:kind} AND device = '' AND state = 'active'", dbx.Params{"kind": kind}, "first")
	if err != nil {
		return "", err
	}
	var lease records.NumberLease
	found := false
	for _, l := range own {
		switch {
		case l.Series() == now && l.Next() <= l.Last():
			lease, found = l, true
		case l.Series() != now || l.Next() > l.Last():
			if err := end(ctx, tx, l, numbers.Returned, s.cfg.Now()); err != nil {
				return "", err
			}
		}
	}
	if !found {
		if lease, err = s.open(tx, kind, now, ownBlock); err != nil {
			return "", err
		}
	}
	no := numbers.Number{Kind: kind, Series: now, N: int64(lease.Next())}
	lease.SetNext(lease.Next() + 1)
	return no.String(), save(ctx, tx, lease)
}

// containing finds the lease that a number is of.
func containing(tx core.App, no numbers.Number) (lease records.NumberLease, found bool, err error) {
	lease, found, err = records.NumberLeases.First(tx, "kind = {:kind} AND series = {:series} AND first <= {:n}",
		dbx.Params{"kind": no.Kind, "series": no.Series, "n": no.N}, "first DESC")
	return lease, found && int64(lease.Last()) >= no.N, err
}

// end closes a lease.
func end(ctx context.Context, tx core.App, lease records.NumberLease, state records.NumberLeaseState, at time.Time) error {
	lease.SetState(state)
	lease.SetEndedAt(at)
	return save(ctx, tx, lease)
}

func save(ctx context.Context, tx core.App, lease records.NumberLease) error {
	if err := tx.SaveWithContext(gate.AsServer(ctx), lease.Raw()); err != nil {
		return fmt.Errorf("save a lease of numbers: %w", err)
	}
	return nil
}
