package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"satchel/internal/backup"
	"satchel/internal/store"
	"satchel/internal/testapp"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// disk is a server that runs, with a photo in its storage.
func disk(t *testing.T) (app *testapp.App, photo string) {
	t.Helper()
	app = testapp.New(t)
	photo = filepath.Join(app.DataDir(), "storage", "c", "r", "photo.jpg")
	write(t, photo, "a photo")
	exec(t, app.DataDir(), "INSERT INTO _sync_device (device, high_water) VALUES ('phone', 41)")
	return app, photo
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// exec writes as another process would.
func exec(t *testing.T, dir, query string) {
	t.Helper()
	db, err := store.Connect(filepath.Join(dir, store.DataFile))
	if err == nil {
		_, err = db.NewQuery(query).Execute()
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, dir, query string) (n int64) {
	t.Helper()
	db, err := store.Connect(filepath.Join(dir, store.DataFile))
	if err == nil {
		err = errors.Join(db.NewQuery(query).Row(&n), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func make1(t *testing.T, o backup.Options) backup.Copy {
	t.Helper()
	c, err := backup.Make(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func expectExit(t *testing.T, want int, err error) {
	t.Helper()
	if err == nil || backup.ExitCode(err) != want {
		t.Errorf("%v: exit code %d, want %d", err, backup.ExitCode(err), want)
	}
}

// TestThereAndBack: a copy of a running server, restored, is what the server
// was; what was written since lies aside.
func TestThereAndBack(t *testing.T) {
	app, photo := disk(t)
	to, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	c := make1(t, backup.Options{Data: app.DataDir(), To: to, Now: noon})
	users := number(t, app.DataDir(), "SELECT COUNT(*) FROM users")

	if _, err := backup.Restore(context.Background(), c.Path, data, noon); err != nil {
		t.Fatal(err)
	}
	if got := number(t, data, "SELECT COUNT(*) FROM users"); got != users || users == 0 {
		t.Errorf("%d users came back of %d", got, users)
	}
	rel, _ := filepath.Rel(app.DataDir(), photo)
	if text, err := os.ReadFile(filepath.Join(data, rel)); err != nil || string(text) != "a photo" {
		t.Errorf("the photo came back as %q, %v", text, err)
	}
	exec(t, data, "DELETE FROM users")
	r, err := backup.Restore(context.Background(), c.Path, data, noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if got := number(t, data, "SELECT COUNT(*) FROM users"); got != users {
		t.Errorf("%d users came back of %d", got, users)
	}
	if got := number(t, r.Aside, "SELECT COUNT(*) FROM users"); got != 0 {
		t.Errorf("the old data has %d users: it is not what was there", got)
	}
}

// TestRestoreRefusesADirectoryInUse: while the directory is held it is refused, and
// works once the holder is gone.
func TestRestoreRefusesADirectoryInUse(t *testing.T) {
	app, _ := disk(t)
	c := make1(t, backup.Options{Data: app.DataDir(), To: t.TempDir(), Now: noon})
	data := filepath.Join(t.TempDir(), "data")
	held, err := backup.Hold(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := backup.Hold(data) // a command beside the server
	if err != nil {
		t.Fatal(err)
	}
	_, err = backup.Restore(context.Background(), c.Path, data, noon)
	expectExit(t, backup.ExitInUse, err)
	if _, err := os.Stat(filepath.Join(data, store.DataFile)); err == nil {
		t.Error("a refused restore wrote")
	}
	if err := errors.Join(held.Close(), again.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(context.Background(), c.Path, data, noon); err != nil {
		t.Error(err)
	}
}

// TestDamageIsFound, wherever it is.
func TestDamageIsFound(t *testing.T) {
	app, photo := disk(t)
	rel, _ := filepath.Rel(app.DataDir(), photo)
	for name, spoil := range map[string]func(copy string){
		"changed":  func(copy string) { write(t, filepath.Join(copy, rel), "b photo") },
		"missing":  func(copy string) { os.Remove(filepath.Join(copy, rel)) },
		"too many": func(copy string) { write(t, filepath.Join(copy, "storage", "x"), "") },
		"database": func(copy string) { write(t, filepath.Join(copy, store.DataFile), "") },
		"manifest": func(copy string) { write(t, filepath.Join(copy, "manifest.json"), `{"format":1`) },
		"escaping": func(copy string) {
			write(t, filepath.Join(copy, "manifest.json"), `{"format":1,"files":[{"path":"../x"}]}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := make1(t, backup.Options{Data: app.DataDir(), To: t.TempDir(), Now: noon})
			spoil(c.Path)
			_, err := backup.Restore(context.Background(), c.Path, filepath.Join(t.TempDir(), "data"), noon)
			expectExit(t, backup.ExitDamaged, err)
		})
	}
}

// TestOlderCopies are linked to and let go in time; a rotten one is not linked to.
func TestOlderCopies(t *testing.T) {
	app, photo := disk(t)
	rel, _ := filepath.Rel(app.DataDir(), photo)
	if err := os.Chtimes(photo, noon, noon.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	var last backup.Copy
	for i := range 3 {
		c := make1(t, backup.Options{Data: app.DataDir(), To: to, Keep: 2, Now: noon.Add(time.Duration(i) * time.Minute)})
		if i > 0 {
			a, _ := os.Stat(filepath.Join(last.Path, rel))
			b, err := os.Stat(filepath.Join(c.Path, rel))
			if i == 1 && (err != nil || !os.SameFile(a, b)) {
				t.Errorf("the photo was copied again, %v", err)
			}
		}
		if last = c; i == 1 {
			write(t, filepath.Join(c.Path, rel), "A photo") // rots, in both copies
		}
	}
	copies, err := backup.Copies(to)
	if err != nil || len(copies) != 2 || copies[1] != last.Path {
		t.Errorf("kept %v, %v", copies, err)
	}
	if _, err := backup.Verify(context.Background(), last.Path); err != nil {
		t.Error(err)
	}
}

// TestLeftovers of a killed backup are no copies and go away.
func TestLeftovers(t *testing.T) {
	app, _ := disk(t)
	to := t.TempDir()
	write(t, filepath.Join(to, ".part-satchel-20260302T110000.000Z", store.DataFile), "half")
	make1(t, backup.Options{Data: app.DataDir(), To: to, Now: noon})
	entries, _ := os.ReadDir(to)
	if len(entries) != 2 { // the lock and the copy
		t.Errorf("the target holds %v", entries)
	}
}

// TestWrongPaths exit with their code and write nothing.
func TestWrongPaths(t *testing.T) {
	app, _ := disk(t)
	_, err := backup.Make(context.Background(), backup.Options{Data: t.TempDir(), To: t.TempDir(), Now: noon})
	expectExit(t, backup.ExitUsage, err)
	_, err = backup.Make(context.Background(), backup.Options{Data: app.DataDir(), To: filepath.Join(app.DataDir(), "storage"), Now: noon})
	expectExit(t, backup.ExitUsage, err)
	_, err = backup.Restore(context.Background(), t.TempDir(), t.TempDir(), noon)
	expectExit(t, backup.ExitUsage, err)
}

// TestACutRestoreStopsTheServer until it has gone through.
func TestACutRestoreStopsTheServer(t *testing.T) {
	app, _ := disk(t)
	c := make1(t, backup.Options{Data: app.DataDir(), To: t.TempDir(), Now: noon})
	data := t.TempDir()
	write(t, filepath.Join(data, ".satchel-restoring"), "")
	write(t, filepath.Join(data, "storage", "half"), "")
	_, err := backup.Hold(data)
	expectExit(t, backup.ExitUnfinished, err)
	if _, err := backup.Restore(context.Background(), c.Path, data, noon); err != nil {
		t.Fatal(err)
	}
	held, err := backup.Hold(data)
	if err != nil {
		t.Fatal(err)
	}
	held.Close()
}

// TestDurableIsWhatTheCopyHolds: not what came after it, not for another place,
// not of another epoch, and never less than before.
func TestDurableIsWhatTheCopyHolds(t *testing.T) {
	app, _ := disk(t)
	ctx, to := context.Background(), t.TempDir()
	durable := func() int64 {
		return number(t, app.DataDir(), "SELECT durable_n FROM _sync_device WHERE device = 'phone'")
	}
	c := make1(t, backup.Options{Data: app.DataDir(), To: to, Now: noon})
	exec(t, app.DataDir(), "UPDATE _sync_device SET high_water = 50")
	if off, err := backup.AdvanceBy(ctx, app.DataDir(), c); err != nil || off || durable() != 0 {
		t.Errorf("a copy on the machine: %v %v %d", off, err, durable())
	}
	exec(t, app.DataDir(), `INSERT INTO settings (id, key, value) VALUES ('offsitesetting1', 'backup.offsite', '"`+filepath.Dir(to)+`"')`)
	if off, err := backup.AdvanceBy(ctx, app.DataDir(), c); err != nil || !off || durable() != 41 {
		t.Errorf("a copy off the machine: %v %v %d", off, err, durable())
	}
	what, err := backup.Covered(ctx, c.Path)
	if err != nil || what.N["phone"] != 41 {
		t.Fatalf("covered %v, %v", what, err)
	}
	advance := func(c backup.Coverage) {
		t.Helper()
		if err := backup.Advance(app.NonconcurrentDB(), c); err != nil {
			t.Fatal(err)
		}
	}
	advance(backup.Coverage{Epoch: what.Epoch, N: map[string]int64{"phone": 12}})
	advance(backup.Coverage{Epoch: "another", N: map[string]int64{"phone": 48}})
	if durable() != 41 {
		t.Errorf("durable is %d", durable())
	}
	advance(backup.Coverage{Epoch: what.Epoch, N: map[string]int64{"phone": 99}})
	if durable() != 50 {
		t.Errorf("durable is %d, above what the server took", durable())
	}
}
