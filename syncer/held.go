package syncer

import (
	"maps"
	"sync"

	"github.com/pocketbase/dbx"
)

// heldPoint is the oldest point that a device may come with next: the one it
// showed, since the answer may never reach it, or that of its first answer.
type heldPoint struct {
	user string
	seq  int64
	at   int64 // Unix seconds
}

// helds gathers what devices show, so that a pull writes nothing.
type helds struct {
	mu    sync.Mutex
	fresh map[string]heldPoint
}

func (h *helds) note(device string, p heldPoint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fresh == nil {
		h.fresh = map[string]heldPoint{}
	}
	h.fresh[device] = p
}

func (h *helds) list() map[string]heldPoint {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.fresh)
}

// written drops what a committed session has stored.
func (h *helds) written(stored map[string]heldPoint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for device, p := range stored {
		if h.fresh[device] == p {
			delete(h.fresh, device)
		}
	}
}

// Join makes a device known before its first pull: whatever it will hold is not
// older than now, and stays above the floor though the server crashes.
func (s *Session) Join(device, user string) error {
	_, err := s.tx.NewQuery(`INSERT INTO _sync_device (device, user, high_water, held_seq, seen) VALUES ({:d}, {:u}, 0, {:head}, {:at})
		ON CONFLICT (device) DO UPDATE SET seen = MAX(seen, excluded.seen)`).
		Bind(dbx.Params{"d": device, "u": user, "head": s.state.head.seq, "at": s.now.Unix()}).Execute()
	return wrapped(err, "failed to make a device known")
}

// FlushHeld stores what devices have shown since the last time.
func (s *Session) FlushHeld() error {
	s.held = s.engine.helds.list()
	if len(s.held) == 0 {
		return nil
	}
	rows := make([]any, 0, len(s.held))
	for device, p := range s.held {
		rows = append(rows, []any{device, p.user, p.seq, p.at})
	}
	_, err := s.tx.NewQuery(`INSERT INTO _sync_device (device, user, high_water, held_seq, seen)
		SELECT value->>0, value->>1, 0, value->>2, value->>3 FROM json_each({:rows}) WHERE true
		ON CONFLICT (device) DO UPDATE SET held_seq = excluded.held_seq, seen = excluded.seen`).
		Bind(dbx.Params{"rows": jsonText(rows)}).Execute()
	return wrapped(err, "failed to store what devices hold")
}
