package backups_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/hooks/platform/backups"
	"satchel/hooks/platform/gate"
	"satchel/internal/backup"
	"satchel/internal/testapp"
)

// keep makes a stored receipt with its bytes in the storage.
func keep(t *testing.T, app *testapp.App, text string) *core.Record {
	t.Helper()
	coll, err := app.FindCollectionByNameOrId("blobs")
	if err != nil {
		t.Fatal(err)
	}
	file, err := filesystem.NewFileFromBytes([]byte(text), "receipt.pdf")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	r := core.NewRecord(coll)
	r.Load(map[string]any{
		"sha256": hex.EncodeToString(sum[:]), "size": len(text), "mime": "application/pdf", "purpose": "receipt",
		"owner": app.As("rep.chen").Id, "state": "stored", "stored_at": app.Clock.Now(), "original": file,
	})
	if err := app.SaveWithContext(gate.AsServer(context.Background()), r); err != nil {
		t.Fatal(err)
	}
	return r
}

func state(t *testing.T, app *testapp.App, r *core.Record) string {
	t.Helper()
	fresh, err := app.FindRecordById("blobs", r.Id)
	if err != nil {
		t.Fatal(err)
	}
	return fresh.GetString("state")
}

// TestCopyMakesBlobsDurable: those whose bytes it holds, and no others.
func TestCopyMakesBlobsDurable(t *testing.T) {
	app, root := rooted(t)
	cfg := backups.Config{Now: app.Clock.Now, Root: root}
	whole, lost := keep(t, app, "%PDF whole"), keep(t, app, "%PDF lost")
	if err := os.Remove(filepath.Join(app.DataDir(), "storage", lost.BaseFilesPath(), lost.GetString("original"))); err != nil {
		t.Fatal(err)
	}
	near, off := filepath.Join(t.TempDir(), "near"), filepath.Join(root, "off")
	c, err := backup.Make(t.Context(), backup.Options{Data: app.DataDir(), To: near, Now: app.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if offsite, err := backup.AdvanceBy(t.Context(), app.DataDir(), c); err != nil || offsite {
		t.Fatalf("off the machine: %v, %v", offsite, err)
	}
	if got := state(t, app, whole); got != "stored" {
		t.Errorf("a copy beside the data made it %s", got)
	}
	set(t, app, backup.Offsite, off)
	if err := backups.Run(t.Context(), app, cfg); err != nil {
		t.Fatal(err)
	}
	late := keep(t, app, "%PDF late")
	for _, r := range []struct {
		record *core.Record
		want   string
	}{{whole, "durable"}, {lost, "stored"}, {late, "stored"}} {
		if got := state(t, app, r.record); got != r.want {
			t.Errorf("%s is %s, want %s", r.record.GetString("original"), got, r.want)
		}
	}
	what, err := backup.Covered(t.Context(), c.Path)
	if err != nil {
		t.Fatal(err)
	}
	what.Epoch, what.Blobs = "another", append(what.Blobs, late.Id)
	if err := backup.Advance(app.NonconcurrentDB(), what); err != nil {
		t.Fatal(err)
	}
	if got := state(t, app, late); got != "stored" {
		t.Errorf("a copy of another server made it %s", got)
	}
}

// TestFrameworkBackupMakesBlobsDurable if it went off the machine.
func TestFrameworkBackupMakesBlobsDurable(t *testing.T) {
	app, root := rooted(t)
	receipt := keep(t, app, "%PDF receipt")
	place, disk := filepath.Join(app.DataDir(), core.LocalBackupsDirName), root
	if err := os.RemoveAll(place); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(disk, place); err != nil {
		t.Fatal(err)
	}
	set(t, app, backup.Offsite, disk)
	if err := app.CreateBackup(context.Background(), "one.zip"); err != nil {
		t.Fatal(err)
	}
	if got := state(t, app, receipt); got != "durable" {
		t.Errorf("it is %s", got)
	}
}
