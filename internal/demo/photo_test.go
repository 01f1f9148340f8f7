package demo_test

import (
	"bytes"
	"image/jpeg"
	"testing"
	"time"

	"satchel/internal/demo"
)

func TestPhoto(t *testing.T) {
	taken := time.Date(2026, 3, 16, 1, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		name          string
		seed          uint64
		width, height int
	}{
		{"level", 2, 2400, 1800},
		{"upright, stored on its side", 3, 2400, 1800},
	} {
		t.Run(c.name, func(t *testing.T) {
			photo := demo.Photo(c.seed, taken, 31.1886, 121.4365)
			if n := len(photo); n < 1<<20 || n > 3<<20 {
				t.Errorf("photo has %d bytes, want 1 to 3 MB", n)
			}
			if !bytes.Contains(photo[:1024], []byte("2026:03:16 09:30:00")) {
				t.Error("EXIF does not hold the local time")
			}
			config, err := jpeg.DecodeConfig(bytes.NewReader(photo))
			if err != nil {
				t.Fatal(err)
			}
			if config.Width != c.width || config.Height != c.height {
				t.Errorf("stored as %d×%d, want %d×%d", config.Width, config.Height, c.width, c.height)
			}
			if !bytes.Equal(photo, demo.Photo(c.seed, taken, 31.1886, 121.4365)) {
				t.Error("the same arguments gave other bytes")
			}
		})
	}
}
