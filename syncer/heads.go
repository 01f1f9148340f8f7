package syncer

import (
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
)

// maxLinks bounds how many points of the chain are held in memory. A cursor at
// an older one is answered from the database.
const maxLinks = 1 << 16

// heads knows, without the database, whether something changed for a user since
// a point. What it holds is noted before the transaction that makes it true
// commits, so that it may claim a change too many and never one too few.
type heads struct {
	mu     sync.Mutex
	loaded bool
	base   int64               // of what changed up to here nothing is known
	tip    state               // as last published
	links  map[int64]Link      // recent points of the chain
	keys   map[string]int64    // newest seq per scope key
	grants map[string]int64    // newest change of a user's keys
	users  map[string]*holding // keys of users who asked
}

// holding is what a user holds, read at a snapshot.
type holding struct {
	keys   []string
	newest int64 // newest change under these keys up to asOf
	asOf   int64
}

// published returns the state that was published last.
func (h *heads) published() state {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tip
}

// load takes the point from which the engine watches.
func (h *heads) load(st state) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.loaded {
		h.loaded, h.base = true, st.head.seq
		h.links, h.keys = map[int64]Link{}, map[string]int64{}
		h.grants, h.users = map[string]int64{}, map[string]*holding{}
		h.advance(st)
	}
}

// began is the head that this process found when it first looked.
func (h *heads) began() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.base
}

// note records what a fold up to seq is about to change.
func (h *heads) note(seq int64, keys, users map[string]struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for k := range keys {
		h.keys[k] = max(h.keys[k], seq)
	}
	for u := range users {
		h.grants[u] = max(h.grants[u], seq)
		delete(h.users, u)
	}
}

// publish makes a committed state the tip.
func (h *heads) publish(st state) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.loaded {
		h.advance(st)
	}
}

func (h *heads) advance(st state) {
	if st.head.seq < h.tip.head.seq {
		return
	}
	h.tip = st
	if len(h.links) >= maxLinks {
		clear(h.links)
	}
	h.links[st.head.seq] = st.head.link
}

// quiet reports whether nothing changed for the user since c, and the tip that
// his cursor may advance to. False means only that it is not known.
func (h *heads) quiet(user string, c Cursor) (state, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	mine, known := h.users[user]
	link, recent := h.links[c.Seq]
	switch {
	case !h.loaded, !known, !recent, link != c.Link, c.Page.Doc != 0:
		return state{}, false
	case c.Epoch > h.tip.epoch, c.Seq < h.base, c.Seq < h.tip.reset, c.Seq > h.tip.head.seq, h.grants[user] > c.Seq:
		return state{}, false
	}
	if mine.asOf != h.tip.head.seq {
		for _, k := range mine.keys {
			mine.newest = max(mine.newest, h.keys[k])
		}
		mine.asOf = h.tip.head.seq
	}
	return h.tip, mine.newest <= c.Seq
}

// remember keeps the keys that a user holds at the snapshot's head, unless they
// have changed since.
func (h *heads) remember(tx dbx.Builder, user string, head int64) error {
	h.mu.Lock()
	_, known := h.users[user]
	h.mu.Unlock()
	if known {
		return nil
	}
	mine := &holding{}
	err := tx.NewQuery("SELECT DISTINCT key FROM _sync_grant WHERE user = {:u} AND to_seq = {:open}").
		Bind(dbx.Params{"u": user, "open": int64(open)}).Column(&mine.keys)
	if err != nil {
		return fmt.Errorf("read the keys of a user: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.grants[user] <= head {
		h.users[user] = mine
	}
	return nil
}

// keyQuiet reports whether no row under the key changed since a head that the
// engine has watched from.
func (h *heads) keyQuiet(key string, since int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.loaded && since >= h.base && h.keys[key] <= since
}

// KeysChanged reports whether a user gained or lost a key after a head.
func (e *Engine) KeysChanged(user string, since int64) bool {
	e.heads.mu.Lock()
	defer e.heads.mu.Unlock()
	return e.heads.grants[user] > since && e.Planted != PlantSpoolKept
}
