package media_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"math"
	"strings"
	"testing"
	"time"

	"satchel/media"
	"satchel/media/exifjpeg"
)

func TestReadExif(t *testing.T) {
	at := time.Date(2026, 3, 9, 14, 5, 6, 0, time.FixedZone("", 8*3600))
	data := must(exifjpeg.Encode(quarters(16, 16), exifjpeg.Meta{
		Taken: at, Lat: -31.230416, Lng: 121.473701, HasGPS: true, Orientation: 8, Make: "HUAWEI",
	}))(t)
	got := media.ReadExif(data, media.JPEG)
	if got.TakenAt != "2026-03-09T14:05:06+08:00" || got.Orientation != 8 || !got.HasGPS ||
		math.Abs(got.Lat+31.230416) > 1e-6 || math.Abs(got.Lng-121.473701) > 1e-6 {
		t.Errorf("%+v", got)
	}
}

func TestReadExifWithoutTags(t *testing.T) {
	want := media.Exif{Orientation: 1}
	photo := must(exifjpeg.Encode(quarters(16, 16), exifjpeg.Meta{}))(t)
	for name, c := range map[string]struct {
		data []byte
		typ  media.Type
	}{
		"JPEG with an empty block": {photo, media.JPEG},
		"JPEG without a block":     {render(t, photo).Public, media.JPEG},
		"PNG":                      {pngOf(t, quarters(16, 16)), media.PNG},
		"nothing":                  {nil, media.JPEG},
		"unknown type":             {photo, "image/gif"},
	} {
		if got := media.ReadExif(c.data, c.typ); got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A position of 0,0 is what phones without a fix write.
func TestReadExifTakesNoPlaceForAPlace(t *testing.T) {
	place := exifjpeg.Meta{HasGPS: true, Lat: 31.23, Lng: 121.47}
	good := must(exifjpeg.Encode(quarters(16, 16), place))(t)
	zero := must(exifjpeg.Encode(quarters(16, 16), exifjpeg.Meta{HasGPS: true}))(t)
	for name, data := range map[string][]byte{
		"0,0":                 zero,
		"undefined rationals": patch(t, good, rationals(31, 13, 480_000), rationals0()),
		"no hemisphere":       bytes.Replace(good, []byte("N\x00\x00\x00"), []byte("?\x00\x00\x00"), 1),
	} {
		if got := media.ReadExif(data, media.JPEG); got.HasGPS && got.Lat != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := media.ReadExif(zero, media.JPEG); got.HasGPS {
		t.Errorf("0,0: %+v", got)
	}
}

func TestReadExifOnTheEquator(t *testing.T) {
	data := must(exifjpeg.Encode(quarters(16, 16), exifjpeg.Meta{HasGPS: true, Lng: 103.8}))(t)
	if got := media.ReadExif(data, media.JPEG); !got.HasGPS || got.Lat != 0 || math.Abs(got.Lng-103.8) > 1e-6 {
		t.Errorf("%+v", got)
	}
}

func TestReadExifTimeWithoutOffset(t *testing.T) {
	data := must(exifjpeg.Encode(quarters(16, 16), exifjpeg.Meta{Taken: time.Date(2026, 3, 9, 14, 5, 6, 0, time.UTC)}))(t)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"UTC":           {data, "2026-03-09T14:05:06+00:00"},
		"senseless":     {bytes.ReplaceAll(data, []byte("+00:00"), []byte("   :  ")), "2026-03-09T14:05:06"},
		"no such month": {bytes.ReplaceAll(data, []byte("2026:03:09"), []byte("2026:13:09")), ""},
		"all zeros":     {bytes.ReplaceAll(data, []byte("2026:03:09 14:05:06"), []byte("0000:00:00 00:00:00")), ""},
		"blank":         {bytes.ReplaceAll(data, []byte("2026:03:09 14:05:06"), []byte(strings.Repeat(" ", 19))), ""},
	} {
		if got := media.ReadExif(c.data, media.JPEG).TakenAt; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestReadExifInPNG(t *testing.T) {
	photo := must(exifjpeg.Encode(quarters(16, 16), exifjpeg.Meta{Orientation: 3, HasGPS: true, Lat: 1, Lng: 2}))(t)
	length := int(binary.BigEndian.Uint16(photo[4:])) - 2
	chunk := append([]byte("eXIf"), photo[6+len("Exif\x00\x00"):6+length]...)
	plain := pngOf(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	const afterIHDR = 8 + 25
	data := append([]byte{}, plain[:afterIHDR]...)
	data = binary.BigEndian.AppendUint32(data, uint32(len(chunk)-4))
	data = append(data, chunk...)
	data = binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(chunk))
	data = append(data, plain[afterIHDR:]...)

	facts := must(media.Inspect(data, media.PhotoLimits))(t)
	if facts.Type != media.PNG || facts.Orientation != 3 || !facts.HasGPS || facts.Lat != 1 || facts.Lng != 2 {
		t.Errorf("%+v", facts)
	}
}

func patch(t *testing.T, data, from, to []byte) []byte {
	t.Helper()
	if bytes.Count(data, from) != 1 {
		t.Fatalf("%x is there %d times", from, bytes.Count(data, from))
	}
	return bytes.Replace(data, from, to, 1)
}

func rationals(deg, min, sec uint32) (out []byte) {
	for _, n := range []uint32{deg, 1, min, 1, sec, 10_000} {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return out
}

func rationals0() []byte { return make([]byte, 24) }
