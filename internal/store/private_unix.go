//go:build unix

package store

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
)

// others are the permissions of everybody but the files' owner.
const others = 0o077

// Private lets what the process makes from here on be read by its user alone:
// directories 700, files 600.
func Private() { syscall.Umask(others) }

// OpenToOthers finds an entry of a directory, itself or the two levels below, that other
// users of the machine may read or write; empty if there is none. What lies
// deeper is behind one of these.
func OpenToOthers(dir string) (string, error) {
	found := ""
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone meanwhile, or never there
		}
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if info.Mode()&others != 0 {
			found = path
			return fs.SkipAll
		}
		if rel, err := filepath.Rel(dir, path); d.IsDir() && err == nil && strings.Count(rel, string(filepath.Separator)) >= 1 {
			return fs.SkipDir
		}
		return nil
	})
	return found, err
}
