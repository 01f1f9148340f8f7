package powercut

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// sector is what a disk writes whole or not at all, in bytes.
const sector = 512

// file is the content of one name. Its disk's lock guards it.
type file struct {
	now     []byte   // as readers see it
	safe    []byte   // as of the last sync
	pending []change // what happened since

	shared            int // handles with a lock of at least SHARED
	reserved, waiting bool
}

// change is a write, or a truncation if data is nil.
type change struct {
	at   int64
	data []byte
}

func newFile(content []byte) *file {
	return &file{now: slices.Clone(content), safe: content}
}

func (f *file) write(p []byte, at int64) {
	c := change{at, slices.Clone(p)}
	f.pending = append(f.pending, c)
	f.now = put(f.now, c.data, c.at)
}

func (f *file) truncate(size int64) {
	f.pending = append(f.pending, change{at: size})
	f.now = resize(f.now, size)
}

func (f *file) sync() {
	for _, c := range f.pending {
		f.safe = c.on(f.safe)
	}
	f.pending = nil
}

// survivors returns what is left of the file after a cut.
func (f *file) survivors(l *luck) []byte {
	out := slices.Clone(f.safe)
	for i, c := range f.pending {
		whole, none := l.change(i, len(f.pending))
		switch {
		case none:
		case whole:
			out = c.on(out)
		case c.data == nil:
			if l.sector() {
				out = c.on(out)
			}
		default:
			for from := int64(0); from < int64(len(c.data)); {
				to := min((c.at+from)/sector*sector+sector-c.at, int64(len(c.data)))
				if l.sector() {
					out = put(out, c.data[from:to], c.at+from)
				}
				from = to
			}
		}
	}
	return out
}

func (c change) on(b []byte) []byte {
	if c.data == nil {
		return resize(b, c.at)
	}
	return put(b, c.data, c.at)
}

func put(b, data []byte, at int64) []byte {
	if end := at + int64(len(data)); end > int64(len(b)) {
		b = resize(b, end)
	}
	copy(b[at:], data)
	return b
}

// resize cuts b or fills it up with zeros.
func resize(b []byte, size int64) []byte {
	if size <= int64(len(b)) {
		clear(b[size:])
		return b[:size]
	}
	return append(b, make([]byte, size-int64(len(b)))...)
}

// luck decides what a cut leaves.
type luck struct {
	rng   *rand.Rand
	mode  int
	share float64 // of the sectors that survive
}

// Modes of a cut.
const (
	nothing = iota
	everything
	prefix
	scattered
	modes
)

func newLuck(rng *rand.Rand) *luck {
	return &luck{rng: rng, mode: rng.IntN(modes), share: rng.Float64()}
}

// change says of the ith of n changes whether all or nothing of it is left; if
// neither, its sectors are asked for.
func (l *luck) change(i, n int) (whole, none bool) {
	switch l.mode {
	case nothing:
		return false, true
	case everything:
		return true, false
	case prefix:
		edge := int(l.share * float64(n))
		return i < edge, i > edge // the one at the edge is torn
	}
	return false, false
}

func (l *luck) sector() bool { return l.rng.Float64() < l.share }

// entry says whether an unsynced change of the directory is left.
func (l *luck) entry() bool { return l.rng.IntN(2) == 0 }

func sortedKeys(a, b map[string]*file) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}
