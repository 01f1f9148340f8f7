package syncapi

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"satchel/syncer"

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
	encoder  resettable // nil while the answer is small or goes plain
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
		if err := b.compress(); err != nil {
			return 0, err
		}
	}
	if b.encoder != nil {
		return b.encoder.Write(p)
	}
	return b.buf.Write(p)
}

// compress starts to, with what was written so far.
func (b *body) compress() error {
	head := bytes.Clone(b.buf.Bytes())
	b.buf.Reset()
	b.encoder = b.pool.Get().(resettable)
	b.encoder.Reset(&b.buf)
	_, err := b.encoder.Write(head)
	return err
}

// Embed implements syncer.Sink. zstd answers may consist of several frames, so
// a segment goes in as it was compressed once; gzip has no such thing that all
// clients read.
func (b *body) Embed(s *syncer.Segment) error {
	if b.encoding != "zstd" {
		_, err := b.Write(s.Lines)
		return err
	}
	if b.encoder == nil {
		if err := b.compress(); err != nil {
			return err
		}
	}
	if err := b.encoder.Close(); err != nil {
		return err
	}
	b.buf.Write(s.Encoded("zstd", encodeFrame))
	b.encoder.Reset(&b.buf)
	return nil
}

// encodeFrame compresses what is kept and sent many times.
func encodeFrame(lines []byte) []byte {
	w := zstdPool.Get().(*zstd.Encoder)
	defer zstdPool.Put(w)
	return w.EncodeAll(lines, nil)
}

// sentAs names the encoding of the whole.
func (b *body) sentAs() string {
	if b.encoder == nil {
		return ""
	}
	return b.encoding
}

// giveTime lets a slow line read the answer.
func giveTime(e *core.RequestEvent) {
	//nolint:forbidigo // a socket's deadline is real time; a recorder in a test has none
	_ = http.NewResponseController(e.Response).SetWriteDeadline(time.Now().Add(slowAnswer))
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
	if as := b.sentAs(); as != "" {
		h.Set("Content-Encoding", as)
	}
	giveTime(e)
	e.Response.WriteHeader(http.StatusOK)
	_, err := e.Response.Write(b.buf.Bytes())
	return err
}
