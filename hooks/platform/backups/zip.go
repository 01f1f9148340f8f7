package backups

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/backup"
	"satchel/internal/store"
)

// advanceByZip lets one of PocketBase's own backups count if it went to S3, or
// into a local directory that the settings call off the machine. What it covers
// is read back from where it went.
func advanceByZip(e *core.BackupEvent) error {
	if !e.App.Settings().Backups.S3.Enabled {
		off, err := backup.IsOffsite(e.App.DB(), filepath.Join(e.App.DataDir(), core.LocalBackupsDirName))
		if err != nil || !off {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "satchel-covered-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a directory of its own in the system's temporary one
	path := filepath.Join(dir, store.DataFile)
	names, err := extract(e, path)
	if err != nil {
		return err
	}
	what, err := backup.CoveredBy(e.Context, path, func(name string) bool { return names[name] })
	if err != nil {
		return err
	}
	return backup.Advance(e.App.NonconcurrentDB(), what)
}

// extract reads the database out of the stored zip, and the names of what is in it.
func extract(e *core.BackupEvent, to string) (names map[string]bool, err error) {
	files, err := e.App.NewBackupsFilesystem()
	if err != nil {
		return nil, err
	}
	defer files.Close() //nolint:errcheck // it is only read
	files.SetContext(e.Context)
	reader, err := files.GetReader(e.Name)
	if err != nil {
		return nil, err
	}
	defer reader.Close() //nolint:errcheck // likewise
	archive, err := zip.NewReader(&seeking{ReadSeeker: reader}, reader.Size())
	if err != nil {
		return nil, fmt.Errorf("read the stored backup: %w", err)
	}
	names = map[string]bool{}
	for _, f := range archive.File {
		names[f.Name] = true
	}
	in, err := archive.Open(store.DataFile)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // likewise
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(out, in) // ends with an error if the zip's checksum is not met
	return names, errors.Join(err, out.Close())
}

// seeking reads at offsets; in a row it asks the store only once.
type seeking struct {
	io.ReadSeeker
	at int64
}

// ReadAt implements io.ReaderAt, for one reader at a time.
func (s *seeking) ReadAt(b []byte, off int64) (int, error) {
	if off != s.at {
		if _, err := s.Seek(off, io.SeekStart); err != nil {
			return 0, err
		}
		s.at = off
	}
	n, err := io.ReadFull(s.ReadSeeker, b)
	s.at += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
