package gate

import (
	"container/list"
	"sync"
)

// Places bounds how many of something are open at once, for each holder: a user,
// a phone, an address. When a holder opens more, the one of his that has been idle
// the longest gives way. What it keeps goes when the last place of a holder
// closes. The zero value is ready.
type Places struct {
	// Most bounds all holders together, 0 for no bound. The places are shared out:
	// who holds most gives way with the one that has been idle the longest, as long
	// as he holds more than the newcomer would.
	Most int

	mu      sync.Mutex
	holders map[string]*holder
	open    int
	turn    uint64 // of the last touch
}

// holder is who holds places.
type holder struct {
	open int
	idle list.List // of *Place that give way, the one idle longest in front
}

// Share is a holder to whom a place counts, and how many he may have.
type Share struct {
	Of   string
	Most int
}

// Place is one of them. The lock of its Places guards it.
type Place struct {
	all    *Places
	end    func()
	of     []string
	at     []*list.Element // in the list of each of them; nil if it does not give way
	turn   uint64          // of its last touch
	closed bool
}

// Open takes a place that counts to all shares; all that is in a Places counts to
// the first one. Each that gives way is closed, and then ended by its own function,
// which must not wait for its owner. With end nil, the place is one that does not give way.
// Not ok if none gives way to it.
func (p *Places) Open(end func(), shares ...Share) (place *Place, ok bool) {
	place, left, ok := p.enter(end, shares)
	for _, l := range left {
		l.end()
	}
	return place, ok
}

func (p *Places) enter(end func(), shares []Share) (place *Place, left []*Place, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range shares {
		if h := p.holders[s.Of]; s.Most < 1 || h != nil && h.open+1-s.Most > h.idle.Len() {
			return nil, nil, false
		}
	}
	for _, s := range shares {
		for h := p.holders[s.Of]; h != nil && h.open >= s.Most; {
			l := h.front()
			p.close(l)
			left = append(left, l)
		}
	}
	if p.Most > 0 && p.open >= p.Most {
		l := p.richest(shares[0].Of)
		if l == nil {
			return nil, left, false
		}
		p.close(l)
		left = append(left, l)
	}
	return p.add(end, shares), left, true
}

func (p *Places) add(end func(), shares []Share) *Place {
	p.turn++
	place := &Place{all: p, end: end, turn: p.turn}
	if p.holders == nil {
		p.holders = map[string]*holder{}
	}
	for _, s := range shares {
		h := p.holders[s.Of]
		if h == nil {
			h = &holder{}
			p.holders[s.Of] = h
		}
		h.open++
		place.of = append(place.of, s.Of)
		if end != nil {
			place.at = append(place.at, h.idle.PushBack(place))
		}
	}
	p.open++
	return place
}

func (h *holder) front() *Place { return h.idle.Front().Value.(*Place) }

// richest finds the place that gives way to one more of a holder when all are
// taken: of whoever holds more than he would, else of himself; nil if there is none.
func (p *Places) richest(of string) (gives *Place) {
	most := 1
	if own := p.holders[of]; own != nil {
		most = own.open + 1
		if own.idle.Len() > 0 {
			gives = own.front()
		}
	}
	var rich *Place
	for _, h := range p.holders {
		if h.idle.Len() == 0 || h.open < most || h.open == most && (rich == nil || h.front().turn > rich.turn) {
			continue
		}
		rich, most = h.front(), h.open
	}
	if rich != nil {
		return rich
	}
	return gives
}

// close takes a place out. The caller holds mu.
func (p *Places) close(place *Place) {
	if place.closed {
		return
	}
	place.closed = true
	place.stay()
	for _, of := range place.of {
		h := p.holders[of]
		if h.open--; h.open == 0 {
			delete(p.holders, of)
		}
	}
	p.open--
}

// stay takes a place off the lists of those that give way.
func (place *Place) stay() {
	for i, e := range place.at {
		place.all.holders[place.of[i]].idle.Remove(e)
	}
	place.at = nil
}

// Touch says that something came: of its holders' places, it is the last to give way.
func (place *Place) Touch() {
	p := place.all
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn++
	place.turn = p.turn
	for i, e := range place.at {
		p.holders[place.of[i]].idle.MoveToBack(e)
	}
}

// Stay lets the place give way no more.
func (place *Place) Stay() {
	place.all.mu.Lock()
	defer place.all.mu.Unlock()
	place.stay()
}

// Close gives the place back; twice does no harm.
func (place *Place) Close() {
	place.all.mu.Lock()
	defer place.all.mu.Unlock()
	place.all.close(place)
}

// Count tells how many are open, and how many holders have them.
func (p *Places) Count() (open, holders int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open, len(p.holders)
}
