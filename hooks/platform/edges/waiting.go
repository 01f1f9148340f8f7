package edges

import (
	"container/list"
	"net"
	"net/http"
	"sync"

	"satchel/syncer"
)

// waitingMost is how many lines may be open on which no request is at work: that
// have not brought their headers, or that are kept for the next request. Each takes
// one of the files that the process may have open, a budget that all share.
const waitingMost = 4096

// waiting closes the line that has waited the longest where one more is too many:
// first those that have had their answer.
type waiting struct {
	most int

	mu   sync.Mutex
	news list.List // of net.Conn, the longest first
	idle list.List
	at   map[net.Conn]place
}

type place struct {
	of *list.List
	in *list.Element
}

// state is told of each line by the server.
func (w *waiting) state(conn net.Conn, state http.ConnState) {
	w.mu.Lock()
	if w.at == nil {
		w.at = map[net.Conn]place{}
	}
	w.forget(conn)
	switch state {
	case http.StateNew:
		w.at[conn] = place{&w.news, w.news.PushBack(conn)}
	case http.StateIdle:
		w.at[conn] = place{&w.idle, w.idle.PushBack(conn)}
	default: // it is at work, or no longer a line of ours
	}
	var gone net.Conn
	if len(w.at) > w.most {
		oldest := w.idle.Front()
		if oldest == nil {
			oldest = w.news.Front()
		}
		gone, _ = oldest.Value.(net.Conn)
		w.forget(gone)
	}
	w.mu.Unlock()
	if gone != nil {
		_ = gone.Close() // whoever is at its other end begins anew
	}
}

// forget takes a line out. The caller holds mu.
func (w *waiting) forget(conn net.Conn) {
	if p, ok := w.at[conn]; ok {
		p.of.Remove(p.in)
		delete(w.at, conn)
	}
}

// waits bounds the lines of a server, beside whoever is told of them already.
func (c Config) waits(server *http.Server) {
	if c.Planted == syncer.PlantLinesUnbounded {
		return
	}
	w, told := &waiting{most: c.Limits.Waiting}, server.ConnState
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		if told != nil {
			told(conn, state)
		}
		w.state(conn, state)
	}
}
