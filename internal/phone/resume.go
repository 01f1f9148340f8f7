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
	etag  string
	path  string // empty if the answer was not kept
	at    int64
	size  int64
	tries int
}

func (p *Phone) resuming(ctx context.Context, resp *http.Response) *resuming {
	return &resuming{
		phone: p, ctx: ctx, body: resp.Body, size: resp.ContentLength,
		etag: resp.Header.Get("ETag"), path: resp.Header.Get("Content-Location"),
	}
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
	err := r.body.Close()
	if err != nil && r.ctx.Err() != nil {
		return err
	}
	var resp *http.Response
	header := http.Header{"Range": {fmt.Sprintf("bytes=%d-", r.at)}, "If-Range": {r.etag}, "Accept-Encoding": {"zstd, gzip"}}
	err = r.phone.authed(r.ctx, func() error {
		return r.phone.once(r.ctx, http.MethodGet, r.path, nil, &resp, header)
	})
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
