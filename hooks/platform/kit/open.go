package kit

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/records"
)

// Open counts rows that somebody would leave undone: those that a condition, in SQL
// with {:user}, holds for.
func Open[R any, ID ~string](c records.Collection[R, ID], where string) func(app core.App, user string) (int64, error) {
	return func(app core.App, user string) (int64, error) {
		n, err := c.Count(app, where, map[string]any{"user": user})
		return int64(n), err
	}
}
