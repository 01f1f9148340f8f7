package logins

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// most bounds the memory of counts, at some 200 bytes each.
const most = 50_000

// pace is how many tries there are at once, and after how long one comes back.
type pace struct {
	tries int
	every time.Duration
}

// count is one thing that a try is counted for.
type count struct {
	key [16]byte
	pace
}

// book keeps what is spent of each count.
type book struct {
	mu    sync.Mutex
	rows  map[[16]byte]*row
	most  int
	lines int64 // ever written
}

type row struct {
	bucket *rate.Limiter
	line   int64 // of the book, when it was opened
	told   bool  // that it is used up
}

func newBook(n int) *book { return &book{rows: map[[16]byte]*row{}, most: cmp.Or(n, most)} }

// taken is a try that was let through.
type taken struct {
	book  *book
	at    time.Time
	parts []*rate.Reservation
}

// take spends one try of every count, or of none: then wait is how long there is
// none, and first whether nobody has been told so yet.
func (b *book) take(now time.Time, counts []count) (t taken, wait time.Duration, first bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.makeRoom(now, len(counts))
	rows := make([]*row, len(counts))
	for i, c := range counts {
		r := b.open(now, c)
		rows[i] = r
		if left := r.bucket.TokensAt(now); left < 1 {
			wait = max(wait, time.Duration((1-left)*float64(c.every)))
			first = first || !r.told
			r.told = true
		}
	}
	if wait > 0 {
		return taken{}, wait, first
	}
	t = taken{book: b, at: now}
	for _, r := range rows {
		r.told = false
		t.parts = append(t.parts, r.bucket.ReserveN(now, 1))
	}
	return t, 0, false
}

// giveBack undoes the try, which was none: as of its own moment, since the library
// lets nobody take back what was used before the moment that it is told.
func (t taken) giveBack() {
	t.book.mu.Lock()
	defer t.book.mu.Unlock()
	for _, part := range t.parts {
		part.CancelAt(t.at)
	}
}

// clear forgets what was spent of a count.
func (b *book) clear(key [16]byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.rows, key)
}

// open returns the row of a count, with the pace of now. The caller holds mu.
func (b *book) open(now time.Time, c count) *row {
	limit, r := rate.Every(c.every), b.rows[c.key]
	if r == nil {
		b.lines++
		r = &row{bucket: rate.NewLimiter(limit, c.tries), line: b.lines}
		b.rows[c.key] = r
	}
	if r.bucket.Limit() != limit || r.bucket.Burst() != c.tries { // a setting has changed
		r.bucket.SetLimitAt(now, limit)
		r.bucket.SetBurstAt(now, c.tries)
	}
	return r
}

// makeRoom forgets a sixteenth of a book that has no room for n rows: the rows that have the least
// spent, and of equal ones the newest. Who writes the book full with invented
// names so wipes out his own tries, not those that count against somebody.
func (b *book) makeRoom(now time.Time, n int) {
	if len(b.rows)+n <= b.most {
		return
	}
	type old struct {
		key   [16]byte
		spent float64
		line  int64
	}
	all := make([]old, 0, len(b.rows))
	for key, r := range b.rows {
		all = append(all, old{key, max(0, float64(r.bucket.Burst())-r.bucket.TokensAt(now)), r.line})
	}
	slices.SortFunc(all, func(x, y old) int {
		return cmp.Or(cmp.Compare(x.spent, y.spent), cmp.Compare(y.line, x.line))
	})
	for i, o := range all {
		if o.spent > 0 && i >= max(n, b.most/16) {
			return
		}
		delete(b.rows, o.key)
	}
}
