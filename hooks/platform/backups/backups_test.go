package backups_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/platform/backups"
	"satchel/internal/backup"
	"satchel/internal/testapp"
)

// rooted is a server whose copies may go below a directory.
func rooted(t *testing.T) (app *testapp.App, root string) {
	t.Helper()
	root = t.TempDir()
	return testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.BackupRoot = root })), root
}

func set(t *testing.T, app *testapp.App, key string, value any) {
	t.Helper()
	coll, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	r := core.NewRecord(coll)
	r.Set("key", key)
	r.Set("value", value)
	if err := app.Save(r); err != nil {
		t.Fatal(err)
	}
}

func taken(t *testing.T, app *testapp.App, n int64) {
	t.Helper()
	_, err := app.DB().NewQuery("INSERT OR REPLACE INTO _sync_device (device, high_water) VALUES ('phone', {:n})").Bind(dbx.Params{"n": n}).Execute()
	if err != nil {
		t.Fatal(err)
	}
}

func durable(t *testing.T, app *testapp.App) (n int64) {
	t.Helper()
	if err := app.DB().NewQuery("SELECT durable_n FROM _sync_device WHERE device = 'phone'").Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestFrameworkBackup counts if it went off the machine, and only then.
func TestFrameworkBackup(t *testing.T) {
	app, root := rooted(t)
	taken(t, app, 7)
	if err := app.CreateBackup(context.Background(), "one.zip"); err != nil {
		t.Fatal(err)
	}
	if n := durable(t, app); n != 0 {
		t.Errorf("a backup beside the data made %d durable", n)
	}
	disk := root // the disk on which a link puts the framework's backups
	place := filepath.Join(app.DataDir(), core.LocalBackupsDirName)
	if err := os.RemoveAll(place); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(disk, place); err != nil {
		t.Fatal(err)
	}
	set(t, app, backup.Offsite, disk)
	if err := app.CreateBackup(context.Background(), "two.zip"); err != nil {
		t.Fatal(err)
	}
	if n := durable(t, app); n != 7 {
		t.Errorf("a backup off the machine made %d durable", n)
	}
}

// TestBackupInAnObjectStore counts too, once it is there whole.
func TestBackupInAnObjectStore(t *testing.T) {
	app := testapp.New(t)
	taken(t, app, 7)
	objects := testapp.BackupsInObjects(t, app)
	objects.Break(true)
	if err := app.CreateBackup(context.Background(), "one.zip"); err == nil {
		t.Error("a backup that went nowhere is called done")
	}
	if n := durable(t, app); n != 0 {
		t.Errorf("it made %d durable", n)
	}
	objects.Break(false)
	if err := app.CreateBackup(context.Background(), "two.zip"); err != nil {
		t.Fatal(err)
	}
	if n := durable(t, app); n != 7 {
		t.Errorf("a backup in the store made %d durable", n)
	}
}

// TestSchedule: the setting plans a copy, which counts; without it none is planned.
func TestSchedule(t *testing.T) {
	app, root := rooted(t)
	cfg := backups.Config{Now: app.Clock.Now, Root: root}
	planned := func() (expression string) {
		for _, j := range app.Cron().Jobs() {
			if j.Id() == "satchelBackup" {
				return j.Expression()
			}
		}
		return ""
	}
	if planned() != "" {
		t.Error("a copy is planned to nowhere")
	}
	to := filepath.Join(root, "disk")
	taken(t, app, 5)
	set(t, app, backup.Offsite, to)
	if planned() != "30 2 * * *" {
		t.Errorf("planned at %q", planned())
	}
	set(t, app, "backup.cron", "5 */4 * * *")
	if planned() != "5 */4 * * *" {
		t.Errorf("planned at %q", planned())
	}
	set(t, app, "backup.keep", 2)
	for range 3 {
		app.Clock.Advance(1e9)
		if err := backups.Run(context.Background(), app, cfg); err != nil {
			t.Fatal(err)
		}
	}
	copies, err := backup.Copies(to)
	if err != nil || len(copies) != 2 {
		t.Errorf("kept %v, %v", copies, err)
	}
	if n := durable(t, app); n != 5 {
		t.Errorf("the copy made %d durable", n)
	}
}

// TestServerHoldsItsDirectory from its start to its end, and goes on after a
// restore with numbers that the lost history did not have.
func TestServerHoldsItsDirectory(t *testing.T) {
	source := testapp.New(t)
	c, err := backup.Make(context.Background(), backup.Options{Data: source.DataDir(), To: t.TempDir(), Now: testapp.Start})
	if err != nil {
		t.Fatal(err)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: filepath.Join(t.TempDir(), "data")})
	backups.Area(backups.Config{Now: source.Clock.Now}).Bind(app)
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	_, err = backup.Restore(context.Background(), c.Path, app.DataDir(), testapp.Start)
	if backup.ExitCode(err) != backup.ExitInUse {
		t.Errorf("a running server did not stop a restore: %v", err)
	}
	if err := app.ClearBootstrap(); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(context.Background(), c.Path, app.DataDir(), testapp.Start); err != nil {
		t.Error(err)
	}
	seq := func(app core.App) (n int64) {
		t.Helper()
		if err := app.DB().NewQuery("SELECT seq FROM sqlite_sequence WHERE name = '_sync_log'").Row(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var first int64
	for start := range 2 {
		if err := app.Bootstrap(); err != nil {
			t.Fatal(err)
		}
		if start == 0 {
			first = seq(app)
		}
		if before, now := seq(source), seq(app); now < before+1_000_000 || now != first {
			t.Errorf("start %d goes on at %d, after %d: numbers of the lost history come again", start+1, now, before)
		}
		if err := app.ClearBootstrap(); err != nil {
			t.Fatal(err)
		}
	}
}
