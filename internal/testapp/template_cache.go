package testapp

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// stale is how long a template stays in the cache after it was used.
const stale = 7 * 24 * time.Hour

// cached returns a template that another package's tests made of the very same
// sources, or makes it and keeps it. The migrations take seconds, and some forty
// packages want them. Without a cache directory or sources it is made each time.
func cached(c company, dir string, make func(dir string) error) error {
	kept, err := cacheDir(c)
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

// keep puts a template into the cache, whole or not at all, and takes out what
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

// cacheDir names a template after the company and all sources of the module.
func cacheDir(c company) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	_, here, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(here), "..", "..")
	sum := sha256.New()
	if _, err := fmt.Fprintf(sum, "%+v", c); err != nil {
		return "", err
	}
	sources := os.DirFS(root)
	err = fs.WalkDir(sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (name == "testdata" || name == "bench" || (name != "." && name[0] == '.')) {
			return fs.SkipDir
		}
		if path != "go.sum" && (!strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go")) {
			return nil
		}
		f, err := sources.Open(path)
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
	return filepath.Join(cache, "satchel-test", hex.EncodeToString(sum.Sum(nil)[:16])), err
}
