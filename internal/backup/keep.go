package backup

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	namePrefix = "satchel-"
	nameTime   = "20060102T150405.000Z" // sorts by time
	partPrefix = ".part-"               // being written or removed
)

func nameOf(now time.Time) string { return namePrefix + now.UTC().Format(nameTime) }

// Copies lists the copies in a directory, oldest first, by their names.
func Copies(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list copies: %w", err)
	}
	var out []string
	for _, e := range entries { // ReadDir sorts
		stamp, ok := strings.CutPrefix(e.Name(), namePrefix)
		if _, err := time.Parse(nameTime, stamp); ok && err == nil && e.IsDir() {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

// newest returns the newest copy whose manifest can be read; nil if there is none.
func newest(dir string) (*Copy, error) {
	copies, err := Copies(dir)
	if err != nil {
		return nil, err
	}
	for _, path := range slices.Backward(copies) {
		if m, err := ReadManifest(path); err == nil {
			return &Copy{path, m}, nil
		}
	}
	return nil, nil
}

// prune removes the oldest copies but for so many. One that is cut off in its
// removal is no copy any more.
func prune(dir string, keep int) error {
	copies, err := Copies(dir)
	if err != nil {
		return err
	}
	for _, path := range copies[:max(0, len(copies)-keep)] {
		gone := filepath.Join(dir, partPrefix+filepath.Base(path))
		if err := errors.Join(os.Rename(path, gone), os.RemoveAll(gone)); err != nil {
			return fmt.Errorf("the copy is whole, but an old one stayed: %w", err)
		}
	}
	return nil
}

// sweep removes what a killed backup left. The target is locked.
func sweep(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, partPrefix+namePrefix+"*"))
	for _, path := range left {
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}

// find looks a file of the manifest up by its path.
func (m Manifest) find(path string) (File, bool) {
	i, ok := slices.BinarySearchFunc(m.Files, path, func(f File, path string) int { return cmp.Compare(f.Path, path) })
	if !ok {
		return File{}, false
	}
	return m.Files[i], true
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// writeFile writes a new file onto the disk.
func writeFile(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
