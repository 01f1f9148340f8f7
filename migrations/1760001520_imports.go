package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What was imported, and which rows each import made: version is a row's
// `updated` as the import left it; of is the row that it came with, empty for
// what stood in the file. head is the last change that phones could see
// when it began.
func init() {
	m.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		imports := table("imports", rules{see: active + ` && (by = @request.auth.id || ` + auditor + `)`},
			ref("by", users), moment("at"), must("collection"), oneOf("mode", "all", "rows"), whole("created_rows"), whole("updated_rows"), whole("head"),
			oneOf("state", "done", "undone"), ref("undone_by", users), moment("undone_at"), text("undone_why"), whole("undone_rows"),
		)
		index(imports, false, "by")
		if err := create(app, imports); err != nil {
			return err
		}
		_, err = app.DB().NewQuery(`CREATE TABLE _import_row (import TEXT NOT NULL, coll TEXT NOT NULL, rec TEXT NOT NULL,
			version TEXT NOT NULL, of TEXT NOT NULL, PRIMARY KEY (import, coll, rec, of)) WITHOUT ROWID`).Execute()
		return err
	}, func(app core.App) error {
		if _, err := app.DB().NewQuery("DROP TABLE _import_row").Execute(); err != nil {
			return err
		}
		return drop(app, "imports")
	})
}
