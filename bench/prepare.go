package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/store"
	_ "satchel/migrations"
)

// The field is a company whose reps share many products, and whose manager has
// many accounts.
const (
	fieldProducts = 4_900
	fieldAccounts = 2_400
	movedAccounts = 300
	movedVisits   = 20 // of each
	crowdSize     = 100
	stormSize     = 1_000
	moreRows      = 10_000 // that a rep with many visits may hold beside them
	fleetSize     = 1_000  // reps beside the company's, each with a login, a phone and an account
)

// refill is after how long a phone that asked as often as it may at once, 60
// times, may do so again: limits stand here as they come.
const refill = 13 * time.Second

// prepare builds a data directory with a company, a fleet, and more beside it.
// rows is how many a phone may hold, 0 for the usual number. No limit is switched
// off: each phone comes from an address of its own, as behind a proxy.
func prepare(dir string, opt demo.Options, rows int, more func(app core.App) error) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	bound := hooks.MustBind(app, hooks.Config{Now: time.Now, Manual: true})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	defer app.ClearBootstrap() //nolint:errcheck // the folder is read by another process next
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if _, err := demo.Build(app, opt); err != nil {
		return fmt.Errorf("failed to build the company: %w", err)
	}
	app.Settings().TrustedProxy.Headers = []string{addressHeader}
	if err := app.Save(app.Settings()); err != nil {
		return err
	}
	if rows > 0 {
		settings, err := app.FindCollectionByNameOrId("settings")
		if err != nil {
			return err
		}
		limit := core.NewRecord(settings)
		limit.Load(map[string]any{"key": "sync.max_scope_rows", "value": rows})
		if err := app.Save(limit); err != nil {
			return err
		}
	}
	if err := fleet(app); err != nil {
		return err
	}
	if more != nil {
		if err := more(app); err != nil {
			return err
		}
	}
	return bound.Sync.Fold(app)
}

// fleet adds the reps of the crowd, whose password is everybody's.
func fleet(app core.App) error {
	err := copies(app, "users", "email = 'rep.ma@demo.test'", fleetSize, map[string]string{
		"email": "'" + fleetName("' || i || '") + "@demo.test'", "tokenKey": "lower(hex(randomblob(25)))", "name": "'业代 ' || i", "emp_no": "'F' || i",
	})
	if err != nil {
		return err
	}
	return copies(app, "accounts", "owner = (SELECT id FROM users WHERE email = 'rep.ma@demo.test')", fleetSize, map[string]string{
		"name": "'门店 ' || i", "uscc": "''", "owner": "(SELECT id FROM users WHERE email = '" + fleetName("' || i || '") + "@demo.test')",
	})
}

// fleetName is the name of a rep of the fleet, counted from 1.
func fleetName(n string) string { return "fleet." + n }

// field adds products, accounts of one rep under one manager, and visits.
func field(app core.App) error {
	chen := "owner = (SELECT id FROM users WHERE email = 'rep.chen@demo.test')"
	err := copies(app, "products", "true", fieldProducts, map[string]string{"sku": "'B' || i", "name": "'商品 ' || i"})
	if err == nil {
		err = copies(app, "accounts", chen, fieldAccounts-movedAccounts, map[string]string{"name": "'客户 ' || i", "uscc": "''"})
	}
	if err == nil {
		err = copies(app, "accounts", chen, movedAccounts, map[string]string{"name": "'moved ' || i", "uscc": "''"})
	}
	if err == nil {
		err = copies(app, "visits", chen, movedAccounts*movedVisits, map[string]string{
			"account": fmt.Sprintf("(SELECT id FROM accounts WHERE name = 'moved ' || (1 + (i %% %d)))", movedAccounts),
		})
	}
	return err
}

// others adds visits that the measured rep does not see.
func others(n int) func(app core.App) error {
	return func(app core.App) error {
		for done := 0; done < n; {
			part := min(200_000, n-done)
			err := copies(app, "visits", "owner = (SELECT id FROM users WHERE email = 'rep.ma@demo.test')", part, nil)
			if err != nil {
				return err
			}
			done += part
		}
		return nil
	}
}

// copies writes n rows like one that is there, with other ids and whatever set says.
func copies(app core.App, table, like string, n int, set map[string]string) error {
	var columns []string
	if err := app.DB().NewQuery("SELECT name FROM pragma_table_info('" + table + "')").Column(&columns); err != nil {
		return err
	}
	names, values := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], values[i] = "`"+c+"`", "t.`"+c+"`"
		if c == "id" {
			values[i] = "substr(lower(hex(randomblob(8))), 1, 15)"
		}
		if expr, ok := set[c]; ok {
			values[i] = expr
		}
	}
	done, err := app.DB().NewQuery(fmt.Sprintf(`WITH RECURSIVE g (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < {:n})
		INSERT INTO %s (%s) SELECT %s FROM g CROSS JOIN (SELECT * FROM %s WHERE %s LIMIT 1) t`,
		table, strings.Join(names, ", "), strings.Join(values, ", "), table, like)).Bind(dbx.Params{"n": n}).Execute()
	if err != nil {
		return fmt.Errorf("failed to copy rows of %s: %w", table, err)
	}
	made, err := done.RowsAffected()
	if err == nil && made != int64(n) {
		err = fmt.Errorf("made %d copies of %d: %s has no row with %s", made, n, table, like)
	}
	return err
}
