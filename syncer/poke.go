package syncer

import "sync"

// Hub keeps who listens for pokes. A poke says only that something changed for
// this user; a slow listener gets the newest one and never holds up others.
type Hub struct {
	mu        sync.Mutex
	listeners map[string]map[*Listener]struct{} // by user
	due       map[string]struct{}
}

// Listener is one open poke stream.
type Listener struct {
	// Wake has a value when there is something to tell; it is closed when the
	// stream must end.
	Wake         chan struct{}
	user, device string
}

// NewHub returns an empty hub.
func NewHub() *Hub {
	return &Hub{listeners: map[string]map[*Listener]struct{}{}, due: map[string]struct{}{}}
}

// Listen opens a stream. Close it.
func (h *Hub) Listen(user, device string) *Listener {
	l := &Listener{Wake: make(chan struct{}, 1), user: user, device: device}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners[user] == nil {
		h.listeners[user] = map[*Listener]struct{}{}
	}
	h.listeners[user][l] = struct{}{}
	return l
}

// Close ends a stream; twice does no harm.
func (h *Hub) Close(l *Listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.listeners[l.user][l]; !ok {
		return
	}
	delete(h.listeners[l.user], l)
	if len(h.listeners[l.user]) == 0 {
		delete(h.listeners, l.user)
	}
	close(l.Wake)
}

// Drop ends the streams of a user, or of one of his devices if device is set.
func (h *Hub) Drop(user, device string) {
	h.mu.Lock()
	var ended []*Listener
	for l := range h.listeners[user] {
		if device == "" || l.device == device {
			ended = append(ended, l)
		}
	}
	h.mu.Unlock()
	for _, l := range ended {
		h.Close(l)
	}
}

// Listeners counts the open streams.
func (h *Hub) Listeners() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, set := range h.listeners {
		n += len(set)
	}
	return n
}

// Tell marks users as due; the next Flush wakes their streams once, however
// often they were told.
func (h *Hub) Tell(users []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range users {
		if _, listening := h.listeners[u]; listening {
			h.due[u] = struct{}{}
		}
	}
}

// Flush wakes the streams that are due. Called on each tick.
func (h *Hub) Flush() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for u := range h.due {
		for l := range h.listeners[u] {
			select {
			case l.Wake <- struct{}{}:
			default: // awake already
			}
		}
	}
	clear(h.due)
}
