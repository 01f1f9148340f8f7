package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// query runs a statement within its time. closed is told once when its rows are
// closed, and how that went.
func (c *keeping) query(ctx context.Context, run func(ctx context.Context) (driver.Rows, error), closed func(error) error) (driver.Rows, error) {
	r := &rows{conn: c, bound: boundBy(goroutineLabels()), release: func() {}, closed: closed}
	if r.bound.over() {
		return nil, ErrOver
	}
	if r.bound != nil {
		both, cancel := context.WithCancel(ctx)
		stop := context.AfterFunc(r.bound.ctx, cancel)
		ctx, r.release = both, func() { stop(); cancel() }
	}
	var err error
	if r.Rows, err = run(ctx); err != nil {
		r.release()
		return nil, r.why(err)
	}
	if c.interrupt != nil && ctx.Done() != nil && (r.bound == nil || !r.bound.lenient) {
		r.watch = newWatch(ctx, c.interrupt)
	}
	return r, nil
}

// rows are at work until they are closed.
type rows struct {
	driver.Rows
	conn    *keeping
	bound   *bound
	watch   *watch
	release func()
	closed  func(error) error
}

// Next implements driver.Rows.
func (r *rows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err != nil && !errors.Is(err, io.EOF) {
		if err = r.why(err); !errors.Is(err, ErrOver) {
			r.broke(err)
		}
		return err
	}
	if err == nil {
		err = r.bound.weigh(dest)
	}
	return err
}

// why tells that an interruption was one.
func (r *rows) why(err error) error {
	if r.bound.over() {
		return errors.Join(ErrOver, err)
	}
	return err
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	r.watch.end()
	r.release()
	err := r.Rows.Close()
	return errors.Join(err, r.closed(err))
}

// prepared is a statement that somebody keeps himself.
type prepared struct {
	driver.Stmt
	conn *keeping
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *keeping) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	stmt, err := c.sqlite.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &prepared{stmt, c}, nil
}

// ExecContext implements driver.StmtExecContext.
func (p *prepared) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return p.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext implements driver.StmtQueryContext, as that of a connection.
func (p *prepared) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return p.conn.query(ctx, func(ctx context.Context) (driver.Rows, error) {
		return p.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	}, func(error) error { return nil })
}
