package uploads

import (
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// fullWait is when a phone that met a full disk comes again.
const fullWait = 10 * time.Minute

// room refuses more bytes if they would eat into the reserve, by which the
// database can go on; 0 for none.
func (s *Service) room(e *core.RequestEvent, more int64) error {
	reserve, err := gate.SettingsNow(e.App).MediaDiskReserveMb()
	if err != nil || reserve <= 0 {
		return err
	}
	free, err := s.cfg.Free(s.cfg.Dir)
	if err != nil {
		return fmt.Errorf("ask for free space: %w", err)
	}
	if free-more < int64(reserve)<<20 {
		return errFull
	}
	return nil
}
