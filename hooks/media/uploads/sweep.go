package uploads

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/records"
)

// Sweep removes uploads that expired by now, that belong to no row that waits for them,
// and files older than Config.Expire of which nothing can be made. It goes on
// after a failure and returns all of them.
func (s *Service) Sweep(ctx context.Context, app core.App, now time.Time) error {
	entries, err := os.ReadDir(s.cfg.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	ids := map[records.BlobID]time.Time{} // with the time of the last byte
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			continue // gone meanwhile, or not ours
		}
		id := records.BlobID(strings.TrimSuffix(entry.Name(), infoSuffix))
		if info.ModTime().After(ids[id]) {
			ids[id] = info.ModTime()
		}
	}
	failures := []error{forgetUse(app, now)}
	for id, touched := range ids {
		over, err := s.over(app, id, touched, now)
		if over && err == nil {
			err = s.discard(ctx, id)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// over reports whether files serve nothing any more. What waits to be developed
// does not expire.
func (s *Service) over(app core.App, id records.BlobID, touched, now time.Time) (bool, error) {
	row, found, err := records.Blobs.Find(app, id)
	if err != nil {
		return false, fmt.Errorf("find blob: %w", err)
	}
	if found && row.State() == received {
		return false, nil
	}
	part, err := s.read(context.Background(), id)
	if errors.Is(err, errGone) {
		return touched.Add(s.cfg.Expire).Before(now), nil
	}
	if err != nil {
		return false, err
	}
	return !found || row.State() != pending || !now.Before(part.expires), nil
}
