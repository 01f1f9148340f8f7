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

// finish settles an upload whose bytes are all here; the caller holds its lock.
//
// A wrong hash drops the bytes, leaves the row pending and returns errSpoilt. A
// file that is no acceptable photo turns the row rejected and returns the
// *media.Refusal. Without bytes it returns errGone. Any other error leaves all
// as it was, to be tried again.
func (s *Service) finish(e *core.RequestEvent, row blob) error {
	// The work goes on if the phone hangs up now.
	ctx := gate.AsServer(context.WithoutCancel(e.Request.Context()))

	hash, err := fingerprint(s.path(row.Id))
	if err != nil {
		return err
	}
	if hash != row.sha256() {
		if err := s.remove(row.Id); err != nil {
			return err
		}
		return errSpoilt
	}
	facts, copies, err := s.develop(s.path(row.Id))
	if err == nil {
		err = s.attach(ctx, e.App, row.Id, facts, copies)
	}
	var refusal *media.Refusal
	if errors.As(err, &refusal) {
		if failed := reject(ctx, e.App, row.Id, refusal.Code); failed != nil {
			return failed
		}
	} else if err != nil {
		return fmt.Errorf("finish upload of blob %s: %w", row.Id, err)
	}
	// The row says how it ended; files that stay behind are swept.
	if failed := s.remove(row.Id); failed != nil {
		e.App.Logger().Warn("finished upload stays on disk", "blob", row.Id, "error", failed)
	}
	return err
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

// develop makes facts and copies, a few photos at a time.
func (s *Service) develop(path string) (media.Facts, media.Copies, error) {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	data, err := os.ReadFile(path)
	if err != nil {
		return media.Facts{}, media.Copies{}, fmt.Errorf("read upload: %w", err)
	}
	facts, err := media.Inspect(data, s.limits)
	if err != nil {
		return facts, media.Copies{}, err
	}
	copies, err := media.Render(data, facts)
	return facts, copies, err
}

// attach puts copies on the visit step, and original, facts and the state
// stored on the blobs row, all or nothing. A row that is settled already is
// left alone, so a repetition attaches nothing twice.
func (s *Service) attach(ctx context.Context, app core.App, id string, facts media.Facts, copies media.Copies) error {
	return app.RunInTransaction(func(tx core.App) error {
		row, err := settle(tx, id)
		if err != nil || row.Record == nil {
			return err
		}
		if row.step() != "" {
			if err := attachToStep(ctx, tx, row, copies); err != nil {
				return err
			}
		}
		if err := row.keep(s.path(id), facts, s.cfg.Now()); err != nil {
			return err
		}
		return tx.SaveWithContext(ctx, row.Record)
	})
}

func attachToStep(ctx context.Context, tx core.App, row blob, copies media.Copies) error {
	rec, err := tx.FindRecordById(stepsCollection, row.step())
	if err != nil {
		return fmt.Errorf("find visit step: %w", err)
	}
	visitStep := step{rec}
	if visitStep.has(row.Id) {
		return nil
	}
	if limit, free := visitStep.room(); !free {
		return &media.Refusal{Code: codeFull, Params: map[string]any{"limit": limit}}
	}
	if err := visitStep.attach(row.Id, copies); err != nil {
		return err
	}
	return tx.SaveWithContext(ctx, rec)
}

func reject(ctx context.Context, app core.App, id, code string) error {
	return app.RunInTransaction(func(tx core.App) error {
		row, err := settle(tx, id)
		if err != nil || row.Record == nil {
			return err
		}
		row.reject(code)
		return tx.SaveWithContext(ctx, row.Record)
	})
}

// settle returns the row as it is now, or none if it is no longer pending.
func settle(tx core.App, id string) (blob, error) {
	rec, err := tx.FindRecordById(blobsCollection, id)
	if err != nil {
		return blob{}, fmt.Errorf("find blob: %w", err)
	}
	if (blob{rec}).state() != pending {
		return blob{}, nil
	}
	return blob{rec}, nil
}
