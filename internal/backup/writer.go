package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/store"
)

const auxiliary = "auxiliary.db"

// writer fills one copy.
type writer struct {
	data, part string
	older      *Copy           // what files may be linked to
	made       map[string]File // by path
	read       map[string]bool // linked files: read when they were linked
}

func (w *writer) write(ctx context.Context, now time.Time) (Manifest, error) {
	m := Manifest{Format: format, Made: now.UTC()}
	if err := os.MkdirAll(w.part, 0o700); err != nil {
		return m, err
	}
	if err := w.plain(ctx); err != nil { // files that a row of the copy names …
		return m, err
	}
	err := w.database(ctx, store.DataFile, func(db *dbx.DB) (err error) {
		m.State, err = stateOf(ctx, db)
		return err
	})
	if err == nil {
		err = w.database(ctx, auxiliary, func(*dbx.DB) error { return nil })
	}
	if err == nil {
		err = w.plain(ctx) // … and those that came while it was made
	}
	if err != nil {
		return m, err
	}
	for _, path := range sortedKeys(w.made) {
		m.Files = append(m.Files, w.made[path])
	}
	text, err := m.text()
	if err != nil {
		return m, err
	}
	return m, writeFile(filepath.Join(w.part, manifestFile), text)
}

// database copies a database as one snapshot through a connection of its own.
func (w *writer) database(ctx context.Context, name string, look func(db *dbx.DB) error) error {
	from, to := filepath.Join(w.data, name), filepath.Join(w.part, name)
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := store.Connect(from)
	if err != nil {
		return err
	}
	_, err = db.NewQuery("VACUUM INTO {:to}").Bind(dbx.Params{"to": to}).WithContext(ctx).Execute()
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", name, err)
	}
	if err := os.Chmod(to, 0o600); err != nil {
		return err
	}
	if err := syncPath(to); err != nil { // VACUUM INTO does not wait for the disk
		return err
	}
	if db, err = open(to); err != nil {
		return err
	}
	if err := errors.Join(look(db), db.Close()); err != nil {
		return err
	}
	f, err := sum(ctx, to)
	f.Path = name
	w.made[name] = f
	return err
}

// plain copies all files but the databases that are not copied yet.
func (w *writer) plain(ctx context.Context) error {
	entries, err := os.ReadDir(w.data)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if Foreign(e.Name()) || isDatabase(e.Name()) {
			continue
		}
		paths := []string{e.Name()}
		if e.IsDir() {
			below, err := files(filepath.Join(w.data, e.Name()))
			if err != nil {
				return err
			}
			for i := range below {
				below[i] = e.Name() + "/" + below[i]
			}
			paths = below
		} else if !e.Type().IsRegular() {
			continue
		}
		for _, path := range paths {
			if err := w.file(ctx, path); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) file(ctx context.Context, path string) error {
	if _, done := w.made[path]; done {
		return nil
	}
	from, to := filepath.Join(w.data, filepath.FromSlash(path)), filepath.Join(w.part, filepath.FromSlash(path))
	f, linked, err := w.link(ctx, path, from, to)
	if err == nil && !linked {
		f, err = copyFile(ctx, from, to)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // deleted meanwhile
	}
	f.Path = path
	w.made[path], w.read[path] = f, linked
	return err
}

// link takes a storage file over from the older copy if it is there unchanged.
// Files in storage are written once under random names; what was touched since
// is copied anew.
func (w *writer) link(ctx context.Context, path, from, to string) (File, bool, error) {
	if w.older == nil || !strings.HasPrefix(path, "storage/") {
		return File{}, false, nil
	}
	info, err := os.Stat(from)
	if err != nil {
		return File{}, false, err
	}
	was, ok := w.older.find(path)
	if !ok || was.Size != info.Size() || !info.ModTime().Before(w.older.Made) {
		return File{}, false, nil
	}
	old := filepath.Join(w.older.Path, filepath.FromSlash(path))
	if got, err := sum(ctx, old); err != nil || got.SHA256 != was.SHA256 {
		return File{}, false, ctx.Err() // the older copy has rotted
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return File{}, false, err
	}
	if os.Link(old, to) != nil {
		return File{}, false, nil //nolint:nilerr // this disk has no links: the file is copied
	}
	return was, true, nil
}

func isDatabase(name string) bool {
	for _, db := range []string{store.DataFile, auxiliary} {
		if name == db || name == db+"-wal" || name == db+"-shm" || name == db+"-journal" {
			return true
		}
	}
	return false
}
