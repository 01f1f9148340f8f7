package uploads

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/media"
)

// finish takes an upload over whose bytes are all here; the caller holds its
// lock. The row waits in the queue then: nothing is decoded here.
//
// A wrong hash drops the bytes, leaves the row pending and returns errSpoilt.
// Without bytes it returns errGone. Any other error leaves all as it was, to be
// tried again.
func (s *Service) finish(e *core.RequestEvent, row blob) error {
	// The work goes on if the phone hangs up now.
	ctx := gate.AsServer(context.WithoutCancel(e.Request.Context()))

	s.hashing <- struct{}{}
	hash, err := fingerprint(s.path(row.Id))
	<-s.hashing
	if err != nil {
		return err
	}
	if hash != row.sha256() {
		if err := s.remove(row.Id); err != nil {
			return err
		}
		return errSpoilt
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		row, err := settle(tx, row.Id, pending)
		if err != nil || row.Record == nil {
			return err
		}
		row.receive(s.cfg.Now())
		return tx.SaveWithContext(ctx, row.Record)
	})
	if err != nil {
		return fmt.Errorf("take over upload of blob %s: %w", row.Id, err)
	}
	s.queue.nudge()
	return nil
}

func fingerprint(path string) (string, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", errGone
	}
	if err != nil {
		return "", fmt.Errorf("read upload: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	hash, _, err := media.Fingerprint(file)
	if err != nil {
		return "", fmt.Errorf("read upload: %w", err)
	}
	return hash, nil
}

// settle returns the row as it is now, or none if it is in another state.
func settle(tx core.App, id, state string) (blob, error) {
	rec, err := tx.FindRecordById(blobsCollection, id)
	if err != nil {
		return blob{}, fmt.Errorf("find blob: %w", err)
	}
	if (blob{rec}).state() != state {
		return blob{}, nil
	}
	return blob{rec}, nil
}
