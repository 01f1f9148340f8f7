package media

import (
	"bytes"
	"encoding/binary"
	"image"
)

// maxScanned bounds pixels times scans: every scan of a progressive JPEG walks
// over all pixels, and some 100 bytes are enough for one. Cameras write about ten.
const maxScanned = 500_000_000

// needs is what decoding takes, an estimate.
type needs struct {
	memory int64 // bytes
	walked int64 // pixels that are walked over
	kept   bool  // the coefficients of the whole picture are kept: a progressive JPEG
}

func cost(data []byte, typ Type, config image.Config) needs {
	pixels := int64(config.Width) * int64(config.Height)
	switch typ {
	case JPEG:
		return jpegCost(data, pixels)
	case PNG:
		return needs{memory: pngCost(data, pixels), walked: pixels}
	case WebP:
		if bytes.Contains(data[:min(len(data), 64)], []byte("VP8L")) {
			return needs{memory: 8 * pixels, walked: pixels} // the pixels and what a transform makes of them
		}
		return needs{memory: 5 * pixels / 2, walked: pixels} // with alpha
	}
	return needs{walked: pixels}
}

// jpegCost reads the frame header: samples of each component, and whether the
// coefficients of all are kept until the last scan, at four bytes each.
func jpegCost(data []byte, pixels int64) needs {
	unknown := needs{memory: 3 * pixels, walked: pixels}
	const sof0, sof2, sos = 0xC0, 0xC2, 0xDA
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xFF {
			at++
			continue
		}
		marker, length := data[at+1], 2+int(binary.BigEndian.Uint16(data[at+2:]))
		switch {
		case marker == 0xFF || marker == 0 || marker >= 0xD0 && marker <= 0xD8:
			at++
			continue
		case marker == sos:
			return unknown
		case marker >= sof0 && marker <= sof2 && at+10 <= len(data):
			n := int(data[at+9])
			if at+10+3*n > len(data) {
				return unknown
			}
			most, sum := int64(1), int64(0)
			for c := range n {
				factors := data[at+11+3*c]
				samples := int64(factors>>4) * int64(factors&15)
				most, sum = max(most, samples), sum+samples
			}
			memory := pixels * sum / most
			if n == 4 {
				memory += 4 * pixels
			}
			if marker == sof2 {
				// Within picture data 0xFF is always escaped, so this counts scans and
				// at most a few strays in metadata.
				return needs{
					memory: memory + 4*pixels*sum/most, walked: pixels * int64(bytes.Count(data, []byte{0xFF, sos})), kept: true,
				}
			}
			return needs{memory: memory, walked: pixels}
		}
		at += length
	}
	return unknown
}

// pngCost goes by the header's depth and colour type, which are at fixed places.
func pngCost(data []byte, pixels int64) int64 {
	const depth, colour, interlace, header = 24, 25, 28, 29
	if len(data) < header {
		return 4 * pixels
	}
	each := int64(4)
	switch gray, wide := data[colour] == 0 || data[colour] == 3, data[depth] == 16; {
	case gray && wide:
		each = 2
	case gray:
		each = 1
	case wide:
		each = 8
	}
	memory := each * pixels
	if data[interlace] != 0 {
		memory += memory / 2 // its largest pass is a picture of its own
	}
	return memory
}
