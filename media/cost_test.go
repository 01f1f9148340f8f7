package media_test

import (
	"bytes"
	"errors"
	"testing"

	"satchel/media"
)

// TestEndlessScans: a progressive JPEG pays for each scan over all its pixels.
func TestEndlessScans(t *testing.T) {
	header := jpegHeader(4000, 3000)
	header[3] = 0xC2 // progressive
	scan := header[bytes.Index(header, []byte{0xFF, 0xDA}):]
	for scans, want := range map[int]string{1: "", 41: "", 42: media.CodeTooComplex, 5000: media.CodeTooComplex} {
		data := append(bytes.Clone(header), bytes.Repeat(scan, scans-1)...)
		if _, err := media.Inspect(data, media.PhotoLimits); codeOf(err) != want {
			t.Errorf("%d scans of 12 megapixels: %v", scans, err)
		}
	}
}

// TestKeptCoefficients: a progressive JPEG that keeps more than a photo may take is
// refused by that name; a plain one of the same size is taken.
func TestKeptCoefficients(t *testing.T) {
	for side, want := range map[uint16]string{4600: "", 4700: media.CodeProgressive, 6000: media.CodeProgressive} {
		plain := jpegHeader(side, side)
		facts, err := media.Inspect(plain, media.PhotoLimits)
		if err != nil || facts.Memory > media.PhotoLimits.Memory {
			t.Errorf("%d by %d, plain: %v, %d bytes", side, side, err, facts.Memory)
		}
		plain[3] = 0xC2
		_, err = media.Inspect(plain, media.PhotoLimits)
		if codeOf(err) != want {
			t.Errorf("%d by %d, progressive: %v", side, side, err)
		}
		if r, ok := errors.AsType[*media.Refusal](err); ok && (r.Params["width"] != int(side) || r.Params["height"] != int(side)) {
			t.Errorf("params %v", r.Params)
		}
	}
}
