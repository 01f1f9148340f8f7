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

// Sweep removes uploads that expired by now, that belong to no pending row,
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
	var failures []error
	for id, touched := range ids {
		over, err := s.over(app, id, touched, now)
		if over && err == nil {
			err = s.discard(context.Background(), id)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

func (s *Service) over(app core.App, id string, touched, now time.Time) (bool, error) {
	part, err := s.read(context.Background(), id)
	if errors.Is(err, errGone) {
		return touched.Add(s.cfg.Expire).Before(now), nil
	}
	if err != nil || !now.Before(part.expires) {
		return err == nil, err
	}
	rec, err := app.FindRecordById(blobsCollection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("find blob: %w", err)
	}
	return (blob{rec}).state() != pending, nil
}
