package store_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/dbx"
	sqlite "modernc.org/sqlite"

	"satchel/internal/store"
)

// fragile is a driver whose disk cannot be read on, after so many rows of a query
// for parts.
type fragile struct {
	sqlite.Driver
	after atomic.Int32 // negative for never
}

var (
	weak      = &fragile{}
	errUnread = errors.New("disk I/O error (SQLITE_IOERR)")
)

func init() {
	weak.after.Store(-1)
	sql.Register("fragile", weak)
}

type conn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
}

type fragileConn struct{ conn }

func (f *fragile) Open(name string) (driver.Conn, error) {
	inner, err := f.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	return fragileConn{inner.(conn)}, nil
}

func (c fragileConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	stmt, err := c.conn.PrepareContext(ctx, text)
	return fragileStmt{stmt}, err
}

type fragileStmt struct{ driver.Stmt }

func (s fragileStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (s fragileStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	out, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	return &fragileRows{Rows: out}, err
}

type fragileRows struct {
	driver.Rows
	n int32
}

func (r *fragileRows) Next(dest []driver.Value) error {
	if after := weak.after.Load(); after >= 0 && r.n >= after {
		return errUnread
	}
	r.n++
	return r.Rows.Next(dest)
}

// breaks opens a database whose rows break off after the first, while fn runs.
func breaks(t *testing.T) (db *dbx.DB, while func(fn func())) {
	t.Helper()
	db, err := store.Open("fragile", filepath.Join(t.TempDir(), "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.DB().SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	run(t, db, "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)")
	return db, func(fn func()) {
		weak.after.Store(1)
		defer weak.after.Store(-1)
		fn()
	}
}

// TestNothingIsDecidedOnRowsThatBrokeOff: dbx takes what came for all, so what is
// written then is not committed; the next transaction is.
func TestNothingIsDecidedOnRowsThatBrokeOff(t *testing.T) {
	db, while := breaks(t)
	write := func(fault bool) error {
		return db.Transactional(func(tx *dbx.Tx) error {
			var ids []int
			read := func() { _ = tx.NewQuery("SELECT id FROM t ORDER BY id").Column(&ids) }
			if fault {
				while(read)
			} else {
				read()
			}
			_, err := tx.NewQuery("INSERT INTO t VALUES ({:id})").Bind(dbx.Params{"id": len(ids) + 100}).Execute()
			return err
		})
	}
	if err := write(true); !errors.Is(err, errUnread) {
		t.Errorf("it ends with %v", err)
	}
	if err := write(false); err != nil {
		t.Error(err)
	}
	var ids []int
	if err := db.NewQuery("SELECT id FROM t WHERE id > 3").Column(&ids); err != nil || len(ids) != 1 || ids[0] != 103 {
		t.Errorf("written: %v, %v", ids, err)
	}
}

// TestWithinTellsOfRowsThatBrokeOff, though who read them was told nothing.
func TestWithinTellsOfRowsThatBrokeOff(t *testing.T) {
	db, while := breaks(t)
	read := func() (cut bool, err error) {
		return store.Within(t.Context(), func() error {
			var ids []int
			err := db.NewQuery("SELECT id FROM t").Column(&ids)
			if len(ids) < 3 && !store.Cut() {
				t.Errorf("%v count as all", ids)
			}
			return err
		})
	}
	while(func() {
		if cut, err := read(); cut || !errors.Is(err, errUnread) {
			t.Errorf("cut %v, %v", cut, err)
		}
	})
	if cut, err := read(); cut || err != nil {
		t.Errorf("cut %v, %v", cut, err)
	}
}
