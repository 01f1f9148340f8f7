package gate

import (
	"crypto/rand"
	"encoding/binary"
)

// Thrown is a seed that nobody chose, of 53 bits: as many as every client counts.
func Thrown() int {
	raw := make([]byte, 8)
	rand.Read(raw) // it never fails
	return int(binary.BigEndian.Uint64(raw) >> 11)
}
