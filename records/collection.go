package records

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Collection finds and makes rows of type R. A finder tells none, which is an
// answer, from a fault, which is an error and worth another try.
type Collection[R any, ID ~string] struct {
	name string
	of   func(*core.Record) R
}

// Name is the collection's name, which its table has too.
func (c Collection[R, ID]) Name() string { return c.name }

// Of takes a record of this collection; one of another is a fault of the program.
func (c Collection[R, ID]) Of(record *core.Record) R {
	if name := record.Collection().Name; name != c.name {
		panic("a record of " + name + " is no row of " + c.name)
	}
	return c.of(record)
}

// New makes a row that is not stored yet.
func (c Collection[R, ID]) New(app core.App) (row R, err error) {
	coll, err := app.FindCachedCollectionByNameOrId(c.name)
	if err != nil {
		return row, fmt.Errorf("find collection %s: %w", c.name, err)
	}
	return c.of(core.NewRecord(coll)), nil
}

// Find reads the row of an id; an empty id has none.
func (c Collection[R, ID]) Find(app core.App, id ID) (row R, found bool, err error) {
	if id == "" {
		return row, false, nil
	}
	record, err := app.FindRecordById(c.name, string(id))
	return c.one(record, err)
}

// Require reads the row of an id that something refers to; none is a fault.
func (c Collection[R, ID]) Require(app core.App, id ID) (row R, err error) {
	row, found, err := c.Find(app, id)
	if err == nil && !found {
		err = fmt.Errorf("%s has no row %q", c.name, id)
	}
	return row, err
}

// First reads the first row for which a condition in SQL holds, in an order of
// columns ("account, at DESC"; may be empty).
func (c Collection[R, ID]) First(app core.App, where string, params dbx.Params, order string) (row R, found bool, err error) {
	record := &core.Record{}
	err = c.query(app, where, params, order).Limit(1).One(record)
	return c.one(record, err)
}

// All reads all rows for which a condition in SQL holds, in an order of columns
// ("account, at DESC"; may be empty).
func (c Collection[R, ID]) All(app core.App, where string, params dbx.Params, order string) ([]R, error) {
	var found []*core.Record
	if err := c.query(app, where, params, order).All(&found); err != nil {
		return nil, fmt.Errorf("read %s: %w", c.name, err)
	}
	rows := make([]R, len(found))
	for i, record := range found {
		rows[i] = c.of(record)
	}
	return rows, nil
}

// Count counts the rows for which a condition in SQL holds.
func (c Collection[R, ID]) Count(app core.App, where string, params dbx.Params) (n int, err error) {
	if err := c.query(app, where, params, "").Select("COUNT(*)").Row(&n); err != nil {
		return 0, fmt.Errorf("count %s: %w", c.name, err)
	}
	return n, nil
}

func (c Collection[R, ID]) query(app core.App, where string, params dbx.Params, order string) *dbx.SelectQuery {
	query := app.RecordQuery(c.name)
	if where != "" {
		query.AndWhere(dbx.NewExp(where, params))
	}
	for _, column := range strings.FieldsFunc(order, func(r rune) bool { return r == ',' }) {
		query.AndOrderBy(strings.TrimSpace(column))
	}
	return query
}

func (c Collection[R, ID]) one(record *core.Record, err error) (row R, found bool, _ error) {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return row, false, nil
	case err != nil:
		return row, false, fmt.Errorf("find a row of %s: %w", c.name, err)
	}
	return c.of(record), true, nil
}
