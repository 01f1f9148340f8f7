package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What orders hold of promotions is the server's bookkeeping, several rows for each
// line: phones read what was given on the lines, and what caps have left on the
// promotions.
func init() {
	m.Register(func(app core.App) error {
		return dropRules(app, "promotion_uses")
	}, func(app core.App) error {
		return addRule(app, "promotion_uses", "down", 165, nil, moneyKeys...)
	})
}
