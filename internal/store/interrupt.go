package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"sync"

	sqlite3 "modernc.org/sqlite/lib"
)

// modernc is the name of the driver that obeys a context until the first row only.
const modernc = "sqlite"

// interrupter returns what stops all that a connection has at work; nil if its
// driver does that by itself. It may be called from any goroutine while the
// connection is open.
func interrupter(driverName string, conn driver.Conn) (func(), error) {
	if driverName != modernc {
		return nil, nil
	}
	v := reflect.ValueOf(conn)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct || v.Elem().FieldByName("db").Kind() != reflect.Uintptr {
		return nil, fmt.Errorf("the driver's %T shows no handle by which it could be interrupted", conn)
	}
	db := uintptr(v.Elem().FieldByName("db").Uint())
	return func() { sqlite3.Xsqlite3_interrupt(nil, db) }, nil // it sets a flag in db and needs no thread
}

// watch interrupts a statement that is at work on its rows when its time is over.
type watch struct {
	stop      func() bool
	interrupt func()

	mu   sync.Mutex
	over bool // the statement is: from now on the connection is another's
}

func newWatch(ctx context.Context, interrupt func()) *watch {
	w := &watch{interrupt: interrupt}
	w.stop = context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.over {
			w.interrupt()
		}
	})
	return w
}

// end lets nothing be interrupted any more.
func (w *watch) end() {
	if w == nil {
		return
	}
	w.stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
}
