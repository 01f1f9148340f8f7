package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Gifts that stay with the customer though the goods that they were for came back
// (policy 4(3)3).
func init() {
	m.Register(func(app core.App) error {
		returns, err := app.FindCollectionByNameOrId("returns")
		if err != nil {
			return err
		}
		returns.Fields.Add(data("gift_due"), whole("gift_fen"))
		return app.Save(returns)
	}, func(app core.App) error {
		return removeFields(app, "returns", nil, "gift_due", "gift_fen")
	})
}
