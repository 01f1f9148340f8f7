package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// A part of an invoice keeps the tax that it took, so that all parts come to the invoice's.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "expense_uses")
		if err != nil {
			return err
		}
		found[0].Fields.Add(notBelow("tax_fen"))
		return app.Save(found[0])
	}, func(app core.App) error {
		return removeFields(app, "expense_uses", nil, "tax_fen")
	})
}
