package store

import (
	"container/list"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// keptMost bounds the compiled statements that one connection holds, at about
// 10 KB each.
const keptMost = 128

// Open is dbx.Open for an SQLite driver whose connections keep compiled
// statements: PocketBase and the sync engine send the same few texts over and
// over, and to compile one costs more than to run it.
//
// SQLite itself compiles a kept statement again when the schema has changed.
func Open(driverName, source string) (*dbx.DB, error) {
	plain, err := sql.Open(driverName, source)
	if err != nil {
		return nil, err
	}
	opener := plain.Driver()
	if err := plain.Close(); err != nil { // it has connected to nothing
		return nil, err
	}
	return dbx.NewFromDB(sql.OpenDB(&keeper{opener, driverName, source}), driverName), nil
}

// keeper opens connections that keep statements. It implements driver.Connector.
type keeper struct {
	driver driver.Driver
	name   string
	source string
}

func (k *keeper) Driver() driver.Driver { return k.driver }

func (k *keeper) Connect(context.Context) (driver.Conn, error) {
	inner, err := k.driver.Open(k.source)
	if err != nil {
		return nil, err
	}
	c, ok := inner.(sqlite)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's %T cannot be kept", inner), inner.Close())
	}
	interrupt, err := interrupter(k.name, inner)
	if err != nil {
		return nil, errors.Join(err, inner.Close())
	}
	return &keeping{sqlite: c, interrupt: interrupt, byText: map[string]*list.Element{}}, nil
}

// sqlite is what both drivers in use offer.
type sqlite interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
}

// keeping is a connection with its idle compiled statements. A statement at work
// is not among them, so that the same text may be asked again inside a loop over
// its rows. database/sql lets one goroutine at a time into a connection.
type keeping struct {
	sqlite
	interrupt func()                   // nil if the driver obeys a context at every row
	byText    map[string]*list.Element // of *kept
	recent    list.List                // the front was used last
	broken    error                    // why rows broke off since the transaction began
}

type kept struct {
	text string
	stmt driver.Stmt
}

// take returns the compiled statement of a text, which nobody else has meanwhile.
func (c *keeping) take(ctx context.Context, text string) (*kept, error) {
	if at, ok := c.byText[text]; ok {
		delete(c.byText, text)
		return c.recent.Remove(at).(*kept), nil
	}
	stmt, err := c.sqlite.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &kept{text, stmt}, nil
}

// give puts a statement back. One that failed is not used again.
func (c *keeping) give(k *kept, failed error) error {
	if _, twice := c.byText[k.text]; twice || failed != nil {
		return k.stmt.Close()
	}
	c.byText[k.text] = c.recent.PushFront(k)
	if len(c.byText) <= keptMost {
		return nil
	}
	oldest := c.recent.Remove(c.recent.Back()).(*kept)
	delete(c.byText, oldest.text)
	return oldest.stmt.Close()
}

// ExecContext implements driver.ExecerContext. Without arguments it may be a
// script, which is no one statement.
func (c *keeping) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return c.sqlite.ExecContext(ctx, text, args)
	}
	text, args, err := c.unwrap(text, args)
	if err != nil {
		return nil, err
	}
	k, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	out, err := k.stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	return out, errors.Join(err, c.give(k, err))
}

// QueryContext implements driver.QueryerContext. It ends by ctx, and by the bound
// of Within, also after the first row.
func (c *keeping) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	text, args, err := c.unwrap(text, args)
	if err != nil {
		return nil, err
	}
	var of *kept
	return c.query(ctx, func(ctx context.Context) (out driver.Rows, err error) {
		if of, err = c.take(ctx, text); err != nil {
			return nil, err
		}
		if out, err = of.stmt.(driver.StmtQueryContext).QueryContext(ctx, args); err != nil {
			return nil, errors.Join(err, c.give(of, err))
		}
		return out, nil
	}, func(err error) error { return c.give(of, err) })
}

// Close implements driver.Conn.
func (c *keeping) Close() error {
	var err error
	for at := c.recent.Front(); at != nil; at = at.Next() {
		err = errors.Join(err, at.Value.(*kept).stmt.Close())
	}
	return errors.Join(err, c.sqlite.Close())
}

// ResetSession implements driver.SessionResetter.
func (c *keeping) ResetSession(ctx context.Context) error {
	if r, ok := c.sqlite.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

// IsValid implements driver.Validator.
func (c *keeping) IsValid() bool {
	v, ok := c.sqlite.(driver.Validator)
	return !ok || v.IsValid()
}
