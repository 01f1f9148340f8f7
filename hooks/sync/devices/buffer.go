package devices

import (
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// buffer holds what was seen of each device since the last flush.
type buffer struct {
	mu   sync.Mutex
	seen map[string]note
}

// note is the news of one device; nil where there is none.
type note struct {
	seen, push, pull *string
	seq, rows        any
	oldest, from     *string
	over             any
}

// Saw takes in what one request told of a device. It runs no SQL.
func (s *Service) Saw(g gate.Sighting) {
	at := gate.Stamp(g.At)
	n := note{seen: &at, oldest: readMoment(g.Oldest)}
	switch {
	case g.OverLimit:
		n.over = true
	case g.Did == gate.SawPush:
		n.push = &at
	case g.Did == gate.SawPull:
		n.pull, n.over = &at, false
	}
	if g.Seq > 0 {
		n.seq = g.Seq
	}
	if g.Rows != nil {
		n.rows = *g.Rows
	}
	if g.From != "" {
		n.from = &g.From
	}
	s.buffer.mu.Lock()
	defer s.buffer.mu.Unlock()
	s.buffer.put(g.Device, n)
}

// put lays news over what is held. The caller holds mu.
func (b *buffer) put(device string, n note) {
	if b.seen == nil {
		b.seen = map[string]note{}
	}
	old := b.seen[device]
	b.seen[device] = note{
		seen: newest(n.seen, old.seen), push: newest(n.push, old.push), pull: newest(n.pull, old.pull), oldest: newest(n.oldest, old.oldest),
		from: newest(n.from, old.from), seq: newer(n.seq, old.seq), rows: newer(n.rows, old.rows), over: newer(n.over, old.over),
	}
}

func newest(news, before *string) *string {
	if news != nil {
		return news
	}
	return before
}

func newer(news, before any) any {
	if news != nil {
		return news
	}
	return before
}

// Flush writes what was seen since the last one, in one transaction. What could
// not be written waits for the next.
func (s *Service) Flush(app core.App) error {
	s.buffer.mu.Lock()
	seen := s.buffer.seen
	s.buffer.seen = nil
	s.buffer.mu.Unlock()
	if len(seen) == 0 {
		return nil
	}
	err := app.RunInTransaction(func(txApp core.App) error {
		for device, n := range seen {
			_, err := txApp.NonconcurrentDB().NewQuery(`UPDATE sync_devices SET last_seen = COALESCE({:seen}, last_seen),
				last_push = COALESCE({:push}, last_push), last_pull = COALESCE({:pull}, last_pull),
				cursor_seq = COALESCE({:seq}, cursor_seq), scope_rows = COALESCE({:rows}, scope_rows),
				oldest_captured = COALESCE({:oldest}, oldest_captured), over_limit = COALESCE({:over}, over_limit),
				address = COALESCE({:from}, address), ` + owed + `
				WHERE id = {:device}`).Bind(dbx.Params{
				"seen": n.seen, "push": n.push, "pull": n.pull, "seq": n.seq, "rows": n.rows,
				"oldest": n.oldest, "over": n.over, "from": n.from, "device": device,
			}).Execute()
			if err != nil {
				return fmt.Errorf("write the figures of %s: %w", device, err)
			}
		}
		return nil
	})
	if err != nil {
		s.buffer.mu.Lock()
		defer s.buffer.mu.Unlock()
		later := s.buffer.seen
		s.buffer.seen = seen
		for device, n := range later {
			s.buffer.put(device, n)
		}
	}
	return err
}

// owed sets the figures that other tables tell: refused changes that nobody has
// acknowledged, also those that the phone sent before it was registered anew, and photos of the device's user whose bytes have not arrived.
const owed = `rejected = (SELECT COUNT(*) FROM sync_issues i WHERE i.user = sync_devices.user AND i.state = 'open'
		AND i.kind <> 'conflict' AND (i.device = sync_devices.id OR i.mutation <> ''
			AND EXISTS (SELECT 1 FROM _sync_push p WHERE p.mutation = i.mutation AND p.device = sync_devices.id))),
	pending_blobs = (SELECT COUNT(*) FROM blobs b WHERE b.owner = sync_devices.user AND b.state = 'pending')`

// readMoment reads a phone's time; nil if it says none that can be read.
func readMoment(text *string) *string {
	if text == nil || *text == "" {
		return text
	}
	t, err := time.Parse(time.RFC3339, *text)
	if err != nil {
		return nil
	}
	out := gate.Stamp(t)
	return &out
}
