package uploads

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Sweep removes uploads that expired by now, that belong to no row that waits for them,
// and files older than Config.Expire of which nothing can be made. It goes on
// after a failure and returns all of them.
func (s *Service) Sweep(app core.App, now time.Time) error {
	entries, err := os.ReadDir(s.cfg.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	ids := map[string]time.Time{} // with the time of the last byte
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			continue // gone meanwhile, or not ours
		}
		id := strings.TrimSuffix(entry.Name(), infoSuffix)
		if info.ModTime().After(ids[id]) {
			ids[id] = info.ModTime()
		}
	}
	failures := []error{forgetUse(app, now)}
	for id, touched := range ids {
		over, err := s.over(app, id, touched, now)
		if over && err == nil {
			err = s.discard(context.Background(), id)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// over tells whether files serve nothing any more. What waits to be developed
// does not expire.
func (s *Service) over(app core.App, id string, touched, now time.Time) (bool, error) {
	rec, err := app.FindRecordById(blobsCollection, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("find blob: %w", err)
	}
	if err == nil && (blob{rec}).state() == received {
		return false, nil
	}
	part, failed := s.read(context.Background(), id)
	if errors.Is(failed, errGone) {
		return touched.Add(s.cfg.Expire).Before(now), nil
	}
	if failed != nil {
		return false, failed
	}
	return err != nil || (blob{rec}).state() != pending || !now.Before(part.expires), nil //nolint:nilerr // a row that is gone needs no upload
}
