package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// files lists the regular files below a directory, with forward slashes. What
// vanishes meanwhile is not there.
func files(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != dir {
			return nil
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		out = append(out, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	return out, nil
}

// sum reads a file. The result has no path.
func sum(ctx context.Context, path string) (File, error) {
	in, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	f, err := pour(ctx, io.Discard, in)
	return f, errors.Join(err, in.Close())
}

// copyFile copies a file to a path that does not exist yet, onto the disk.
func copyFile(ctx context.Context, from, to string) (f File, err error) {
	in, err := os.Open(from)
	if err != nil {
		return f, err
	}
	defer in.Close() //nolint:errcheck // it is only read
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return f, err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return f, err
	}
	if f, err = pour(ctx, out, in); err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		err = fmt.Errorf("copy %s: %w", from, err)
	}
	return f, err
}

func pour(ctx context.Context, out io.Writer, in io.Reader) (File, error) {
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, hash), &patient{ctx, in})
	return File{Size: n, SHA256: hex.EncodeToString(hash.Sum(nil))}, err
}

// patient ends a long copy with its context.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// syncDirs brings the names of a whole tree onto the disk.
func syncDirs(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncPath(path)
	})
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
