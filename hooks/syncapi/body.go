package syncapi

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pocketbase/pocketbase/core"
)

// smallBody is the size below which compressing costs more than it saves.
const smallBody = 1 << 10

// body gathers an answer, compressed as soon as it is worth it.
type body struct {
	buf      bytes.Buffer
	encoding string
	encoder  io.WriteCloser // nil while the answer is small or goes plain
	pool     *sync.Pool
}

type resettable interface {
	io.WriteCloser
	Reset(w io.Writer)
}

var (
	zstdPool = sync.Pool{New: func() any {
		w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
		if err != nil {
			panic(err) // the options are constant
		}
		return w
	}}
	gzipPool = sync.Pool{New: func() any {
		w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is constant
		}
		return w
	}}
)

// newBody picks the encoding from what the client accepts: zstd before gzip.
func newBody(accept string) *body {
	b := &body{}
	for _, have := range strings.Split(accept, ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(have), ";")
		switch {
		case name == "zstd":
			b.encoding, b.pool = name, &zstdPool
		case name == "gzip" && b.encoding == "":
			b.encoding, b.pool = name, &gzipPool
		}
	}
	return b
}

// Write implements io.Writer.
func (b *body) Write(p []byte) (int, error) {
	if b.encoder == nil && b.pool != nil && b.buf.Len()+len(p) > smallBody {
		head := bytes.Clone(b.buf.Bytes())
		b.buf.Reset()
		w := b.pool.Get().(resettable)
		w.Reset(&b.buf)
		b.encoder = w
		if _, err := w.Write(head); err != nil {
			return 0, err
		}
	}
	if b.encoder != nil {
		return b.encoder.Write(p)
	}
	return b.buf.Write(p)
}

func (b *body) close() error {
	if b.encoder == nil {
		return nil
	}
	return b.encoder.Close()
}

func (b *body) release() {
	if b.encoder != nil {
		b.pool.Put(b.encoder)
	}
}

// send writes the answer with time enough for a slow line.
func (b *body) send(e *core.RequestEvent) error {
	h := e.Response.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Length", strconv.Itoa(b.buf.Len()))
	if b.encoder != nil {
		h.Set("Content-Encoding", b.encoding)
	}
	//nolint:forbidigo // a socket's deadline is real time; a recorder in a test has none
	_ = http.NewResponseController(e.Response).SetWriteDeadline(time.Now().Add(slowAnswer))
	e.Response.WriteHeader(http.StatusOK)
	_, err := e.Response.Write(b.buf.Bytes())
	return err
}
