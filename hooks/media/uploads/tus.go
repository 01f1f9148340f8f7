package uploads

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"

	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

const (
	// silence is how long a body may bring no byte at all; slow links do
	// bring some, and each byte starts the time anew.
	silence = 2 * time.Minute

	// patience is how long a request waits for another one that works on the
	// same upload.
	patience = 20 * time.Second

	metaBlob    = "blob"
	metaExpires = "expires" // RFC 3339
)

// newTus makes the protocol's engine with the extensions creation,
// creation-with-upload and termination; checksum and expiration are ours.
func (s *Service) newTus() *handler.UnroutedHandler {
	composer := handler.NewStoreComposer()
	composer.UseCore(s.store)
	composer.UseTerminater(s.store)
	composer.UseLocker(s.locker)
	tus, err := handler.NewUnroutedHandler(handler.Config{
		StoreComposer:      composer,
		BasePath:           Path,
		MaxSize:            evidence.MaxBlobBytes,
		DisableDownload:    true,
		Cors:               &handler.CorsConfig{Disable: true},
		NetworkTimeout:     silence,
		AcquireLockTimeout: patience,
		Logger:             slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1})),

		PreUploadCreateCallback: func(hook handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
			c := callIn(hook.Context)
			return handler.HTTPResponse{}, handler.FileInfoChanges{ID: c.row.ID().String(), MetaData: handler.MetaData{
				metaBlob: c.row.ID().String(), metaExpires: c.expires.Format(time.RFC3339),
			}}, nil
		},
		PreFinishResponseCallback: func(hook handler.HookEvent) (handler.HTTPResponse, error) {
			c := callIn(hook.Context)
			if c.err != nil { // the last bytes came, and the disk did not take them for sure
				return handler.HTTPResponse{}, handler.ErrUploadStoppedByServer
			}
			if c.err = s.finish(c.event, c.row); c.err != nil {
				return handler.HTTPResponse{}, handler.ErrUploadStoppedByServer // c.err is answered instead
			}
			return handler.HTTPResponse{}, nil
		},
	})
	if err != nil {
		panic(fmt.Sprintf("tus: %v", err)) // the configuration stands above
	}
	return tus
}

// call is one request on its way through tusd and its callbacks.
type call struct {
	event   *core.RequestEvent
	row     records.Blob
	expires time.Time
	body    *heard
	err     error // our own, answered instead of tusd's
}

type callKey struct{}

// callIn finds the call that a context of tusd belongs to; nil outside of one.
func callIn(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// pass hands the request to one of tusd's handlers, with the answers
// of errors turned into PocketBase's shape. at is nil for one that brings no bytes.
func (s *Service) pass(e *core.RequestEvent, row records.Blob, expires time.Time, at *turn, serve http.HandlerFunc) error {
	body, err := hear(e.Request, gate.Streamed(e.Request.Body))
	if err != nil {
		return err
	}
	body.at = at
	c := &call{event: e, row: row, expires: expires, body: body}
	r := e.Request.Clone(context.WithValue(e.Request.Context(), callKey{}, c))
	r.URL.Path = "/" + e.Request.PathValue("id") // tusd takes all of the path for the id
	r.Body = body
	w := &answer{ResponseWriter: e.Response, row: row}
	if at != nil {
		at.reads(w)
	}
	w.Header().Set("Upload-Expires", expires.UTC().Format(http.TimeFormat))

	s.tus.Middleware(serve).ServeHTTP(w, r)
	w.end()
	if c.err != nil {
		return c.err
	}
	if w.status >= 400 && at.gaveWay() {
		return yielded(e)
	}
	return w.refusal(e)
}

// answer lets tusd's good answers through and holds its plain-text errors back.
type answer struct {
	http.ResponseWriter
	row    records.Blob
	status int
	text   strings.Builder // of an error: "ERR_CODE: message"

	mu    sync.Mutex
	cut   bool // the body was ended by a deadline
	ended bool // too late for another
}

// SetReadDeadline lets tusd end the body of a request that another one interrupts,
// which it does from a goroutine of its own. If the body was read to its end, the
// server takes the timeout for a client that went away and cancels the context of
// the connection, so no further request may come on it. After the answer there
// is nothing to end, and the connection may serve another request.
func (w *answer) SetReadDeadline(at time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return nil
	}
	w.cut = w.cut || time.Until(at) <= 0 // a socket knows real time only
	return http.NewResponseController(w.ResponseWriter).SetReadDeadline(at)
}

// end takes no deadline any more, and closes the connection after the answer if
// it was given one that is over.
func (w *answer) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended = true; w.cut {
		w.Header().Set("Connection", "close")
	}
}

func (w *answer) WriteHeader(status int) {
	h := w.Header()
	if w.status = status; status >= 400 {
		h.Del("Content-Length")
		h.Del("Content-Type")
		return
	}
	if h.Get("Location") != "" { // without a host: a proxy may know a better one
		h.Set("Location", Path+"/"+w.row.ID().String())
	}
	if h.Get("Upload-Metadata") != "" {
		h.Set("Upload-Metadata", metaBlob+" "+base64.StdEncoding.EncodeToString([]byte(w.row.ID())))
	}
	w.end()
	w.ResponseWriter.WriteHeader(status)
}

func (w *answer) Write(b []byte) (int, error) {
	if w.status >= 400 {
		return w.text.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection's deadlines.
func (w *answer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
