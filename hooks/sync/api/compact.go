package api

import (
	"fmt"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

// cutRows bounds what one transaction removes of a table, so that writers wait a
// moment only.
const cutRows = 20_000

// Compact cuts the history that no phone can ask for any more, a little at a
// time, and returns the number of rows cut. A phone that was heard of within
// sync.device_ttl_days is never made to start over by it.
func (s *Service) Compact(app core.App) (int64, error) {
	days, err := gate.SettingsNow(app).SyncDeviceTtlDays()
	if err != nil {
		return 0, err
	}
	var revoked []string
	if err := app.DB().NewQuery("SELECT id FROM sync_devices WHERE revoked").Column(&revoked); err != nil {
		return 0, fmt.Errorf("list revoked devices: %w", err)
	}
	err = s.inSession(app, func(_ core.App, session *syncer.Session) error {
		_, err := session.RaiseFloor(time.Duration(days)*24*time.Hour, revoked)
		return err
	})
	if err != nil {
		return 0, err
	}
	var total int64
	for more := true; more; {
		err := s.inSession(app, func(_ core.App, session *syncer.Session) error {
			n, again, err := session.Cut(cutRows)
			total, more = total+n, again
			return err
		})
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
