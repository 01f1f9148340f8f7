package edges

import (
	"sync"
	"time"

	"satchel/hooks/platform/gate"
)

// Bounds of the bodies that are being read or carried out, in bytes of memory.
const (
	bodiesMost = 64 << 20 // of all
	userMost   = 16 << 20 // of one user
	guestsMost = 4 << 20  // of all who have not said who they are
	netMost    = 1 << 20  // of those from one network
	guestBody  = 64 << 10 // one of theirs

	// lineCost is what a body takes before its first byte, until it is whole: the
	// server's buffer and stack.
	lineCost = 8 << 10
	// young is the time in which nobody can be called slow.
	young = 5 * time.Second
)

// budget shares out the memory that bodies take. Each body counts to a holder,
// a user or the network of strangers, and to all. Where one more byte is too many,
// whoever holds most gives way with the body that comes the slowest; a body that is
// whole does not.
type budget struct {
	now func() time.Time

	mu    sync.Mutex
	pools map[string]*pool // that hold something
}

// pool is a bounded part of the budget.
type pool struct {
	name string
	most int64
	held int64
	open map[*share]struct{}
}

// bound is a part of the budget by name.
type bound struct {
	name string
	most int64
}

// share is what one body holds. The budget's lock guards it.
type share struct {
	whose   gate.Ended
	pools   []*pool // the holder's own first
	held    int64
	came    int64 // bytes
	since   time.Time
	reading bool
	cut     func() // ends its reading; nil if it does not give way. It takes no lock of the budget's.
}

// open lets a body be read. Not ok if there is no room for one more.
func (b *budget) open(s *share, bounds ...bound) (ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.since, s.reading = b.now(), true
	for _, part := range bounds {
		p := b.pools[part.name]
		if p == nil {
			p = &pool{name: part.name, most: part.most, open: map[*share]struct{}{}}
			b.pools[part.name] = p
		}
		p.open[s] = struct{}{}
		s.pools = append(s.pools, p)
	}
	return b.take(s, lineCost)
}

// grow counts bytes that came. Not ok if the body itself must give way.
func (b *budget) grow(s *share, n int) (ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.came += int64(n); s.pools == nil { // nobody weighs it
		return true
	}
	// The rest of a larger one lies in files. While it is carried out, which may take
	// a minute, its holder has room for others.
	more := max(0, min(int64(n), s.pools[0].most/2-s.held))
	return s.reading && b.take(s, more)
}

func (b *budget) take(s *share, n int64) bool {
	for _, p := range s.pools {
		for p.held+n > p.most {
			slow := b.yields(p, s, n)
			if slow == nil || slow == s {
				b.drop(s)
				return false
			}
			b.drop(slow)
			slow.cut()
		}
	}
	for _, p := range s.pools {
		p.held += n
	}
	s.held += n
	return true
}

// yields finds the body that gives way in a pool to n more bytes of another: the
// slowest that is still being read of whoever holds most.
func (b *budget) yields(p *pool, other *share, n int64) (slow *share) {
	now, most := b.now(), int64(-1)
	for s := range p.open {
		if !s.reading || s.cut == nil {
			continue
		}
		held := s.pools[0].held
		if s.pools[0] == other.pools[0] {
			held += n
		}
		if held > most || held == most && s.slower(slow, now) {
			slow, most = s, held
		}
	}
	return slow
}

// slower tells which of two gives way: who has just begun is not slow yet.
func (s *share) slower(other *share, now time.Time) bool {
	age, others := now.Sub(s.since), now.Sub(other.since)
	if (age < young) != (others < young) {
		return age >= young
	}
	return float64(s.came)/max(age.Seconds(), 1) < float64(other.came)/max(others.Seconds(), 1)
}

// whole notes that a body is there: what it holds stays until it is dropped.
func (b *budget) whole(s *share) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !s.reading {
		return
	}
	s.reading = false
	for _, p := range s.pools {
		p.held -= lineCost
	}
	s.held -= lineCost
}

// close gives back what a body holds; twice does no harm.
func (b *budget) close(s *share) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop(s)
}

func (b *budget) drop(s *share) {
	for _, p := range s.pools {
		if _, open := p.open[s]; !open {
			continue
		}
		p.held -= s.held
		if delete(p.open, s); len(p.open) == 0 {
			delete(b.pools, p.name)
		}
	}
	s.held, s.reading = 0, false
}

// end cuts what is being read of a session that is over.
func (b *budget) end(who gate.Ended) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.pools[everybody]
	if all == nil {
		return
	}
	for s := range all.open {
		if s.reading && s.cut != nil && s.whose.User == who.User && (who.Device == "" || s.whose.Device == who.Device) {
			b.drop(s)
			s.cut()
		}
	}
}
