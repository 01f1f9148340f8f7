package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Blocks of numbers that phones, and the server itself, give documents (policy
// 4(3)2). An order that comes without a number is given one.
func init() {
	optional := func(app core.App, required bool) error {
		orders, err := app.FindCollectionByNameOrId("orders")
		if err != nil {
			return err
		}
		orders.Fields.GetByName("no").(*core.TextField).Required = required
		return app.Save(orders)
	}
	m.Register(func(app core.App) error {
		found, err := find(app, "users")
		if err != nil {
			return err
		}
		leases := table("number_leases", rules{see: active + ` && (@request.auth.role = "finance" || ` + auditor + `)`},
			must("kind"), must("series"), whole("first"), whole("last"), whole("next"), text("device"), ref("user", found[0]),
			oneOf("state", "active", "returned", "expired", "lost"), flag("shown"), moment("given_at"), moment("ended_at"), data("dropped"))
		index(leases, true, "kind, series, first")
		index(leases, false, "device, state")
		index(leases, false, "user")
		if err := create(app, leases); err != nil {
			return err
		}
		return optional(app, false)
	}, func(app core.App) error {
		if err := optional(app, true); err != nil {
			return err
		}
		return drop(app, "number_leases")
	})
}
