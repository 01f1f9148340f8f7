package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// broke notes that rows ended before they were all there, and not because their
// time was over. Who reads them by dbx takes those that came for all: neither its
// All nor its Column asks.
func (r *rows) broke(err error) {
	r.conn.broken = err
	for b := r.bound; b != nil; b = b.outer {
		b.broken.CompareAndSwap(nil, &err)
	}
}

// BeginTx implements driver.ConnBeginTx.
func (c *keeping) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.sqlite.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.broken = nil
	return &transaction{tx, c}, nil
}

// transaction commits nothing that may have been decided on rows that broke off.
type transaction struct {
	driver.Tx
	conn *keeping
}

// Commit implements driver.Tx.
func (t *transaction) Commit() error {
	if broken := t.conn.broken; broken != nil {
		return errors.Join(fmt.Errorf("rows of the transaction broke off: %w", broken), t.Rollback())
	}
	return t.Tx.Commit()
}
