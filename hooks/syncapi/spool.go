package syncapi

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// spoolMin is the size from which an answer is worth resuming.
	spoolMin = 64 << 10
	// spoolLife is how long a cut answer may be resumed.
	spoolLife = 2 * time.Hour
	// spoolBytes bounds the disk that cut answers may take.
	spoolBytes = 1 << 30
	spoolDir   = "sync_spool"
)

// spool is an answer on disk, as it was sent.
type spool struct {
	user, device string
	to           int64 // head of its snapshot
	encoding     string
	file         string
	size         int64
	made         time.Time
}

// spools keeps large answers so that a phone on a thin line resumes at a byte.
// What a user may no longer see is not served: a spool ends when his keys change.
type spools struct {
	service *Service
	mu      sync.Mutex
	dir     string
	kept    map[string]spool
	bytes   int64
}

// open empties the directory: answers do not outlive the process.
func (k *spools) open(dataDir string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dir, k.kept, k.bytes = filepath.Join(dataDir, spoolDir), map[string]spool{}, 0
	if err := os.RemoveAll(k.dir); err != nil {
		return fmt.Errorf("failed to clear spools: %w", err)
	}
	return os.MkdirAll(k.dir, 0o700)
}

// send writes the answer, and keeps a large one to be resumed.
func (k *spools) send(e *core.RequestEvent, b *body, s spool) error {
	if b.buf.Len() >= cmp.Or(k.service.cfg.SpoolMin, spoolMin) {
		id, err := k.keep(b, s)
		if err != nil { // the answer itself is whole
			e.App.Logger().Warn("Failed to keep an answer for resuming", "error", err)
		} else {
			e.Response.Header().Set("ETag", `"`+id+`"`)
			e.Response.Header().Set("Content-Location", "/api/sync/spool/"+id)
		}
	}
	return b.send(e)
}

func (k *spools) keep(b *body, s spool) (string, error) {
	id := rand.Text()
	s.size, s.made, s.encoding = int64(b.buf.Len()), k.service.cfg.Now(), b.sentAs()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.expire()
	if k.dir == "" || k.bytes+s.size > spoolBytes {
		return "", fmt.Errorf("no room for %d bytes", s.size)
	}
	s.file = filepath.Join(k.dir, id)
	if err := os.WriteFile(s.file, b.buf.Bytes(), 0o600); err != nil {
		return "", err
	}
	k.kept[id] = s
	k.bytes += s.size
	return id, nil
}

// size tells how many bytes are kept.
func (k *spools) size() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.bytes
}

// expire drops what is too old or no longer its user's. The caller holds mu.
func (k *spools) expire() {
	for id, s := range k.kept {
		if k.service.cfg.Now().Sub(s.made) > spoolLife || k.lapsed(s) {
			k.drop(id, s)
		}
	}
}

// lapsed tells whether the user's keys changed since the answer was read.
func (k *spools) lapsed(s spool) bool {
	return k.service.engine.KeysChanged(s.user, s.to)
}

func (k *spools) drop(id string, s spool) {
	if os.Remove(s.file) == nil {
		delete(k.kept, id)
		k.bytes -= s.size
	}
}

// get answers a part of a kept answer; 404 spool_gone once it may not be resumed.
func (k *spools) get(e *core.RequestEvent) error {
	id := e.Request.PathValue("id")
	k.mu.Lock()
	k.expire()
	s, ok := k.kept[id]
	k.mu.Unlock()
	if !ok {
		return answer(http.StatusNotFound, "spool_gone", nil)
	}
	if _, err := k.service.Device(e, s.device); err != nil {
		return err
	}
	if s.user != e.Auth.Id {
		return answer(http.StatusNotFound, "spool_gone", nil)
	}
	f, err := os.Open(s.file)
	if err != nil {
		return answer(http.StatusNotFound, "spool_gone", nil)
	}
	defer f.Close() //nolint:errcheck // only read
	h := e.Response.Header()
	h.Set("ETag", `"`+id+`"`)
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Cache-Control", "no-store")
	if s.encoding != "" {
		h.Set("Content-Encoding", s.encoding)
	}
	giveTime(e)
	http.ServeContent(e.Response, e.Request, "", time.Time{}, f)
	return nil
}
