package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

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
	if err := os.MkdirAll(o.To, 0o700); err != nil {
		return fmt.Errorf("make the target: %w", err)
	}
	if inside, err := Within(o.To, o.Data); err != nil || inside {
		return errors.Join(err, fail(ExitUsage, "备份不能放在数据目录 %s 里面", "copies cannot lie inside the data directory %s", o.Data))
	}
	return nil
}

// Below reports whether a directory, which need not exist yet, would be another one
// or lie below it, whatever links lead there. Both are absolute paths.
func Below(dir, root string) (bool, error) {
	if !filepath.IsAbs(dir) || !filepath.IsAbs(root) {
		return false, nil
	}
	under, err := landing(root)
	if err != nil {
		return false, err
	}
	lands, err := landing(dir)
	if err != nil {
		return false, err
	}
	rel, err := filepath.Rel(under, lands)
	return err == nil && filepath.IsLocal(rel), nil
}

// landing is where a path leads: its links are followed as far as it exists.
func landing(path string) (string, error) {
	rest := ""
	for path = filepath.Clean(path); ; path = filepath.Dir(path) {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			return filepath.Join(real, rest), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return "", err
		}
		rest = filepath.Join(filepath.Base(path), rest)
	}
}

// Within reports whether a directory is another one or lies below it, whatever
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
