package syncer_test

import (
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/datadir"
)

// openMigrated opens a database of the test's own after all migrations, without hooks.
func openMigrated(t testing.TB) *dbx.DB {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := datadir.Migrated(dir); err != nil {
		t.Fatal(err)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.ClearBootstrap() })
	return app.NonconcurrentDB().(*dbx.DB)
}
