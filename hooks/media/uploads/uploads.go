// Package uploads receives photos and papers over tus 1.0 at /api/sync/blobs,
// resumable from any byte, and develops what has arrived whole.
//
// An upload carries the id of its blobs row, so there is at most one per row
// and a phone that lost the Location header can still go on. The bytes and a
// small description lie in Config.Dir until the hash is verified; from then on
// the row's state is the only truth:
//
//	pending   nothing, a part or all bytes are here, not yet verified
//	received  all bytes are here and are those announced: the row is the queue
//	stored    original and copies are in the storage; durable: and off the machine
//	rejected  the bytes are what the phone announced, but not what is taken
//
// The last byte's answer waits for the hash and for nothing else. If the server
// dies before that, the next HEAD or PATCH at the full length brings it to its
// end; if it dies later, the queue goes on at the next start. A row of the queue
// whose bytes are gone or spoilt is pending again, and its phone sends them anew.
package uploads

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/media"
	"satchel/records"
	"satchel/syncer"
)

const (
	// Path is where uploads are created; an upload is one segment below.
	Path = "/api/sync/blobs"

	// DeviceHeader names the device of the request.
	DeviceHeader = "X-Sync-Device"

	defaultExpire = 48 * time.Hour
	bytesType     = "application/offset+octet-stream"
	extensions    = "creation,creation-with-upload,expiration,checksum,termination"
)

// Config holds what the area takes from outside.
type Config struct {
	Now     func() time.Time
	Planted syncer.Planted // a fault, for tests of the tests

	// Device lets a request pass if it comes from an active user and his
	// device id, which is the value of DeviceHeader, and returns the device;
	// otherwise it returns the API error to answer.
	Device func(e *core.RequestEvent, id string) (*core.Record, error)

	// Dir keeps unfinished uploads; by default "uploads" in the data directory.
	Dir string

	// Expire is how long after its creation an unfinished upload is kept;
	// 48 hours by default.
	Expire time.Duration

	// Develop makes a photo's facts and copies of the file at path. It fails with
	// a *media.Refusal if the photo is at fault. It is done in another process; without it photos wait.
	Develop func(ctx context.Context, path string, want media.Want) (media.Developed, error)

	// Watermark gives the lines of text for the public copy of a row; nil for none.
	Watermark func(app core.App, blob records.Blob) ([]string, error)

	// Workers is how many photos are developed at once; by default one per core.
	Workers int

	// InFlight is how many requests may bring bytes at once; 0 for the usual number.
	InFlight int

	// Manual leaves the queue to whoever calls Work.
	Manual bool

	// Append opens a file of Dir to be written at its end, and Free tells how many
	// bytes its disk can still take; by default the system's.
	Append func(path string) (io.WriteCloser, error)
	Free   func(dir string) (int64, error)
}

// Service is the area's state.
type Service struct {
	cfg    Config
	store  parts
	locker *memorylocker.MemoryLocker
	tus    *handler.UnroutedHandler

	// creating keeps two creations of one upload apart.
	creating sync.Mutex

	entrance entrance // as many as there are cores

	places  gate.Places // of requests that bring bytes, by user
	turns   turns
	hashing chan struct{} // files that are read for their hash, one per core
	queue   queue
}

// New makes the area's state for an app whose data directory is known.
func New(app core.App, cfg Config) *Service {
	if cfg.Dir == "" {
		cfg.Dir = filepath.Join(app.DataDir(), "uploads")
	}
	if cfg.Expire <= 0 {
		cfg.Expire = defaultExpire
	}
	if cfg.Develop == nil {
		cfg.Develop = nobody
	}
	if cfg.Workers <= 0 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	if cfg.Append == nil {
		cfg.Append = appending
	}
	if cfg.Free == nil {
		cfg.Free = free
	}
	s := &Service{
		cfg:      cfg,
		store:    parts{filestore.FileStore{Path: cfg.Dir, DirModePerm: 0o700, FileModePerm: 0o600}, cfg.Append},
		locker:   memorylocker.New(),
		entrance: make(entrance, runtime.GOMAXPROCS(0)),
		places:   gate.Places{Most: cmp.Or(cfg.InFlight, inFlightMost)},
		hashing:  make(chan struct{}, runtime.GOMAXPROCS(0)),
		queue:    newQueue(),
	}
	s.tus = s.newTus()
	return s
}

// Area is what uploads are. Its rules judge a blob before those of other areas fill
// what the phone must leave empty.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "uploads",
		Collections: []kit.Collection{tickets()},
		Jobs:        []gate.Job{{Name: "uploadSweep", Schedule: "17 * * * *", Run: s.Sweep}},
		Routes:      s.routes(),
		Bind: func(app core.App) {
			app.OnServe().Bind(gate.Named("uploadDir", func(e *core.ServeEvent) error {
				if err := os.MkdirAll(s.cfg.Dir, 0o700); err != nil {
					return fmt.Errorf("make the directory for uploads: %w", err)
				}
				return e.Next()
			}))
			s.bindQueue(app)
		},
	}
}
