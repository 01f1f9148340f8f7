package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What credit an account had is the server's to remember on the order, which
// logistics reads: who is asked about it has it in the content of what he signs.
func init() {
	hide := func(hidden bool) func(core.App) error {
		return func(app core.App) error {
			orders, err := app.FindCollectionByNameOrId("orders")
			if err != nil {
				return err
			}
			orders.Fields.GetByName("credit").SetHidden(hidden)
			return app.Save(orders)
		}
	}
	m.Register(hide(true), hide(false))
}
