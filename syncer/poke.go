package syncer

import "sync"

// Hub keeps who listens for pokes. A poke says only that something changed for
// this user, however often it did since the last tick.
type Hub struct {
	mu        sync.Mutex
	listeners map[string]map[Listener]struct{} // by user
	due       map[string]struct{}
}

// Listener is one open line to a phone. The hub's methods call these two, which
// return at once and do not call the hub.
type Listener interface {
	// Device is whose line it is.
	Device() string
	// Wake tells that there is something to pull.
	Wake()
	// End tells that the line must be closed.
	End()
}

// NewHub returns an empty hub.
func NewHub() *Hub {
	return &Hub{listeners: map[string]map[Listener]struct{}{}, due: map[string]struct{}{}}
}

// Listen makes l hear of what changes for the user, until Close.
func (h *Hub) Listen(user string, l Listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners[user] == nil {
		h.listeners[user] = map[Listener]struct{}{}
	}
	h.listeners[user][l] = struct{}{}
}

// Close forgets a listener; twice does no harm.
func (h *Hub) Close(user string, l Listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners[user], l)
	if len(h.listeners[user]) == 0 {
		delete(h.listeners, user)
	}
}

// Drop ends the lines of a user, or of one of his devices if device is set.
func (h *Hub) Drop(user, device string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners[user] {
		if device == "" || l.Device() == device {
			l.End()
		}
	}
}

// Listeners counts the open lines.
func (h *Hub) Listeners() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, set := range h.listeners {
		n += len(set)
	}
	return n
}

// Tell marks users as due; the next Flush wakes their lines once, however
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

// Flush wakes the lines that are due. Called on each tick.
func (h *Hub) Flush() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for u := range h.due {
		for l := range h.listeners[u] {
			l.Wake()
		}
	}
	clear(h.due)
}
