package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// Restored tells what a restore did.
type Restored struct {
	Manifest
	Aside string // where the old data lies; empty if there was none
}

// Restore puts a copy in the place of a data directory that nobody uses. What
// was there is moved aside inside the directory and never deleted. If it is cut
// off, no server starts on the directory until a restore has gone through.
func Restore(ctx context.Context, from, data string, now time.Time) (out Restored, err error) {
	if out.Manifest, err = Verify(ctx, from); err != nil {
		return out, err
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return out, fmt.Errorf("make the data directory: %w", err)
	}
	alone, err := flock(data, true)
	if errors.Is(err, errHeld) {
		return out, fail(ExitInUse, "%s 正被服务器使用，请先停止服务器", "a server uses %s, stop it first", data)
	}
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, alone.Close()) }()
	if err := Older(data); err != nil {
		return out, err
	}
	stamp := now.UTC().Format(nameTime)
	stage := filepath.Join(data, stageDir+stamp)
	if err := stageCopy(ctx, out.Manifest, from, data, stage); err != nil {
		return out, errors.Join(err, os.RemoveAll(stage))
	}
	out.Aside, err = swap(data, stage, filepath.Join(data, asideDir+stamp))
	return out, err
}

// Older notes in a data directory that what it holds is, or is about to be, an
// older copy of itself, for the next server on it.
func Older(data string) error {
	if err := os.WriteFile(filepath.Join(data, olderFile), nil, 0o600); err != nil {
		return fmt.Errorf("note a restore: %w", err)
	}
	return syncPath(data)
}

// Resume tells the sync engine of an older copy, if that was noted. It comes
// before anything is written to the data.
func Resume(data string, db dbx.Builder) error {
	note := filepath.Join(data, olderFile)
	if _, err := os.Stat(note); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := syncer.Restored(db); err != nil {
		return err
	}
	return errors.Join(os.Remove(note), syncPath(data))
}

// stageCopy copies a copy beside the data, onto the disk, and checks again what
// it has written.
func stageCopy(ctx context.Context, m Manifest, from, data, stage string) error {
	left, err := filepath.Glob(filepath.Join(data, stageDir+"*")) // of a restore that was cut off
	for _, path := range left {
		err = errors.Join(err, os.RemoveAll(path))
	}
	if err != nil {
		return err
	}
	for _, f := range m.Files {
		path := filepath.FromSlash(f.Path)
		got, err := copyFile(ctx, filepath.Join(from, path), filepath.Join(stage, path))
		if err != nil {
			return err
		}
		if got.SHA256 != f.SHA256 {
			return fail(ExitDamaged, "%s 在恢复时发生变化：%s", "%s changed while it was restored: %s", from, f.Path)
		}
	}
	return syncDirs(stage)
}

// swap moves the old data aside and the new data in. The marker stands while
// the directory is neither.
func swap(data, stage, aside string) (string, error) {
	marker := filepath.Join(data, markerFile)
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		return "", err
	}
	if err := syncPath(data); err != nil {
		return "", err
	}
	moved, err := moveAll(data, aside)
	if err == nil {
		_, err = moveAll(stage, data)
	}
	if err == nil {
		err = errors.Join(os.Remove(stage), syncPath(data))
	}
	if err == nil {
		err = errors.Join(os.Remove(marker), syncPath(data))
	}
	if err != nil {
		return "", fmt.Errorf("the restore was cut off, run it again; the old data is in %s: %w", aside, err)
	}
	if moved == 0 {
		aside = ""
	}
	return aside, nil
}

// moveAll moves the state of one directory into another, entry by entry.
func moveAll(from, to string) (int, error) {
	entries, err := os.ReadDir(from)
	if err != nil {
		return 0, err
	}
	moved := 0
	for _, e := range entries {
		if Foreign(e.Name()) {
			continue
		}
		if err := os.MkdirAll(to, 0o700); err != nil {
			return moved, err
		}
		if err := os.Rename(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, errors.Join(syncPath(from), syncIf(to, moved > 0))
}

func syncIf(path string, there bool) error {
	if !there {
		return nil
	}
	return syncPath(path)
}
