package kit

import "github.com/pocketbase/pocketbase/core"

// The columns that rows of many collections share are read and written here by their
// names: the state of a machine, whose row it is, its account, manager and department.

func column(record *core.Record, name string) string { return record.GetString(name) }

func setColumn(record *core.Record, name, value string) { record.Set(name, value) }
