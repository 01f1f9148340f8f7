package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Months of figures as they were frozen, and reports that are made of figures each
// month (policy 2(2), 4(4)).
func init() {
	m.Register(func(app core.App) error {
		// What was counted in months that are frozen, and what corrects them.
		for _, stmt := range []string{
			`CREATE TABLE metric_cells (seq INTEGER PRIMARY KEY, key TEXT NOT NULL, day TEXT NOT NULL, corrects TEXT NOT NULL, ref TEXT NOT NULL,
				owner TEXT NOT NULL, manager TEXT NOT NULL, dept TEXT NOT NULL, account TEXT NOT NULL, customer TEXT NOT NULL,
				tier TEXT NOT NULL, region TEXT NOT NULL, product TEXT NOT NULL, category TEXT NOT NULL, dim TEXT NOT NULL, also TEXT NOT NULL,
				num INTEGER NOT NULL, den INTEGER NOT NULL)`,
			`CREATE INDEX metric_cells_key_day ON metric_cells (key, day)`,
			`CREATE INDEX metric_cells_key_corrects ON metric_cells (key, corrects) WHERE corrects <> ''`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		month := func(name string) core.Field {
			return &core.TextField{Name: name, Required: true, Pattern: `^\d{4}-(0[1-9]|1[0-2])$`}
		}
		snapshots := table("metric_snapshots", rules{
			see: active + ` && (` + head + ` || @request.auth.role = "finance" || @request.auth.role = "executive" || ` + auditor + `)`,
		},
			month("month"), needs("dept", departments), data("figures"), moment("frozen_at"), ref("frozen_by", users), text("sha256"))
		index(snapshots, true, "dept, month")
		index(snapshots, false, "month")

		defines := `(@request.auth.role = "ka_manager" || @request.auth.role = "dept_manager" || @request.auth.role = "finance" || ` +
			`@request.auth.role = "executive" || @request.auth.role = "admin")`
		own := active + ` && (owner = @request.auth.id || @request.auth.role = "admin")`
		definitions := table("report_definitions", rules{
			see:    active + ` && (owner = @request.auth.id || receivers.id ?= @request.auth.id || ` + auditor + `)`,
			create: active + ` && ` + defines + ` && owner = @request.auth.id`, update: own, remove: own,
		},
			needs("owner", users), must("name"), data("figures"), data("by"), data("filters"),
			oneOf("period", "month", "quarter", "year_to_date"), oneOf("format", "xlsx", "csv"), oneOf("delivery", "mail", "file"),
			&core.RelationField{Name: "receivers", CollectionId: users.Id, MaxSelect: 50, Required: true},
			&core.NumberField{Name: "day", OnlyInt: true, Min: types.Pointer(1.0), Max: types.Pointer(28.0), Required: true},
			flag("active"), text("last_month"))
		index(definitions, false, "owner")
		index(definitions, false, "active, day")
		if err := create(app, snapshots, definitions); err != nil {
			return err
		}
		runs := table("report_runs", rules{see: active + ` && (receiver = @request.auth.id || ` + auditor + `)`},
			part("definition", definitions), needs("receiver", users), must("name"), day("from_date"), day("to_date"),
			oneOf("state", "made", "refused"), text("problem"), whole("rows"), text("sha256"), moment("at"),
			&core.FileField{Name: "file", MaxSelect: 1, MaxSize: 20 << 20, Protected: true})
		index(runs, true, "definition, receiver, to_date")
		index(runs, false, "receiver")
		return create(app, runs)
	}, func(app core.App) error {
		if err := drop(app, "report_runs", "report_definitions", "metric_snapshots"); err != nil {
			return err
		}
		_, err := app.DB().NewQuery("DROP TABLE metric_cells").Execute()
		return err
	})
}
