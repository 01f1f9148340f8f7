package exifjpeg_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"testing"
	"time"

	"satchel/media/exifjpeg"

	"github.com/bep/imagemeta"
)

func TestEncodeIsReadBack(t *testing.T) {
	taken := time.Date(2026, 3, 9, 14, 5, 6, 0, time.FixedZone("", 8*3600))
	raw, err := exifjpeg.Encode(image.NewGray(image.Rect(0, 0, 40, 30)), exifjpeg.Meta{
		Taken: taken, Lat: 31.230416, Lng: -121.473701, HasGPS: true, Orientation: 6, Make: "Huawei", Model: "P60",
	})
	if err != nil {
		t.Fatal(err)
	}
	if cfg, err := jpeg.DecodeConfig(bytes.NewReader(raw)); err != nil || cfg.Width != 40 || cfg.Height != 30 {
		t.Fatalf("config %+v, %v", cfg, err)
	}

	tags := read(t, raw)
	for tag, want := range map[string]any{
		"Make": "Huawei", "Model": "P60", "Orientation": uint16(6),
		"DateTimeOriginal": "2026:03:09 14:05:06", "OffsetTimeOriginal": "+08:00",
	} {
		if got := tags.EXIF()[tag].Value; got != want {
			t.Errorf("%s = %v (%T), want %v", tag, got, got, want)
		}
	}
	lat, lng, err := tags.GetLatLong()
	if err != nil || math.Abs(lat-31.230416) > 1e-6 || math.Abs(lng+121.473701) > 1e-6 {
		t.Errorf("position %v,%v, %v", lat, lng, err)
	}
}

func TestEncodeLeavesOutWhatIsNotGiven(t *testing.T) {
	raw, err := exifjpeg.Encode(image.NewGray(image.Rect(0, 0, 8, 8)), exifjpeg.Meta{})
	if err != nil {
		t.Fatal(err)
	}
	tags := read(t, raw)
	for _, tag := range []string{"Make", "Orientation", "DateTimeOriginal", "GPSLatitude"} {
		if got, found := tags.EXIF()[tag]; found {
			t.Errorf("%s is there: %v", tag, got.Value)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, meta := range map[string]exifjpeg.Meta{
		"orientation 9":          {Orientation: 9},
		"latitude 91":            {HasGPS: true, Lat: 91},
		"longitude is no number": {HasGPS: true, Lng: math.NaN()},
	} {
		if _, err := exifjpeg.Encode(image.NewGray(image.Rect(0, 0, 8, 8)), meta); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func read(t *testing.T, raw []byte) (tags imagemeta.Tags) {
	t.Helper()
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(raw), ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF,
		HandleTag: func(tag imagemeta.TagInfo) error { tags.Add(tag); return nil },
		Warnf:     t.Errorf,
	})
	if err != nil {
		t.Fatal(err)
	}
	return tags
}
