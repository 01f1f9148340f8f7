package files

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

const (
	whyRetention = "retention"
	whyRejected  = "rejected"

	retainBatch = 200

	// removedLately is how far back files of removed bytes are removed once more:
	// the server may have died between the row and its files.
	removedLately = 72 * time.Hour
)

// Retain removes the bytes that are past their purpose's time at now and under
// no hold. The rows stay, and say when and why. It returns how many went, and
// goes on after a failure.
func (s *Service) Retain(ctx context.Context, app core.App, now time.Time) (removed int, err error) {
	keep, failed := gate.SettingsNow(app).MediaKeepDays()
	if failed != nil {
		return 0, failed
	}
	err = removeAgain(app, now)
	for _, purpose := range slices.Sorted(maps.Keys(evidence.BlobPurposes)) {
		if days := evidence.BlobKeepDays(purpose, keep); days > 0 {
			n, failed := retain(ctx, app, now, days, whyRetention,
				"purpose = {:purpose} AND state IN ('stored', 'durable') AND stored_at <> '' AND stored_at < {:cut}", dbx.Params{"purpose": purpose})
			removed += n
			err = errors.Join(err, failed)
		}
	}
	if days := evidence.BlobKeepDays(evidence.BlobOfRejected, keep); days > 0 {
		n, failed := retain(ctx, app, now, days, whyRejected,
			"state = 'rejected' AND original <> '' AND received_at <> '' AND received_at < {:cut}", dbx.Params{})
		removed += n
		err = errors.Join(err, failed)
	}
	return removed, err
}

func retain(ctx context.Context, app core.App, now time.Time, days int, why records.BlobBytesRemovedWhy, where string, bind dbx.Params) (removed int, err error) {
	bind["cut"] = now.AddDate(0, 0, -days).UTC().Format(types.DefaultDateLayout)
	bind["n"] = retainBatch
	for last := records.BlobID(""); ctx.Err() == nil; {
		bind["last"] = last
		var ids []records.BlobID
		failed := app.ConcurrentDB().NewQuery("SELECT id FROM blobs WHERE id > {:last} AND hold = FALSE AND bytes_removed_at = '' AND " + where +
			" ORDER BY id LIMIT {:n}").Bind(bind).Column(&ids)
		if failed != nil {
			return removed, errors.Join(err, fmt.Errorf("find what is past its time: %w", failed))
		}
		for _, id := range ids {
			done, failed := remove(ctx, app, id, why, now)
			if done {
				removed++
			}
			err = errors.Join(err, failed)
			last = id
		}
		if len(ids) < retainBatch {
			break
		}
	}
	return removed, err
}

// remove takes the bytes of one row away, unless it is held by now. PocketBase
// removes the files once the row is committed.
func remove(ctx context.Context, app core.App, id records.BlobID, why records.BlobBytesRemovedWhy, now time.Time) (done bool, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		row, found, err := records.Blobs.Find(tx, id)
		if err != nil || !found || row.Hold() || !row.BytesRemovedAt().IsZero() {
			return err
		}
		strip(row, why, now)
		done = true
		return tx.SaveWithContext(gate.AsServer(ctx), row.Raw())
	})
	if err != nil {
		return false, fmt.Errorf("remove the bytes of %s: %w", id, err)
	}
	return done, nil
}

// removeAgain removes the files of rows whose bytes went lately.
func removeAgain(app core.App, now time.Time) error {
	coll, err := app.FindCachedCollectionByNameOrId(records.BlobTable)
	if err != nil {
		return err
	}
	var ids []string
	err = app.ConcurrentDB().NewQuery("SELECT id FROM blobs WHERE bytes_removed_at > {:since}").
		Bind(dbx.Params{"since": now.Add(-removedLately).UTC().Format(types.DefaultDateLayout)}).Column(&ids)
	if err != nil || len(ids) == 0 {
		return err
	}
	storage, err := app.NewFilesystem()
	if err != nil {
		return err
	}
	defer storage.Close() //nolint:errcheck // nothing is written to it
	for _, id := range ids {
		err = errors.Join(append([]error{err}, storage.DeletePrefix(coll.BaseFilesPath()+"/"+id+"/")...)...)
	}
	return err
}
