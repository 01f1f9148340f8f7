package media

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Fingerprint reads r to its end and returns the SHA-256 as 64 lower-case hex
// digits, and how many bytes there were. It fails only when r does.
func Fingerprint(r io.Reader) (hash string, size int64, err error) {
	sum := sha256.New()
	size, err = io.Copy(sum, r)
	if err != nil {
		return "", size, err
	}
	return hex.EncodeToString(sum.Sum(nil)), size, nil
}
