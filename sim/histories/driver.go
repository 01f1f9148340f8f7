package histories

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite"
)

// keeping is a driver that keeps prepared statements: a history repeats the
// same few, and reading their SQL is a third of its time.
type keeping struct{ sqlite.Driver }

func init() { sql.Register("sqlite-keeping", &keeping{}) }

// Open implements driver.Driver.
func (k *keeping) Open(name string) (driver.Conn, error) {
	c, err := k.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	return &keeper{c.(inner), map[string]driver.Stmt{}}, nil
}

type inner interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type keeper struct {
	inner
	kept map[string]driver.Stmt
}

// ExecContext implements driver.ExecerContext.
func (k *keeper) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := k.stmt(ctx, query)
	if err != nil || stmt == nil {
		return k.inner.ExecContext(ctx, query, args)
	}
	return stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (k *keeper) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := k.stmt(ctx, query)
	if err != nil || stmt == nil {
		return k.inner.QueryContext(ctx, query, args)
	}
	return stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

// stmt returns a kept statement; nil for one that is not worth keeping: with
// ids in its text, or of another kind than reading and writing rows.
func (k *keeper) stmt(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := k.kept[query]; ok {
		return s, nil
	}
	verb, _, _ := strings.Cut(query, " ")
	switch {
	case verb != "SELECT" && verb != "INSERT" && verb != "UPDATE" && verb != "DELETE", strings.Contains(query, "_sync_doc WHERE id IN ("):
		return nil, nil
	}
	s, err := k.PrepareContext(ctx, query)
	if err == nil {
		k.kept[query] = s
	}
	return s, err
}

// Close implements driver.Conn.
func (k *keeper) Close() error {
	for _, s := range k.kept {
		if err := s.Close(); err != nil {
			return err
		}
	}
	return k.inner.Close()
}
