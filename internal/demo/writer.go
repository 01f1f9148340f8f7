package demo

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
)

// writer inserts rows with one prepared statement per table. It passes by the
// hooks; the capture triggers see every row.
type writer struct {
	tx         dbx.Builder
	statements map[string]*dbx.Query
	rows       int
}

func newWriter(tx dbx.Builder) *writer {
	return &writer{tx: tx, statements: map[string]*dbx.Query{}}
}

// insert adds a row. All rows with the same table and columns share a statement;
// columns that are left out take the table's defaults.
func (w *writer) insert(table string, row dbx.Params) error {
	columns := slices.Sorted(maps.Keys(row))
	key := table + "(" + strings.Join(columns, ",") + ")"
	query, ok := w.statements[key]
	if !ok {
		query = w.tx.NewQuery("INSERT INTO {{" + table + "}} ([[" + strings.Join(columns, "]],[[") + "]]) VALUES ({:" +
			strings.Join(columns, "},{:") + "})").Prepare()
		w.statements[key] = query
	}
	if _, err := query.Bind(row).Execute(); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	w.rows++
	return nil
}

func (w *writer) close() {
	for _, q := range w.statements {
		_ = q.Close()
	}
}

// toJSON encodes a value that always can be.
func toJSON(v any) string {
	out, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	return string(out)
}
