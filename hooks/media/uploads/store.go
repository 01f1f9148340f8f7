package uploads

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
)

// parts is tusd's file store with what it lacks: a seam to the disk, and
// checksums of single requests.
type parts struct {
	filestore.FileStore
	open func(path string) (io.WriteCloser, error)
}

// appending opens a file of the disk to be written at its end.
func appending(path string) (io.WriteCloser, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
}

// NewUpload implements handler.DataStore.
func (p parts) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	up, err := p.FileStore.NewUpload(ctx, info)
	if err != nil {
		return nil, noted(ctx, fmt.Errorf("make upload: %w", err))
	}
	return part{up, p, info.ID}, nil
}

// GetUpload implements handler.DataStore.
func (p parts) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	up, err := p.FileStore.GetUpload(ctx, id)
	if err != nil {
		return nil, err
	}
	return part{up, p, id}, nil
}

// AsTerminatableUpload implements handler.TerminaterDataStore.
func (p parts) AsTerminatableUpload(up handler.Upload) handler.TerminatableUpload {
	return p.FileStore.AsTerminatableUpload(up.(part).Upload)
}

// part is one upload.
type part struct {
	handler.Upload
	store parts
	id    string
}

// WriteChunk appends what a request brings. If the request names a checksum and
// has arrived whole, bytes that do not meet it are taken back; of one that broke
// off all bytes stay, as of one without a checksum: the hash of the whole
// decides in the end.
func (p part) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	info, err := p.GetInfo(ctx)
	if err != nil {
		return 0, err
	}
	path := info.Storage[filestore.StorageKeyPath]
	file, err := p.store.open(path)
	if err != nil {
		return 0, noted(ctx, fmt.Errorf("open upload: %w", err))
	}
	n, err := io.Copy(file, src)
	if err = errors.Join(err, file.Close()); err != nil {
		return n, noted(ctx, fmt.Errorf("write upload: %w", err))
	}
	c := callIn(ctx)
	if c == nil || c.body.meets() {
		return n, nil
	}
	if err := os.Truncate(path, offset); err != nil {
		return n, noted(ctx, fmt.Errorf("take bytes back: %w", err))
	}
	return 0, noted(ctx, refuse(statusChecksum, codeChecksum))
}

// noted keeps our own error for the answer, instead of what tusd makes of it.
func noted(ctx context.Context, err error) error {
	if c := callIn(ctx); c != nil {
		c.err = err
	}
	return err
}

// isFull reports whether an error says that a disk has no room. SQLite's own says
// so in words only.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || err != nil && strings.Contains(err.Error(), "database or disk is full")
}
