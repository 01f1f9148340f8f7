package testapp

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"sync/atomic"

	"github.com/pocketbase/dbx"

	"satchel/internal/store"
)

// Brittle opens databases of which a statement may break.
type Brittle struct {
	// Watch is told every statement that is sent to the data within a transaction,
	// and breaks it by an error. Nil while nobody looks.
	Watch func(text string) error

	plain driver.Driver
	name  string
}

var brittles atomic.Int64

// NewBrittle makes one, which is good for one app at a time.
func NewBrittle() (*Brittle, error) {
	db, err := sql.Open("sqlite", "")
	if err != nil {
		return nil, err
	}
	b := &Brittle{plain: db.Driver(), name: fmt.Sprintf("brittle%d", brittles.Add(1))}
	sql.Register(b.name, b)
	return b, db.Close()
}

// Connect opens a database as the server does.
func (b *Brittle) Connect(path string) (*dbx.DB, error) {
	if filepath.Base(path) != store.DataFile {
		return store.ConnectWith(store.Off)(path)
	}
	db, err := store.Open(b.name, path+store.Pragmas(store.DataFile, store.Off))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return dbx.NewFromDB(db.DB(), "sqlite"), nil
}

// Open implements driver.Driver.
func (b *Brittle) Open(name string) (driver.Conn, error) {
	conn, err := b.plain.Open(name)
	if err != nil {
		return nil, err
	}
	return &brittleConn{plainConn: conn.(plainConn), of: b}, nil
}

type (
	brittleConn struct {
		plainConn
		of    *Brittle
		began bool
	}
	plainConn interface {
		driver.Conn
		driver.ConnPrepareContext
		driver.ConnBeginTx
		driver.ExecerContext
	}
	brittleStmt struct {
		driver.Stmt
		conn *brittleConn
		text string
	}
	brittleTx struct {
		driver.Tx
		conn *brittleConn
	}
)

func (c *brittleConn) told(text string) error {
	if !c.began || c.of.Watch == nil {
		return nil
	}
	return c.of.Watch(text)
}

func (c *brittleConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	stmt, err := c.plainConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &brittleStmt{stmt, c, text}, nil
}

func (c *brittleConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.told(text); err != nil {
		return nil, err
	}
	return c.plainConn.ExecContext(ctx, text, args)
}

func (c *brittleConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.plainConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.began = true
	return &brittleTx{tx, c}, nil
}

func (s *brittleStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.conn.told(s.text); err != nil {
		return nil, err
	}
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

func (s *brittleStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.conn.told(s.text); err != nil {
		return nil, err
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (t *brittleTx) Commit() error {
	t.conn.began = false
	return t.Tx.Commit()
}

func (t *brittleTx) Rollback() error {
	t.conn.began = false
	return t.Tx.Rollback()
}
