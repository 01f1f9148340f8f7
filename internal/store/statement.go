package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
)

// Statement is a text with its arguments in their order, for texts that are written
// once: dbx reads a text anew each time, which for an insert of sixty columns takes as
// long as the insert. It runs on databases that Open opened.
type Statement struct {
	SQL  string
	Args []any
}

// whole is all that dbx reads of a Statement.
const whole = "{:statement}"

// Exec runs the statement.
func (s *Statement) Exec(ctx context.Context, tx dbx.Builder) (sql.Result, error) {
	return tx.NewQuery(whole).WithContext(ctx).Bind(dbx.Params{"statement": s}).Execute()
}

// Scan runs the statement and reads the one row of its answer; sql.ErrNoRows if there
// is none.
func (s *Statement) Scan(ctx context.Context, tx dbx.Builder, into ...any) error {
	return tx.NewQuery(whole).WithContext(ctx).Bind(dbx.Params{"statement": s}).Row(into...)
}

// Placeholders are n question marks with commas between.
func Placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// CheckNamedValue implements driver.NamedValueChecker.
func (c *keeping) CheckNamedValue(v *driver.NamedValue) error {
	if _, ok := v.Value.(*Statement); ok {
		return nil
	}
	return driver.ErrSkip
}

// unwrap gives the text and the arguments of what dbx sent.
func (c *keeping) unwrap(text string, args []driver.NamedValue) (string, []driver.NamedValue, error) {
	if len(args) != 1 {
		return text, args, nil
	}
	s, ok := args[0].Value.(*Statement)
	if !ok {
		return text, args, nil
	}
	out := make([]driver.NamedValue, len(s.Args))
	for i, a := range s.Args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return "", nil, fmt.Errorf("argument %d of %s: %w", i+1, s.SQL, err)
		}
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return s.SQL, out, nil
}
