package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// A contact who asked to be forgotten leaves a row that says so, when and why.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "contacts")
		if err != nil {
			return err
		}
		found[0].Fields.Add(moment("forgotten_at"), text("forgotten_why"))
		return create(app, found...)
	}, func(app core.App) error { return removeFields(app, "contacts", nil, "forgotten_at", "forgotten_why") })
}
