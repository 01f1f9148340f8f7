package syncer

import (
	"sync"
	"time"

	"github.com/pocketbase/dbx"
)

// most is up to how many rows a phone that has a cursor goes on, warned above the
// limit itself.
func most(limit int) int { return limit + limit/2 }

// How long a count of a user's scope is good for, with what was answered since
// on top: long below the limit, above it until somebody may have narrowed a rule.
const (
	sizeKept = time.Hour
	overKept = time.Minute
)

// size is how many rows a scope had when they were counted, and how many it has
// at most by now.
type size struct {
	rows, atMost int
	at           time.Time
}

// sizes remembers those of users, so that a pull of few rows counts nothing.
type sizes struct {
	mu   sync.Mutex
	user map[string]size
}

// usersMost bounds the memory; a company has fewer.
const usersMost = 100_000

// grow adds the rows of an answer, and reports whether what is known holds.
func (z *sizes) grow(user string, puts, limit int, now time.Time) (known size, ok bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	known, ok = z.user[user]
	if !ok {
		return known, false
	}
	known.atMost += puts
	z.user[user] = known
	age := now.Sub(known.at)
	if known.atMost <= limit {
		return known, age < sizeKept
	}
	return known, known.rows > limit && known.atMost <= most(limit) && age < overKept
}

func (z *sizes) counted(user string, rows int, now time.Time) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.user == nil || len(z.user) >= usersMost {
		z.user = map[string]size{}
	}
	z.user[user] = size{rows: rows, atMost: rows, at: now}
}

// measure holds an answer to the limit of rows. A first sync is refused above it;
// a phone that has a cursor goes on up to half as much again, with a warning. rows
// is the size of the scope as it was counted last, 0 if it need not be known.
func (e *Engine) measure(tx dbx.Builder, a *answer) (rows int, err error) {
	if a.p.MaxRows == nil || a.puts() == 0 {
		return 0, nil
	}
	limit, err := a.p.MaxRows()
	if err != nil {
		return 0, err
	}
	all := a.from.reset && a.from.page.Doc == 0
	if all && a.puts() <= limit {
		e.sizes.counted(a.p.User, a.puts(), a.p.Now)
		return 0, nil
	}
	known, ok := e.sizes.grow(a.p.User, a.puts(), limit, a.p.Now)
	rows = known.rows
	if all || !ok {
		if rows, err = ScopeRows(tx, a.p.User); err != nil {
			return 0, err
		}
		e.sizes.counted(a.p.User, rows, a.p.Now)
	}
	if rows <= limit {
		return rows, nil
	}
	switch {
	case a.p.Cursor == "":
		return rows, tooLarge(tx, a.p.User, rows, limit)
	case rows > most(limit):
		return rows, tooLarge(tx, a.p.User, rows, most(limit))
	}
	a.warning = &Warning{Code: "scope_large", Params: map[string]any{"rows": rows, "limit": limit, "most": most(limit)}}
	if a.p.Word != nil {
		a.p.Word(a.warning)
	}
	return rows, nil
}
