package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"

	"satchel/domain/analysis"
)

// store holds the facts in memory. It knows what is committed and nothing else: of a
// transaction's own facts its reader gets a view that nobody else sees.
type store struct {
	mu      sync.Mutex
	columns *analysis.Columns
}

func newStore() *store { return &store{columns: analysis.NewColumns()} }

// view is what a reading sees of the facts, and up to which one. committed says that
// the reading sees nothing that may be taken back.
func (s *store) view(ctx context.Context, db dbx.Builder, committed bool) (v analysis.View, upto int64, err error) {
	if err := db.NewQuery("SELECT COALESCE(MAX(seq), 0) FROM sales_facts").WithContext(ctx).Row(&upto); err != nil {
		return v, 0, fmt.Errorf("find the last fact: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if upto <= s.columns.Upto() {
		return s.columns.At(upto), upto, nil
	}
	if committed {
		if err := load(ctx, db, s.columns, upto); err != nil {
			return v, 0, err
		}
		return s.columns.At(upto), upto, nil
	}
	own := s.columns.Clone()
	if err := load(ctx, db, own, upto); err != nil {
		return v, 0, err
	}
	return own.At(upto), upto, nil
}

// load adds the facts that columns do not have, up to a seq. What it added before a
// fault is committed and stays.
func load(ctx context.Context, db dbx.Builder, into *analysis.Columns, upto int64) error {
	rows, err := db.NewQuery("SELECT seq, " + analysis.FactColumns + " FROM sales_facts WHERE seq > {:from} AND seq <= {:upto} ORDER BY seq").
		Bind(dbx.Params{"from": into.Upto(), "upto": upto}).WithContext(ctx).Rows()
	if err != nil {
		return fmt.Errorf("read facts: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var f analysis.Fact
	columns := f.Into()
	for i := range columns {
		if text, is := columns[i].(*[]byte); is {
			columns[i] = (*sql.RawBytes)(text) // not copied: the columns have it in their dictionaries
		}
	}
	for rows.Next() {
		if err := rows.Scan(columns...); err != nil {
			return fmt.Errorf("read a fact: %w", err)
		}
		if err := into.Add(&f); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read facts: %w", err)
	}
	return nil
}
