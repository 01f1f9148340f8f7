package api

import (
	"sync"

	"satchel/domain"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// firsts remembers which devices pulled on a day. A new process begins anew.
type firsts struct {
	mu      sync.Mutex
	day     string
	devices map[string]struct{}
}

// add reports whether it is the device's first pull of the day.
func (f *firsts) add(day, device string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.day != day {
		f.day, f.devices = day, map[string]struct{}{}
	}
	_, ok := f.devices[device]
	f.devices[device] = struct{}{}
	return !ok
}

// firstOfDay reports whether a device did not pull before on this day.
func (s *Service) firstOfDay(device string) bool {
	return s.firsts.add(domain.BusinessDay(s.cfg.Now()), device)
}

// sendIdle answers a pull with nothing new. PocketBase's log has a row of a
// device's first pull of a day and none of those after it, of which there are
// more than of all other requests together; they are counted in the metrics.
func (s *Service) sendIdle(e *core.RequestEvent, device string, into *body) error {
	if !s.firstOfDay(device) {
		if err := apis.SkipSuccessActivityLog().Func(e); err != nil {
			return err
		}
	}
	return into.send(e)
}
