package syncer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
)

// DigestKey keys the leaves of one device, so that the sums of one tell nothing
// about what another holds.
type DigestKey []byte

// NewDigestKey derives a device's key from the server's secret.
func NewDigestKey(secret []byte, device string) DigestKey {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("digest" + device))
	return h.Sum(nil)[:16]
}

// Place is where a row stands among all rows, whatever its version: 64 bits of
// HMAC-SHA-256 over collection, NUL, id. Buckets are prefixes of its 16 hex digits.
func (k DigestKey) Place(c, id string) uint64 { return k.sum(c + "\x00" + id) }

// Leaf stands for a row at a version: 64 bits of HMAC-SHA-256 over collection,
// NUL, id, NUL, version in decimal. A digest is a sum of leaves modulo 2^64.
func (k DigestKey) Leaf(c, id string, v int64) uint64 {
	return k.sum(c + "\x00" + id + "\x00" + strconv.FormatInt(v, 10))
}

func (k DigestKey) sum(text string) uint64 {
	h := hmac.New(sha256.New, k)
	h.Write([]byte(text))
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// Hex16 renders a place, a leaf or a sum as on the wire.
func Hex16(n uint64) string { return fmt.Sprintf("%016x", n) }
