package media_test

import (
	"bytes"
	"testing"

	"satchel/media"
)

// TestEndlessScans: a progressive JPEG pays for each scan over all its pixels.
func TestEndlessScans(t *testing.T) {
	header := jpegHeader(4000, 3000)
	header[3] = 0xC2 // progressive
	scan := header[bytes.Index(header, []byte{0xFF, 0xDA}):]
	for scans, want := range map[int]string{1: "", 41: "", 42: media.CodeTooDear, 5000: media.CodeTooDear} {
		data := append(bytes.Clone(header), bytes.Repeat(scan, scans-1)...)
		if _, err := media.Inspect(data, media.PhotoLimits); codeOf(err) != want {
			t.Errorf("%d scans of 12 megapixels: %v", scans, err)
		}
	}
	large := jpegHeader(6000, 6000)
	large[3] = 0xC2
	if _, err := media.Inspect(large, media.PhotoLimits); codeOf(err) != media.CodeTooDear {
		t.Errorf("36 megapixels whose coefficients are kept: %v", err)
	}
}
