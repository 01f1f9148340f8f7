package media_test

import (
	"errors"
	"math"
	"os"
	"testing"
	"time"

	"satchel/media"
	"satchel/media/exifjpeg"
)

// FuzzInspect feeds arbitrary bytes to everything that runs before decoding.
// Whatever comes: no panic, a refusal or sensible facts.
func FuzzInspect(f *testing.F) {
	for _, meta := range []exifjpeg.Meta{
		{},
		{Orientation: 6},
		{Taken: time.Date(2026, 3, 9, 14, 5, 6, 0, time.UTC), Lat: 31.2, Lng: 121.4, HasGPS: true, Orientation: 8, Make: "M", Model: "N"},
	} {
		data, err := exifjpeg.Encode(quarters(8, 8), meta)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/3])
	}
	for _, name := range []string{"gps.jpg", "exif-absurd.jpg", "progressive.jpg", "cmyk.jpg", "animated.webp", "animated.png", "alpha.webp", "16bit.png", "polyglot-comment.jpg"} {
		data, err := os.ReadFile("testdata/corpus/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(pngHeader(8, 8))
	f.Add([]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x07\x00\x00\x07\x00\x00EXIF\x04\x00\x00\x00MM\x00*"))

	f.Fuzz(func(t *testing.T, data []byte) {
		facts, err := media.Inspect(data, media.PhotoLimits)
		if err != nil {
			var refusal *media.Refusal
			if !errors.As(err, &refusal) || refusal.Code == "" {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		switch {
		case facts.Width <= 0 || facts.Height <= 0 || facts.Width*facts.Height > 50_000_000:
			t.Errorf("size %dx%d", facts.Width, facts.Height)
		case facts.Orientation < 1 || facts.Orientation > 8:
			t.Errorf("orientation %d", facts.Orientation)
		case !(math.Abs(facts.Lat) <= 90 && math.Abs(facts.Lng) <= 180):
			t.Errorf("position %v,%v", facts.Lat, facts.Lng)
		case facts.HasGPS == (facts.Lat == 0 && facts.Lng == 0):
			t.Errorf("place %t at %v,%v", facts.HasGPS, facts.Lat, facts.Lng)
		}
	})
}

// FuzzDevelop feeds small files to the whole pipeline: a refusal, or copies that
// are pictures of the right size.
func FuzzDevelop(f *testing.F) {
	for _, name := range []string{"orientation-6.jpg", "progressive.jpg", "cmyk.jpg", "palette.png", "16bit.png", "alpha.png", "lossless.webp", "alpha.webp", "truncated.jpg"} {
		data, err := os.ReadFile("testdata/corpus/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	limits := media.Limits{Bytes: 1 << 20, Pixels: 1 << 18, Side: 4096, Memory: 8 << 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		made, err := media.Develop(data, media.Want{Limits: limits})
		if err != nil {
			var refusal *media.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		for side, copy := range map[int][]byte{media.PublicSide: made.Public, media.ThumbSide: made.Thumb, media.TinySide: made.Tiny} {
			if got := sizeOf(t, copy); max(got.X, got.Y) != min(side, max(made.Facts.Width, made.Facts.Height)) {
				t.Errorf("copy of %d is %v of %dx%d", side, got, made.Facts.Width, made.Facts.Height)
			}
		}
	})
}
