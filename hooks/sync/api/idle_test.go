package api_test

import (
	"context"
	"database/sql"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

// TestAnIdlePullRunsNoSQL, once the phone's user and keys are known.
func TestAnIdlePullRunsNoSQL(t *testing.T) {
	app, server := serve(t)
	for _, name := range []string{"rep.chen", "manager.wu"} {
		d := sit(t, app, server, name)
		d.pull()
		d.pullWithoutFold()
		var queries atomic.Int64
		for _, b := range []dbx.Builder{app.ConcurrentDB(), app.NonconcurrentDB()} {
			db := b.(*dbx.DB)
			db.QueryLogFunc = func(context.Context, time.Duration, string, *sql.Rows, error) { queries.Add(1) }
			db.ExecLogFunc = func(context.Context, time.Duration, string, sql.Result, error) { queries.Add(1) }
		}
		if puts, leaves := d.pullWithoutFold(); puts+leaves > 0 {
			t.Fatalf("%s: %d puts and %d leaves in an idle pull", name, puts, leaves)
		}
		if n := queries.Load(); n > 0 {
			t.Errorf("%s: an idle pull runs %d queries", name, n)
		}
		account := app.AccountOf("rep.chen")
		account.Set("note", "改了 "+name)
		if err := app.Save(account); err != nil {
			t.Fatal(err)
		}
		if puts, _ := d.pull(); puts != 1 || queries.Load() == 0 {
			t.Errorf("%s: a change brings %d puts after %d queries", name, puts, queries.Load())
		}
	}
}
