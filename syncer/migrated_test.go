package syncer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	_ "satchel/migrations"
)

// files are those of a data directory.
var files = []string{"data.db", "auxiliary.db"}

// migrated are the files after all migrations, without hooks. They take seconds,
// and each test wants a directory of its own.
var migrated = sync.OnceValues(func() (content [][]byte, err error) {
	dir, err := os.MkdirTemp("", "satchel-migrated-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		return nil, err
	}
	if err := app.RunAllMigrations(); err != nil {
		return nil, err
	}
	if err := app.ClearBootstrap(); err != nil {
		return nil, err
	}
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("read what was migrated: %w", err)
		}
		content = append(content, b)
	}
	return content, nil
})

// openMigrated opens a migrated database of the test's own.
func openMigrated(t testing.TB) *dbx.DB {
	t.Helper()
	content, err := migrated()
	dir := t.TempDir()
	for i, b := range content {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, files[i]), b, 0o600)
		}
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err == nil {
		err = app.Bootstrap()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.ClearBootstrap() })
	return app.NonconcurrentDB().(*dbx.DB)
}
