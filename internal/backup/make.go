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

// Options says what Make copies where.
type Options struct {
	Data string    // the data directory, in use or not
	To   string    // where copies are kept; made if it is not there
	Keep int       // how many copies stay, the new one included; 0 for all
	Now  time.Time // when the copy is made
}

// Copy is a finished copy.
type Copy struct {
	Path string
	Manifest
}

const auxiliary = "auxiliary.db"

// Make writes a copy of a data directory and returns it once it is on disk and
// read back. Older copies beyond Keep are removed then. Storage files that the
// newest older copy has are linked to it where the disk can.
func Make(ctx context.Context, o Options) (Copy, error) {
	if err := o.check(); err != nil {
		return Copy{}, err
	}
	alone, err := flock(o.To, true)
	if errors.Is(err, errHeld) {
		return Copy{}, fail(ExitInUse, "%s 中已有备份在进行", "another backup is being written to %s", o.To)
	}
	if err != nil {
		return Copy{}, err
	}
	c, err := o.write(ctx)
	if err == nil && o.Keep > 0 {
		err = prune(o.To, o.Keep)
	}
	return c, errors.Join(err, alone.Close())
}

// check refuses what can only be a mistake, before anything is written.
func (o Options) check() error {
	if _, err := os.Stat(filepath.Join(o.Data, store.DataFile)); err != nil {
		return fail(ExitUsage, "%s 不是数据目录", "%s is no data directory", o.Data)
	}
	if _, err := os.Stat(filepath.Join(o.Data, markerFile)); err == nil {
		return fail(ExitUnfinished, "%s 的恢复未完成，不能备份", "a restore of %s was cut off: it is not whole and cannot be copied", o.Data)
	}
	if err := os.MkdirAll(o.To, 0o755); err != nil {
		return fmt.Errorf("failed to make the target: %w", err)
	}
	if inside, err := Within(o.To, o.Data); err != nil || inside {
		return errors.Join(err, fail(ExitUsage, "备份不能放在数据目录 %s 里面", "copies cannot lie inside the data directory %s", o.Data))
	}
	return nil
}

// Within tells whether a directory is another one or lies below it, whatever
// links lead there. Both must exist.
func Within(dir, root string) (bool, error) {
	var real [2]string
	for i, p := range []string{dir, root} {
		abs, err := filepath.Abs(p)
		if err == nil {
			abs, err = filepath.EvalSymlinks(abs)
		}
		if err != nil {
			return false, err
		}
		real[i] = abs
	}
	rel, err := filepath.Rel(real[1], real[0])
	return err == nil && filepath.IsLocal(rel), err
}

// write makes the copy under a name that nobody takes for a copy, then renames it.
func (o Options) write(ctx context.Context) (Copy, error) {
	if err := sweep(o.To); err != nil {
		return Copy{}, err
	}
	name := nameOf(o.Now)
	path, part := filepath.Join(o.To, name), filepath.Join(o.To, partPrefix+name)
	if _, err := os.Stat(path); err == nil {
		return Copy{}, fail(ExitUsage, "%s 已存在", "%s is there already", path)
	}
	w := &writer{data: o.Data, part: part, made: map[string]File{}, read: map[string]bool{}}
	var err error
	if w.older, err = newest(o.To); err != nil {
		return Copy{}, err
	}
	m, err := w.write(ctx, o.Now)
	if err == nil {
		err = verify(ctx, part, m, w.read)
	}
	if err == nil {
		err = syncDirs(part)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return Copy{}, errors.Join(err, os.RemoveAll(part))
	}
	return Copy{path, m}, syncPath(o.To)
}

// writer fills one copy.
type writer struct {
	data, part string
	older      *Copy           // what files may be linked to
	made       map[string]File // by path
	read       map[string]bool // linked files: read when they were linked
}

func (w *writer) write(ctx context.Context, now time.Time) (Manifest, error) {
	m := Manifest{Format: format, Made: now.UTC()}
	if err := os.MkdirAll(w.part, 0o755); err != nil {
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
		return fmt.Errorf("failed to copy %s: %w", name, err)
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
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
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
