package phone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// maxResumes bounds how often one answer is taken up again.
const maxResumes = 50

// resuming reads an answer to its end across cuts of the line: the server keeps
// a large one and serves the rest from the byte that was reached.
type resuming struct {
	phone *Phone
	ctx   context.Context
	body  io.ReadCloser
	// header carries the token: the store is not asked while a pull is written to it.
	header http.Header
	path   string // empty if the answer was not kept
	at     int64
	size   int64
	tries  int
}

func (p *Phone) resuming(ctx context.Context, resp *http.Response) *resuming {
	r := &resuming{phone: p, ctx: ctx, body: resp.Body, size: resp.ContentLength}
	if resp.Request == nil { // the transport does not say how it was asked
		return r
	}
	r.path = resp.Header.Get("Content-Location")
	r.header = http.Header{
		"Authorization": resp.Request.Header["Authorization"], "If-Range": {resp.Header.Get("ETag")}, "Accept-Encoding": {"zstd, gzip"},
	}
	return r
}

// Read implements io.Reader.
func (r *resuming) Read(b []byte) (int, error) {
	for {
		n, err := r.body.Read(b)
		r.at += int64(n)
		short := r.size > 0 && r.at < r.size
		if n > 0 || err == nil || !short || r.path == "" {
			return n, err
		}
		if again := r.again(); again != nil {
			return 0, errors.Join(err, again)
		}
	}
}

func (r *resuming) again() error {
	if r.tries++; r.tries > maxResumes {
		return errTorn
	}
	if err := r.body.Close(); err != nil && r.ctx.Err() != nil {
		return err
	}
	req, err := http.NewRequestWithContext(r.ctx, http.MethodGet, r.phone.cfg.Server+r.path, nil)
	if err != nil {
		return err
	}
	req.Header = r.header.Clone()
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-", r.at))
	resp, err := r.phone.http.Do(req) //nolint:bodyclose // Close or the next try closes it
	if err != nil {
		return err
	}
	r.body = resp.Body
	if resp.StatusCode != http.StatusPartialContent {
		return errTorn
	}
	return nil
}

// Close implements io.Closer.
func (r *resuming) Close() error { return r.body.Close() }
