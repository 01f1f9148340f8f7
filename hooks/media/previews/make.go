package previews

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/media"
)

// preview is one of a file of the storage.
type preview struct {
	files               *filesystem.System
	original, dir, path string
	size                string
}

func (p preview) made() (bool, error) { return p.files.Exists(p.path) }

// make has the preview made and keeps it. Unless it fails with a *media.Refusal,
// an error says nothing of the picture.
func (p preview) make(ctx context.Context, of func(context.Context, string, media.Limits, string) ([]byte, error)) error {
	path, err := p.fetch()
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(path) }() // it lies in the folder for passing files
	picture, err := of(ctx, path, media.PhotoLimits, p.size)
	if err != nil {
		return err
	}
	if err := p.files.Upload(picture, p.path); err != nil {
		return fmt.Errorf("keep preview: %w", err)
	}
	// What was removed meanwhile took only what was there.
	if there, err := p.files.Exists(p.original); err != nil || !there {
		return errors.Join(append(p.files.DeletePrefix(p.dir), filesystem.ErrNotFound, err)...)
	}
	return nil
}

// fetch copies the original to a file of its own, whatever the storage is.
func (p preview) fetch() (path string, err error) {
	in, err := p.files.GetReader(p.original)
	if err != nil {
		return "", fmt.Errorf("fetch picture: %w", err)
	}
	defer in.Close() //nolint:errcheck // it is only read
	out, err := os.CreateTemp("", "satchel-preview-")
	if err != nil {
		return "", fmt.Errorf("fetch picture: %w", err)
	}
	_, err = io.Copy(out, io.LimitReader(in, media.PhotoLimits.Bytes+1)) // one more tells that it is too large
	if err = errors.Join(err, out.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("fetch picture: %w", err), os.Remove(out.Name()))
	}
	return out.Name(), nil
}

const (
	refusalLife  = 10 * time.Minute // a busy machine refuses what it would take later
	refusalsMost = 1000
)

// refusals remember which pictures have no preview: one may have cost two
// processes and a minute.
type refusals struct {
	mu   sync.Mutex
	held map[string]refusal
}

type refusal struct {
	why   *media.Refusal
	until time.Time
}

func (r *refusals) of(path string, now time.Time) *media.Refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	if held, ok := r.held[path]; ok && now.Before(held.until) {
		return held.why
	}
	return nil
}

func (r *refusals) note(path string, why *media.Refusal, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held == nil || len(r.held) >= refusalsMost {
		r.held = map[string]refusal{}
	}
	r.held[path] = refusal{why, now.Add(refusalLife)}
}
