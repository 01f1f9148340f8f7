package uploads

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/media"
	"satchel/records"
)

// finish takes an upload over whose bytes are all here; the caller holds its
// lock. The row waits in the queue then: nothing is decoded here.
//
// A wrong hash drops the bytes, leaves the row pending and returns errSpoilt.
// Without bytes it returns errGone. Any other error leaves all as it was, to be
// tried again.
func (s *Service) finish(e *core.RequestEvent, row records.Blob) error {
	// The work goes on if the phone hangs up now.
	ctx := gate.AsServer(context.WithoutCancel(e.Request.Context()))

	s.hashing <- struct{}{}
	hash, err := fingerprint(s.path(row.ID()))
	<-s.hashing
	if err != nil {
		return err
	}
	if hash != hashOf(row) {
		if err := s.remove(row.ID()); err != nil {
			return err
		}
		return errSpoilt
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		row, err := records.Blobs.Require(tx, row.ID())
		if err != nil || row.State() != pending {
			return err
		}
		row.SetState(received)
		row.SetReceivedAt(s.cfg.Now())
		return tx.SaveWithContext(ctx, row.Raw())
	})
	if err != nil {
		return fmt.Errorf("take over upload of blob %s: %w", row.ID(), err)
	}
	s.queue.Nudge()
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
