package uploads

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"

	"satchel/records"
)

// The disk holds two files per upload: <id> with the bytes so far, whose
// length is the offset, and <id>.info, written once at the creation. Neither
// is synced: what a power cut mangles is found here, or by the hash before it is
// developed, and is sent again.

const infoSuffix = ".info"

// partial is what lies on the disk of an upload.
type partial struct {
	offset, size int64
	expires      time.Time
}

var (
	errGone    = errors.New("no usable upload")
	errExpired = errors.New("upload has expired")
	errSpoilt  = errors.New("upload has another hash than announced")
	errFull    = errors.New("uploads would eat into the disk's reserve")
)

func (s *Service) path(id records.BlobID) string { return filepath.Join(s.cfg.Dir, string(id)) }

// find returns the upload, or errGone, or errExpired. What it finds expired
// or unusable it removes.
func (s *Service) find(ctx context.Context, id records.BlobID) (partial, error) {
	part, err := s.read(ctx, id)
	if err == nil && !s.cfg.Now().Before(part.expires) {
		err = errExpired
	}
	if errors.Is(err, errGone) || errors.Is(err, errExpired) {
		if err := s.discard(ctx, id); err != nil {
			return partial{}, err
		}
	}
	return part, err
}

// read takes for gone: a description that is missing, cut, or of another
// directory (a copied data directory must not write into the first one's
// files), and more bytes than were announced.
func (s *Service) read(ctx context.Context, id records.BlobID) (partial, error) {
	upload, err := s.store.GetUpload(ctx, string(id))
	var system *fs.PathError
	if errors.As(err, &system) {
		return partial{}, fmt.Errorf("read upload: %w", err)
	}
	if err != nil {
		return partial{}, errGone
	}
	info, err := upload.GetInfo(ctx)
	if err != nil {
		return partial{}, fmt.Errorf("read upload: %w", err)
	}
	expires, err := time.Parse(time.RFC3339, info.MetaData[metaExpires])
	if err != nil || info.ID != string(id) || info.Storage[filestore.StorageKeyPath] != s.path(id) || info.Offset > info.Size {
		return partial{}, errGone
	}
	return partial{offset: info.Offset, size: info.Size, expires: expires}, nil
}

// discard removes the upload's files under its lock.
func (s *Service) discard(ctx context.Context, id records.BlobID) error {
	unlock, err := s.lock(ctx, id)
	if err != nil {
		return err
	}
	defer unlock()
	return s.remove(id)
}

// remove needs the upload's lock.
func (s *Service) remove(id records.BlobID) error {
	for _, path := range []string{s.path(id) + infoSuffix, s.path(id)} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove upload: %w", err)
		}
	}
	return nil
}

// lock waits for the upload. Whoever is receiving bytes for it is told to
// stop, as it most likely is a dead connection of the same phone.
func (s *Service) lock(ctx context.Context, id records.BlobID) (unlock func(), err error) {
	lock, err := s.locker.NewLock(string(id))
	if err != nil {
		return nil, fmt.Errorf("lock upload: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := lock.Lock(ctx, func() {}); err != nil {
		return nil, refuse(http.StatusLocked, codeLocked)
	}
	return func() { _ = lock.Unlock() }, nil // it never fails
}
