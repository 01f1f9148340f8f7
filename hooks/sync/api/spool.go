package api

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

const (
	// spoolMin is the size from which an answer goes to a file and is worth resuming.
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
		return fmt.Errorf("clear spools: %w", err)
	}
	return os.MkdirAll(k.dir, 0o700)
}

// create opens a file for an answer. It is the caller's until it is kept.
func (k *spools) create() (id string, f *os.File, err error) {
	k.mu.Lock()
	dir, full := k.dir, k.bytes >= spoolBytes
	k.mu.Unlock()
	if dir == "" || full {
		return "", nil, fmt.Errorf("no room in %q", dir)
	}
	id = rand.Text()
	f, err = os.OpenFile(filepath.Join(dir, id), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return id, f, err
}

// send writes the answer, and keeps a large one to be resumed.
func (k *spools) send(e *core.RequestEvent, b *body, s spool) error {
	s.encoding = b.sentAs()
	if b.out.file != nil && k.keep(&b.out, s) {
		e.Response.Header().Set("ETag", `"`+b.out.id+`"`)
		e.Response.Header().Set("Content-Location", "/api/sync/spool/"+b.out.id)
	}
	defer k.service.sending.begin(e, s.device)()
	return b.send(e)
}

// keep takes over the file of an answer if there is room for it.
func (k *spools) keep(b *store, s spool) bool {
	s.size, s.made, s.file = int64(b.size), k.service.cfg.Now(), b.file.Name()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.expire()
	if k.bytes+s.size > spoolBytes {
		return false
	}
	k.kept[b.id] = s
	k.bytes += s.size
	b.kept = true
	return true
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

// lapsed reports whether the user's keys changed since the answer was read.
func (k *spools) lapsed(s spool) bool {
	return k.service.engine.KeysChanged(s.user, s.to)
}

func (k *spools) drop(id string, s spool) {
	if os.Remove(s.file) == nil {
		delete(k.kept, id)
		k.bytes -= s.size
	}
}

// end drops the answers of a user, or of one of his devices.
func (k *spools) end(who gate.Ended) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, s := range k.kept {
		if s.user == who.User && (who.Device == "" || s.device == who.Device) {
			k.drop(id, s)
		}
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
	if _, err := k.service.cfg.Sessions.Device(e, s.device); err != nil {
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
	defer k.service.sending.begin(e, s.device)()
	http.ServeContent(e.Response, e.Request, "", time.Time{}, f)
	return nil
}
