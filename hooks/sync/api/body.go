package api

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"satchel/syncer"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pocketbase/pocketbase/core"
)

// smallBody is the size below which compressing costs more than it saves.
const smallBody = 1 << 10

// body gathers an answer, compressed as soon as it is worth it.
type body struct {
	out      store
	encoding string
	encoder  resettable // nil while the answer is small or goes plain
	pool     *sync.Pool
}

type resettable interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// zstdWindow is how far back a frame refers: rows that are alike lie near each
// other, and both ends need so much memory.
const zstdWindow = 256 << 10

var (
	zstdPool = sync.Pool{New: func() any {
		w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithWindowSize(zstdWindow), zstd.WithEncoderCRC(false)) // the lines carry a sum of their own
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

// newBody picks the encoding from what the client accepts: zstd before gzip. A
// large answer goes to a file of the spools; without spools it stays in memory.
func newBody(accept string, files *spools) *body {
	b := &body{out: store{files: files}}
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
	if b.encoder == nil && b.pool != nil && b.out.size+len(p) > smallBody {
		if err := b.compress(); err != nil {
			return 0, err
		}
	}
	if b.encoder != nil {
		return b.encoder.Write(p)
	}
	return b.out.Write(p)
}

// compress starts to, with what was written so far.
func (b *body) compress() error {
	head := b.out.take()
	b.encoder = b.pool.Get().(resettable)
	b.encoder.Reset(&b.out)
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
	if _, err := b.out.Write(s.Encoded("zstd", encodeFrame)); err != nil {
		return err
	}
	b.encoder.Reset(&b.out)
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

// close ends the answer. Then it may be sent.
func (b *body) close() error {
	if b.encoder != nil {
		if err := b.encoder.Close(); err != nil {
			return err
		}
	}
	return b.out.settle()
}

// release gives back what the answer took.
func (b *body) release() {
	if b.encoder != nil {
		b.encoder.Reset(nil) // or it would hold on to the answer
		b.pool.Put(b.encoder)
	}
	b.out.release()
}

// send writes the answer.
func (b *body) send(e *core.RequestEvent) error {
	h := e.Response.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Length", strconv.Itoa(b.out.size))
	if as := b.sentAs(); as != "" {
		h.Set("Content-Encoding", as)
	}
	e.Response.WriteHeader(http.StatusOK)
	return b.out.copyTo(e.Response)
}
