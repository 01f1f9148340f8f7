// Package uploads receives photos over tus 1.0 at /api/sync/blobs, resumable
// from any byte, and attaches what has arrived whole.
//
// An upload carries the id of its blobs row, so there is at most one per row
// and a phone that lost the Location header can still go on. The bytes and a
// small description lie in Config.Dir until the hash is verified; from then on
// the row's state is the only truth:
//
//	pending   nothing, a part or all bytes are here, not yet attached
//	stored    original, public copy and thumbnail are attached
//	rejected  the bytes are what the phone announced, but no acceptable photo
//
// The last byte's answer waits for the outcome. If the server dies before
// that, the next HEAD or PATCH at the full length brings the work to its end.
package uploads

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"

	"satchel/hooks/gate"
	"satchel/media"
)

const (
	// Path is where uploads are created; an upload is one segment below.
	Path = "/api/sync/blobs"

	// DeviceHeader names the device of the request.
	DeviceHeader = "X-Sync-Device"

	defaultExpire = 48 * time.Hour
	extensions    = "creation,creation-with-upload,expiration,termination"
)

// Config holds what the area takes from outside.
type Config struct {
	Now func() time.Time

	// Device lets a request pass if it comes from an active user and his
	// device id, which is the value of DeviceHeader, and returns the device;
	// otherwise it returns the API error to answer.
	Device func(e *core.RequestEvent, id string) (*core.Record, error)

	// Dir keeps unfinished uploads; by default "uploads" in the data directory.
	Dir string

	// Expire is how long after its creation an unfinished upload is kept;
	// 48 hours by default.
	Expire time.Duration
}

// Service is the area's state.
type Service struct {
	cfg    Config
	limits media.Limits
	store  filestore.FileStore
	locker *memorylocker.MemoryLocker
	tus    *handler.UnroutedHandler

	// creating keeps two creations of one upload apart.
	creating sync.Mutex

	// slots bounds how many photos are decoded at once: half the cores, so
	// that the rest goes on answering, and memory stays bounded.
	slots chan struct{}
}

// Bind registers the area's routes and its cron.
func Bind(app core.App, cfg Config) *Service {
	if cfg.Dir == "" {
		cfg.Dir = filepath.Join(app.DataDir(), "uploads")
	}
	if cfg.Expire <= 0 {
		cfg.Expire = defaultExpire
	}
	s := &Service{
		cfg:    cfg,
		limits: media.PhotoLimits,
		store:  filestore.FileStore{Path: cfg.Dir, DirModePerm: 0o700, FileModePerm: 0o600},
		locker: memorylocker.New(),
		slots:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
	}

	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "uploadRoutes", Func: func(e *core.ServeEvent) error {
		if err := os.MkdirAll(s.cfg.Dir, 0o700); err != nil {
			return fmt.Errorf("make the directory for uploads: %w", err)
		}
		var err error
		if s.tus, err = s.newTus(); err != nil {
			return err
		}
		// The limit of PocketBase would keep a copy of every body in memory;
		// here the announced length bounds it.
		blobs := e.Router.Group(Path).Unbind(apis.DefaultBodyLimitMiddlewareId)
		blobs.Bind(protocolHeaders())
		blobs.OPTIONS("", discover)
		blobs.OPTIONS("/{id}", discover)
		blobs.POST("", answered(s.create))
		blobs.HEAD("/{id}", answered(s.resume(s.tus.HeadFile)))
		blobs.PATCH("/{id}", answered(s.resume(s.tus.PatchFile)))
		blobs.DELETE("/{id}", answered(s.resume(s.tus.DelFile)))
		return e.Next()
	}})
	return s
}

// Jobs are the area's work of the clock.
func (s *Service) Jobs() []gate.Job {
	return []gate.Job{{Name: "uploadSweep", Schedule: "17 * * * *", Run: s.Sweep}}
}

// protocolHeaders runs before PocketBase answers a preflight by itself, so
// that browsers elsewhere also learn what is offered and may read the answers.
func protocolHeaders() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "uploadProtocol", Priority: apis.DefaultCorsMiddlewarePriority - 1,
		Func: func(e *core.RequestEvent) error {
			h := e.Response.Header()
			h.Set("Tus-Resumable", "1.0.0")
			h.Set("Access-Control-Expose-Headers",
				"Location, Upload-Offset, Upload-Length, Upload-Expires, Upload-Metadata, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size")
			if e.Request.Method == http.MethodOptions {
				h.Set("Tus-Version", "1.0.0")
				h.Set("Tus-Extension", extensions)
				h.Set("Tus-Max-Size", strconv.FormatInt(media.PhotoLimits.Bytes, 10))
			}
			return e.Next()
		},
	}
}

// discover tells the protocol's extensions; it needs no login, as a browser's
// preflight carries none.
func discover(e *core.RequestEvent) error { return e.NoContent(http.StatusNoContent) }
