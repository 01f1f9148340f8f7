package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/gif"
	"testing"

	"satchel/media"
	"satchel/media/exifjpeg"
)

func TestInspectRefuses(t *testing.T) {
	photo := must(exifjpeg.Encode(quarters(64, 48), exifjpeg.Meta{Orientation: 6}))(t)
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"zero bytes":              {nil, media.CodeDamaged},
		"text":                    {[]byte("not a picture, whatever its name ends in"), media.CodeType},
		"page before a picture":   {append([]byte("<html>"), photo...), media.CodeType},
		"GIF":                     {gifOf(t), media.CodeType},
		"PDF":                     {[]byte("%PDF-1.7 ..."), media.CodeType},
		"vector graphic":          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), media.CodeType},
		"PNG bomb 16384x16384":    {pngHeader(16384, 16384), media.CodeTooManyPixels},
		"JPEG bomb 40000x40000":   {jpegHeader(40000, 40000), media.CodeTooManyPixels},
		"PNG of one endless line": {pngHeader(40_000_000, 1), media.CodeTooManyPixels},
		"PNG without width":       {pngHeader(0, 10), media.CodeDamaged},
		"only a JPEG mark":        {photo[:3], media.CodeDamaged},
		"JPEG cut in its header":  {photo[:60], media.CodeDamaged},
		"PNG mark before a JPEG":  {append([]byte("\x89PNG\r\n\x1a\n"), photo...), media.CodeDamaged},
		"WebP without a picture":  {[]byte("RIFF\x04\x00\x00\x00WEBP"), media.CodeDamaged},
	} {
		_, err := media.Inspect(c.data, media.PhotoLimits)
		if got := codeOf(err); got != c.code {
			t.Errorf("%s: %q (%v), want %q", name, got, err, c.code)
		}
	}
}

func TestInspectKeepsToTheLimits(t *testing.T) {
	photo := must(exifjpeg.Encode(quarters(64, 48), exifjpeg.Meta{}))(t)
	size := int64(len(photo))
	for name, c := range map[string]struct {
		limits media.Limits
		code   string
	}{
		"none":                  {media.Limits{}, ""},
		"all just reached":      {media.Limits{Bytes: size, Pixels: 64 * 48, Side: 64}, ""},
		"one byte too many":     {media.Limits{Bytes: size - 1}, media.CodeTooLarge},
		"one pixel too many":    {media.Limits{Pixels: 64*48 - 1}, media.CodeTooManyPixels},
		"one pixel too long":    {media.Limits{Side: 63}, media.CodeTooManyPixels},
		"50 megapixels suffice": {media.PhotoLimits, ""},
	} {
		if _, err := media.Inspect(photo, c.limits); codeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestDevelopRefusesDamage(t *testing.T) {
	photo := must(exifjpeg.Encode(quarters(640, 480), exifjpeg.Meta{}))(t)
	drawing := pngOf(t, quarters(640, 480))
	flipped := bytes.Clone(drawing)
	flipped[len(flipped)/2] ^= 0x40
	for name, data := range map[string][]byte{
		"JPEG cut in the middle":  photo[:len(photo)/2],
		"PNG cut in the middle":   drawing[:len(drawing)/2],
		"PNG with one bit turned": flipped,
		"PNG header alone":        pngHeader(100, 100),
	} {
		if _, err := media.Inspect(data, media.PhotoLimits); err != nil {
			t.Errorf("%s: header: %v", name, err)
		}
		if _, err := media.Develop(data, media.Want{Limits: media.PhotoLimits}); codeOf(err) != media.CodeDamaged {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefusalNamesWhatWasSent(t *testing.T) {
	for head, want := range map[string]string{
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00": "image/heic",
		"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00": "image/avif",
		"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00": "video/mp4",
		"GIF89a......": "image/gif",
		"II*\x00....":  "image/tiff",
		"%PDF-1.4":     "application/pdf",
		"hello":        "",
	} {
		_, err := media.Sniff([]byte(head))
		var refusal *media.Refusal
		if !errors.As(err, &refusal) || refusal.Code != code(want) || refusal.Params["found"] != want {
			t.Errorf("%q: %v", head, err)
		}
	}
}

func code(found string) string {
	if found == "image/heic" {
		return media.CodeConvert
	}
	return media.CodeType
}

func codeOf(err error) string {
	var refusal *media.Refusal
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	if err != nil {
		return "no refusal: " + err.Error()
	}
	return ""
}

func gifOf(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := gif.Encode(&out, image.NewGray(image.Rect(0, 0, 4, 4)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// pngHeader is a PNG that ends after announcing its size.
func pngHeader(w, h uint32) []byte {
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, w)
	chunk = binary.BigEndian.AppendUint32(chunk, h)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// jpegHeader is a JPEG that ends where its pixels should begin.
func jpegHeader(w, h uint16) []byte {
	out := []byte{0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8}
	out = binary.BigEndian.AppendUint16(out, h)
	out = binary.BigEndian.AppendUint16(out, w)
	out = append(out, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1)
	return append(out, 0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0)
}
