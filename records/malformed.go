package records

import (
	"maps"
	"reflect"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Malformed lists the json fields of a record that its type cannot read: whoever
// asks for one would fail.
func Malformed(r *core.Record) (columns []string) {
	fields := documents[r.Collection().Name]
	for _, col := range slices.Sorted(maps.Keys(fields)) {
		if fields[col].read(r) != nil {
			columns = append(columns, col)
		}
	}
	return columns
}

// Documents are the columns of a collection whose JSON has a type.
func Documents(collection string) []string {
	return slices.Sorted(maps.Keys(documents[collection]))
}

// DocumentType is the type of a json field; nil for one that has none.
func DocumentType(collection, column string) reflect.Type { return documents[collection][column].of }

// known is a json field that has a type.
type known struct {
	of   reflect.Type
	read func(*core.Record) error
}

func reads[T any](col string) known {
	return known{reflect.TypeFor[T](), func(r *core.Record) error {
		_, err := decoded[T](r, col)
		return err
	}}
}
