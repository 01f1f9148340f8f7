package records

import (
	"maps"
	"reflect"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Malformed reports whether a json field of a record cannot be read in its type:
// whoever asks for it would fail.
func Malformed(r *core.Record, column string) bool {
	f, ok := documents[r.Collection().Name][column]
	return ok && f.read(r) != nil
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
