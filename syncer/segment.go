package syncer

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
)

const (
	// segmentRows is the size from which a key's rows are worth keeping.
	segmentRows = 64
	// segmentBytes bounds what is kept, in lines before compression.
	segmentBytes = 64 << 20
)

// Segment is the put lines of all rows under one key that many users hold. It
// is never changed once made.
type Segment struct {
	Lines []byte
	docs  []int64 // ascending
	sum   uint64
	at    int64 // head of the snapshot it was read at

	mu      sync.Mutex
	encoded map[string][]byte
}

// Encoded returns the lines in an encoding, made once by encode.
func (s *Segment) Encoded(encoding string, encode func([]byte) []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.encoded[encoding]; ok {
		return b
	}
	if s.encoded == nil {
		s.encoded = map[string][]byte{}
	}
	b := encode(s.Lines)
	s.encoded[encoding] = b
	return b
}

type segmentKey struct {
	key    string
	rules  int64
	schema uint32
}

// segments keeps the newest segment of each key.
type segments struct {
	mu   sync.Mutex
	kept map[segmentKey]*Segment
	size int
}

func (s *segments) get(k segmentKey) *Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[k]
}

func (s *segments) put(k segmentKey, seg *Segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.kept[k]; old != nil {
		if old.at >= seg.at {
			return
		}
		s.size -= len(old.Lines)
	}
	if s.kept == nil || s.size+len(seg.Lines) > segmentBytes {
		s.kept, s.size = map[segmentKey]*Segment{}, 0
	}
	s.kept[k] = seg
	s.size += len(seg.Lines)
}

// isShared reports whether a key is of the kinds that many users hold.
func isShared(key string) bool {
	return key == "all" || strings.HasPrefix(key, "dept:") || strings.HasPrefix(key, "role:")
}

// sharedSegments returns segments for the shared keys that the user holds, no
// row in two of them, and the keys that they cover.
func (e *Engine) sharedSegments(tx dbx.Builder, p Pull, st state) ([]*Segment, []string, error) {
	var keys []string
	err := tx.NewQuery("SELECT DISTINCT key FROM _sync_grant WHERE user = {:u} AND to_seq = {:open} ORDER BY key").
		Bind(dbx.Params{"u": p.User, "open": int64(open)}).Column(&keys)
	if err != nil {
		return nil, nil, fmt.Errorf("read the keys of a user: %w", err)
	}
	var out []*Segment
	var covered []string
	taken := map[int64]struct{}{}
keys:
	for _, key := range keys {
		if !isShared(key) {
			continue
		}
		seg, err := e.segment(tx, key, p, st)
		if err != nil {
			return nil, nil, err
		}
		if len(seg.docs) < segmentRows {
			continue
		}
		for _, id := range seg.docs {
			if _, twice := taken[id]; twice {
				continue keys
			}
		}
		for _, id := range seg.docs {
			taken[id] = struct{}{}
		}
		out, covered = append(out, seg), append(covered, key)
	}
	return out, covered, nil
}

// segment returns the rows of a key as the snapshot sees them.
func (e *Engine) segment(tx dbx.Builder, key string, p Pull, st state) (*Segment, error) {
	id := segmentKey{key, st.rules, p.Schema}
	head := st.head.seq
	if have := e.segments.get(id); have != nil && have.at <= head && e.heads.keyQuiet(key, have.at) {
		return have, nil
	}
	set := docSet{tx: tx, bind: dbx.Params{"key": key, "open": int64(open)}}
	set.query("SELECT doc FROM _sync_scope WHERE key = {:key} AND to_seq = {:open}")
	if set.err != nil {
		return nil, fmt.Errorf("list rows of a key: %w", set.err)
	}
	seg := &Segment{docs: unique(set.ids), at: head}
	if len(seg.docs) < segmentRows {
		return seg, nil
	}
	catalog, err := e.catalogAt(tx, st.rules)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	out := &lines{w: &buf, catalog: catalog, today: dayOf(p.Now), schema: p.Schema}
	if err := out.put(tx, seg.docs); err != nil {
		return nil, err
	}
	if out.puts != len(seg.docs) {
		return nil, fmt.Errorf("a segment of %d rows found %d", len(seg.docs), out.puts)
	}
	seg.Lines, seg.sum = buf.Bytes(), out.sum
	e.segments.put(id, seg)
	return seg, nil
}
