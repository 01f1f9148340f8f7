package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/store"
)

// dear yields its first row at once and needs an hour for the second.
const dear = `SELECT 1 AS n UNION ALL
	SELECT (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000000000) SELECT count(*) FROM c)`

// readTwo reads the first row of a query, calls then, and asks for the second.
func readTwo(db dbx.Builder, ctx context.Context, then func()) error {
	q := db.NewQuery(dear)
	if ctx != nil {
		q.WithContext(ctx)
	}
	return secondOf(q, then)
}

func secondOf(q *dbx.Query, then func()) error {
	rows, err := q.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return errors.New("there is no first row")
	}
	then()
	if rows.Next() {
		return errors.New("there is a second row")
	}
	return rows.Err()
}

// TestASecondRowThatIsDearEnds by the context of its query, and the connection
// serves the next.
func TestASecondRowThatIsDearEnds(t *testing.T) {
	db := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	if err := readTwo(db, ctx, func() { time.AfterFunc(20*time.Millisecond, cancel) }); err == nil {
		t.Error("it has no error")
	}
	var n int
	if err := db.NewQuery("SELECT count(*) FROM t").Row(&n); err != nil || n != 3 {
		t.Errorf("%d, %v", n, err)
	}
}

// TestWithin ends the statements of a goroutine and of those that it starts, at
// the first row and at the second, and lets no other begin.
func TestWithin(t *testing.T) {
	db := open(t)
	for name, run := range map[string]func() error{
		"here":                      func() error { return readTwo(db, nil, func() {}) },
		"in another goroutine":      func() error { c := make(chan error); go func() { c <- readTwo(db, nil, func() {}) }(); return <-c },
		"with a context of its own": func() error { return readTwo(db, t.Context(), func() {}) },
		"prepared": func() error {
			q := db.NewQuery(dear).Prepare()
			defer q.Close()
			return secondOf(q, func() {})
		},
		"at its first row": func() error {
			var n int
			return db.NewQuery("SELECT sum(n) FROM (" + dear + ")").Row(&n)
		},
		"within a longer one": func() error {
			_, err := store.Within(t.Context(), func() error { return readTwo(db, nil, func() {}) })
			return err
		},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		cut, err := store.Within(ctx, func() error {
			if err := run(); !errors.Is(err, store.ErrOver) {
				t.Errorf("%s: %v", name, err)
			}
			var n int
			return db.NewQuery("SELECT count(*) FROM t").Row(&n)
		})
		if !cut || !errors.Is(err, store.ErrOver) {
			t.Errorf("%s: after it, cut %v: %v", name, cut, err)
		}
		cancel()
		var n int
		if err := db.NewQuery("SELECT count(*) FROM t").Row(&n); err != nil || n != 3 {
			t.Errorf("%s: behind it %d, %v", name, n, err)
		}
	}
}

// TestWithinTellsWhatTheBuilderDoesNot: it takes the rows that came for all.
func TestWithinTellsWhatTheBuilderDoesNot(t *testing.T) {
	db := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	cut, err := store.Within(ctx, func() error {
		var n []int
		return db.NewQuery(dear).Column(&n)
	})
	if !cut || err != nil && !errors.Is(err, store.ErrOver) {
		t.Errorf("cut %v: %v", cut, err)
	}
}

// TestWithinLeavesAloneWhatIsInTime, and what is another's.
func TestWithinLeavesAloneWhatIsInTime(t *testing.T) {
	db := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cut, err := store.Within(ctx, func() error {
		var n int
		for range 1000 {
			if err := db.NewQuery("SELECT count(*) FROM t").Row(&n); err != nil {
				return err
			}
		}
		return nil
	})
	if cut || err != nil {
		t.Errorf("cut %v: %v", cut, err)
	}
	other, tell := make(chan error), make(chan struct{})
	go func() {
		<-tell
		var n int
		other <- db.NewQuery("SELECT count(*) FROM t").Row(&n)
	}()
	if cut, err := store.Within(ctx, func() error { cancel(); tell <- struct{}{}; return <-other }); cut || err != nil {
		t.Errorf("of another: cut %v: %v", cut, err)
	}
}
