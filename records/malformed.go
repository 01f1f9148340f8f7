package records

import (
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Malformed lists the json fields of a record that its type cannot read: whoever
// asks for one would fail.
func Malformed(r *core.Record) (columns []string) {
	readers := documents[r.Collection().Name]
	for _, col := range slices.Sorted(maps.Keys(readers)) {
		if readers[col](r) != nil {
			columns = append(columns, col)
		}
	}
	return columns
}

// Documents are the columns of a collection whose JSON has a type.
func Documents(collection string) []string {
	return slices.Sorted(maps.Keys(documents[collection]))
}

func reads[T any](col string) func(*core.Record) error {
	return func(r *core.Record) error {
		_, err := decoded[T](r, col)
		return err
	}
}
