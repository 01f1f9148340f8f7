package uploads

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain/evidence"
	"satchel/records"
)

// shelf is PocketBase's storage, local or S3, with what was put there noted.
type shelf struct {
	*filesystem.System
	root string // of the local storage; empty with S3
	keys []string
}

func openShelf(ctx context.Context, app core.App) (*shelf, error) {
	files, err := app.NewFilesystem()
	if err != nil {
		return nil, fmt.Errorf("open the storage: %w", err)
	}
	files.SetContext(ctx)
	s := &shelf{System: files}
	if !app.Settings().S3.Enabled {
		s.root = filepath.Join(app.DataDir(), core.LocalStorageDirName)
	}
	return s, nil
}

func (s *shelf) close() { _ = s.Close() } // what was written is closed by its writer

// state is what a row is when its files are here: S3 is off the machine.
func (s *shelf) state() records.BlobState {
	if s.root == "" {
		return evidence.BlobDurable
	}
	return evidence.BlobStored
}

func (s *shelf) put(content []byte, key string) error {
	if err := s.Upload(content, key); err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	s.keys = append(s.keys, key)
	return nil
}

func (s *shelf) putFile(path, key string) error {
	file, err := filesystem.NewFileFromPath(path)
	if err == nil {
		err = s.UploadFile(file, key)
	}
	if err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	s.keys = append(s.keys, key)
	return nil
}

// fetch copies a file of the storage to a path.
func (s *shelf) fetch(key, path string) error {
	in, err := s.GetReader(key)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", key, err)
	}
	defer func() { _ = in.Close() }() // it was only read
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("fetch %s: %w", key, err)
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", key, err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("fetch %s: %w", key, err)
	}
	return nil
}

// sync waits until what was put is on the local disk: a row says stored only of
// what a power cut leaves.
func (s *shelf) sync() error {
	if s.root == "" {
		return nil
	}
	dirs := map[string]bool{}
	for _, key := range s.keys {
		path := filepath.Join(s.root, filepath.FromSlash(key))
		if err := syncPath(path); err != nil {
			return err
		}
		dirs[filepath.Dir(path)] = true
	}
	for dir := range dirs {
		if err := errors.Join(syncPath(dir), syncPath(filepath.Dir(dir))); err != nil {
			return err
		}
	}
	return nil
}

func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	if err = errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}
