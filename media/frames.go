package media

import (
	"bytes"
	"encoding/binary"
)

// animated reports whether a file holds a sequence of pictures: a photo that
// proves something is one picture, and what a viewer shows of several depends
// on the viewer. The further pictures of a phone's JPEG (depth, a gain map) are
// no sequence; the first is the photo.
func animated(data []byte, typ Type) bool {
	switch typ {
	case WebP: // a flag of the extended header
		return len(data) > 20 && string(data[12:16]) == "VP8X" && data[20]&0x02 != 0
	case PNG: // a chunk before the pixels
		const firstChunk = 8
		for at := firstChunk; at+8 <= len(data); {
			switch name := data[at+4 : at+8]; {
			case bytes.Equal(name, []byte("acTL")):
				return true
			case bytes.Equal(name, []byte("IDAT")):
				return false
			}
			at += 12 + int(min(binary.BigEndian.Uint32(data[at:]), 1<<30))
		}
	case JPEG:
	}
	return false
}
