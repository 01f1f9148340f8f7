package recordgen

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	_ "satchel/domain/catalog"
	"satchel/internal/datadir"
)

var rewrite = flag.Bool("rewrite", false, "write the generated files anew")

const room = "../../records"

// TestRecordsAreFresh compares the generated package with what the schema asks for.
func TestRecordsAreFresh(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	if err := datadir.Migrated(dir); err != nil {
		t.Fatal(err)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.ClearBootstrap() })
	collections, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	want, err := Files(collections)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		fresh(t, filepath.Join(room, name), text)
	}
	old, err := filepath.Glob(room + "/*_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range old {
		if want[filepath.Base(path)] != nil {
			continue
		}
		if !*rewrite {
			t.Errorf("%s has no collection", path)
		} else if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSettingsAreFresh compares the typed readers with the catalogue.
func TestSettingsAreFresh(t *testing.T) {
	t.Parallel()
	want, err := Settings(domain.Settings)
	if err != nil {
		t.Fatal(err)
	}
	fresh(t, "../../hooks/platform/gate/settings_gen.go", want)
}

// fresh compares a generated file, or writes it anew.
func fresh(t *testing.T, path string, text []byte) {
	t.Helper()
	if *rewrite {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%s is not fresh (-rewrite writes it anew): %v", path, err)
	}
}
