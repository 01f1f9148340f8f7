package backups_test

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks"
	"satchel/hooks/platform/backups"
	"satchel/internal/backup"
	"satchel/internal/testapp"
)

// place asks as an administrator over HTTP that copies go to a directory.
func place(t *testing.T, app *testapp.App, dir string) (status int, code string) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"key": backup.Offsite, "value": dir})
	if err != nil {
		t.Fatal(err)
	}
	answer := app.Do("admin.fang", http.MethodPost, "/api/collections/settings/records", string(text))
	for _, known := range []string{"backup.outside", "backup.no_root"} {
		if strings.Contains(answer.Body.String(), `"code":"`+known+`"`) {
			code = known
		}
	}
	if row, err := app.FindFirstRecordByData("settings", "key", backup.Offsite); err == nil {
		if err := app.Delete(row); err != nil {
			t.Fatal(err)
		}
	}
	return answer.Code, code
}

// TestASettingSendsNoCopyElsewhere than below the root, by whatever spelling or link.
func TestASettingSendsNoCopyElsewhere(t *testing.T) {
	app, root := rooted(t)
	elsewhere := t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(root, filepath.Join(elsewhere, "back")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	for _, x := range []struct{ dir, code string }{
		{root, ""},
		{filepath.Join(root, "a", "b"), ""},
		{filepath.Join(elsewhere, "back", "a"), ""},
		{"", ""}, // no copies
		{elsewhere, "backup.outside"},
		{root + "-beside", "backup.outside"},
		{root + "/../x", "backup.outside"},
		{root + "/a/../../x", "backup.outside"},
		{filepath.Join(root, "link"), "backup.outside"},
		{filepath.Join(root, "link", "a", "b"), "backup.outside"},
		{filepath.Dir(root), "backup.outside"},
		{"/", "backup.outside"},
		{"a", "backup.outside"},
		{app.DataDir(), "backup.outside"},
	} {
		if status, code := place(t, app, x.dir); code != x.code || (status == http.StatusOK) != (code == "") {
			t.Errorf("%q: %d %s, want %q", x.dir, status, code, x.code)
		}
	}
	if status, code := place(t, testapp.New(t), root); code != "backup.no_root" {
		t.Errorf("without a root: %d %s", status, code)
	}
}

// TestASettingOfBeforeIsHeldToTheRoot when the copy is due, and a link that has
// turned since it was saved.
func TestASettingOfBeforeIsHeldToTheRoot(t *testing.T) {
	app, root := rooted(t)
	elsewhere, dir := t.TempDir(), filepath.Join(root, "copies")
	set(t, app, backup.Offsite, dir)
	if err := os.Symlink(elsewhere, dir); err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []backups.Config{{Now: app.Clock.Now, Root: root}, {Now: app.Clock.Now}} {
		err := backups.Run(context.Background(), app, cfg)
		if p, ok := errors.AsType[domain.Problem](err); !ok || !strings.HasPrefix(p.Code, "backup.") {
			t.Errorf("with the root %q: %v", cfg.Root, err)
		}
	}
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
		t.Errorf("there is %v, %v", left, err)
	}
}

// TestADirectoryOpenToOthersIsSaid at the start, with the command that closes it.
func TestADirectoryOpenToOthersIsSaid(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	for _, open := range []string{"", ".", "data.db", "storage/c/r", "storage/c"} {
		var said bytes.Buffer
		app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Console = &said }))
		if err := os.MkdirAll(filepath.Join(app.DataDir(), "storage", "c", "r"), 0o700); err != nil {
			t.Fatal(err)
		}
		close(t, app)
		if open != "" {
			if err := os.Chmod(filepath.Join(app.DataDir(), open), 0o750); err != nil {
				t.Fatal(err)
			}
		}
		app.Handler()                                // as the server starts
		wants := open != "" && open != "storage/c/r" // which lies behind a directory that is closed
		if got := strings.Contains(said.String(), "chmod -R go-rwx '"+app.DataDir()+"'"); got != wants || (said.Len() > 0) != wants {
			t.Errorf("%q open: %s", open, said.String())
		}
	}
}

func close(t *testing.T, app core.App) {
	t.Helper()
	err := filepath.WalkDir(app.DataDir(), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := os.FileMode(0o600)
		if d.IsDir() {
			mode = 0o700
		}
		return os.Chmod(path, mode)
	})
	if err != nil {
		t.Fatal(err)
	}
}
