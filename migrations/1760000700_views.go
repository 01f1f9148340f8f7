package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What somebody may know of a row without seeing the row.
func init() {
	m.Register(func(app core.App) error {
		for _, v := range []struct{ name, see, query string }{
			{"people", active, "SELECT id, name, role, department FROM users WHERE active = true"},
			{
				"account_names",
				active + ` && (@request.auth.role = "market" || @request.auth.role = "product" || @request.auth.role = "service" || ` + auditor + `)`,
				"SELECT id, name FROM accounts",
			},
			{
				"order_status", active + ` && (@request.auth.role = "service" || ` + auditor + `)`,
				"SELECT id, no, account, state FROM orders",
			},
		} {
			c := core.NewViewCollection(v.name)
			c.ViewQuery = v.query
			c.ListRule, c.ViewRule = rule(v.see), rule(v.see)
			if err := create(app, c); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		return drop(app, "order_status", "account_names", "people")
	})
}
