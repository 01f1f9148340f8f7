package uploads

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // a transport checksum of the protocol, which proves nothing
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"net/http"
	"strings"
)

// checksums are the algorithms of the checksum extension.
var checksums = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New}

const (
	checksumNames  = "sha1,sha256"
	statusChecksum = 460 // of the protocol; the bytes of the request are gone
)

// heard is a request's body that knows whether all of it came, and its checksum.
type heard struct {
	io.ReadCloser
	sum   hash.Hash // nil if the request names none
	want  []byte
	whole bool
	at    *turn // nil if it has none
}

// hear reads the header Upload-Checksum: algorithm, blank, base64.
func hear(r *http.Request, body io.ReadCloser) (*heard, error) {
	h := &heard{ReadCloser: body}
	header := r.Header.Get("Upload-Checksum")
	if header == "" {
		return h, nil
	}
	name, value, _ := strings.Cut(header, " ")
	algorithm, known := checksums[name]
	if !known {
		return nil, refuse(http.StatusBadRequest, codeRequest, "reason", "checksum algorithm is none of "+checksumNames)
	}
	h.sum = algorithm()
	var err error
	if h.want, err = base64.StdEncoding.DecodeString(value); err != nil || len(h.want) != h.sum.Size() {
		return nil, refuse(http.StatusBadRequest, codeRequest, "reason", "checksum is malformed")
	}
	return h, nil
}

// Read implements io.Reader.
func (h *heard) Read(b []byte) (int, error) {
	if h.at.gaveWay() {
		return 0, errGaveWay
	}
	n, err := h.ReadCloser.Read(b)
	if h.sum != nil {
		h.sum.Write(b[:n])
	}
	h.whole = h.whole || errors.Is(err, io.EOF)
	h.at.brought(n, h.whole)
	return n, err
}

// meets reports whether the bytes may stay.
func (h *heard) meets() bool {
	return h.sum == nil || !h.whole || bytes.Equal(h.sum.Sum(nil), h.want)
}
