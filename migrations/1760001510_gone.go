package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Rows that went in good order since the last fold: coll is a collection's id,
// rec a row's. What the fold sees gone without a row here went past the hooks.
func init() {
	m.Register(func(app core.App) error {
		_, err := app.DB().NewQuery("CREATE TABLE _gone (coll TEXT NOT NULL, rec TEXT NOT NULL, PRIMARY KEY (coll, rec)) WITHOUT ROWID").Execute()
		return err
	}, func(app core.App) error {
		_, err := app.DB().NewQuery("DROP TABLE _gone").Execute()
		return err
	})
}
