// Package datadir keeps data directories that the tests of many packages start from.
package datadir

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// stale is how long a directory stays after it was used.
const stale = 7 * 24 * time.Hour

// Kept fills dir with what another package's tests made of the very same sources,
// or makes it and keeps it: to migrate takes seconds. The files and folders of
// the module that decide what is made are named; the go files count that are no
// tests. Without a cache directory or sources it is made each time.
func Kept(dir, name string, make func(dir string) error, sources ...string) error {
	kept, err := path(name, sources)
	if err != nil {
		return make(dir)
	}
	if found, err := take(dir, kept); found || err != nil {
		return err
	}
	free, err := lock(kept + ".lock")
	if err != nil {
		return err
	}
	defer free()
	if found, err := take(dir, kept); found || err != nil { // another made it meanwhile
		return err
	}
	if err := make(dir); err != nil {
		return err
	}
	return keep(dir, kept)
}

// take copies what is kept, if it is there.
func take(dir, kept string) (found bool, err error) {
	if err := os.CopyFS(dir, os.DirFS(kept)); err == nil {
		now := time.Now()
		return true, os.Chtimes(kept, now, now)
	}
	return false, os.RemoveAll(dir) // half of a copy
}

// keep puts a directory into the cache, whole or not at all, and takes out what
// nobody used for long.
func keep(dir, kept string) error {
	root := filepath.Dir(kept)
	half, err := os.MkdirTemp(root, "half-")
	if err != nil {
		return err
	}
	if err := os.CopyFS(half, os.DirFS(dir)); err != nil {
		return err
	}
	if err := os.Rename(half, kept); err != nil { // another was faster
		if err := os.RemoveAll(half); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > stale {
			if err := os.RemoveAll(filepath.Join(root, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// path names a directory after what it holds and the sources it is made of.
func path(name string, sources []string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	_, here, _, _ := runtime.Caller(0)
	module := os.DirFS(filepath.Join(filepath.Dir(here), "..", ".."))
	sum := sha256.New()
	if _, err := io.WriteString(sum, name); err != nil {
		return "", err
	}
	for _, source := range append(sources, "go.sum", "internal/datadir") {
		if err := add(sum, module, source); err != nil {
			return "", err
		}
	}
	return filepath.Join(cache, "satchel-test", hex.EncodeToString(sum.Sum(nil)[:16])), nil
}

// add adds a source to the sum.
func add(sum io.Writer, module fs.FS, source string) error {
	return fs.WalkDir(module, source, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (name == "testdata" || name == "bench" || (name != "." && name[0] == '.')) {
			return fs.SkipDir
		}
		if path != "go.sum" && (!strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go")) {
			return nil
		}
		f, err := module.Open(path)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read
		if _, err := io.WriteString(sum, path); err != nil {
			return err
		}
		_, err = io.Copy(sum, f)
		return err
	})
}
