package api

import (
	"io"
	"net/http"
	"sync"

	"github.com/klauspost/compress/gzip"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

var unpackers = sync.Pool{New: func() any { return new(gzip.Reader) }}

// readBody reads a body of at most limit bytes, also as it comes out of gzip: what is
// unpacked is counted while it is, so that a small body cannot become a large one.
func readBody(e *core.RequestEvent, limit int64) ([]byte, error) {
	raw := http.MaxBytesReader(e.Response, e.Request.Body, limit)
	var from io.Reader = raw
	switch e.Request.Header.Get("Content-Encoding") {
	case "", "identity":
	case "gzip":
		unpacker := unpackers.Get().(*gzip.Reader) //nolint:forcetypeassert // the pool has nothing else
		defer unpackers.Put(unpacker)
		if err := unpacker.Reset(raw); err != nil {
			return nil, gate.BodyFault(limit, err)
		}
		from = unpacker
	default:
		return nil, gate.Fail(http.StatusUnsupportedMediaType, "encoding_unknown", map[string]any{"known": "gzip"})
	}
	body, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = &http.MaxBytesError{Limit: limit}
	}
	if err != nil {
		return nil, gate.BodyFault(limit, err)
	}
	return body, nil
}
