package saves

import "github.com/pocketbase/pocketbase/core"

// raw is a field's value as the record keeps it.
func raw(record *core.Record, name string) any { return record.GetRaw(name) }

// stored is a field's value as its column keeps it.
func stored(record *core.Record, f core.Field) (any, error) {
	if v, ok := f.(core.DriverValuer); ok {
		return v.DriverValue(record)
	}
	return raw(record, f.GetName()), nil
}
