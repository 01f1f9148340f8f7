package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"satchel/media"
	"satchel/media/exifjpeg"
)

// TestPreview has the size that its field asks for, is upright, and is a JPEG
// whatever the picture was. Nothing grows.
func TestPreview(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 400, 200))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := range 200 { // red at the left
		for x := range 200 {
			img.Set(x, y, color.NRGBA{200, 0, 0, 255})
		}
	}
	var wide bytes.Buffer
	if err := png.Encode(&wide, img); err != nil {
		t.Fatal(err)
	}
	for size, want := range map[string]image.Point{
		"100x100": {100, 100}, "100x100t": {100, 100}, "100x100b": {100, 100}, "100x100f": {100, 50}, "0x50": {100, 50}, "100x0": {100, 50},
		"99999x0": {400, 200}, "0x99999": {400, 200}, "9000x9000": {400, 200}, "9000x9000f": {400, 200}, "1x1": {1, 1}, "300x10": {300, 10},
	} {
		out, err := media.Preview(wide.Bytes(), media.PhotoLimits, size)
		if err != nil {
			t.Errorf("%s: %v", size, err)
			continue
		}
		if got, err := jpeg.DecodeConfig(bytes.NewReader(out)); err != nil || got.Width != want.X || got.Height != want.Y {
			t.Errorf("%s: %dx%d, %v", size, got.Width, got.Height, err)
		}
	}
	for _, size := range []string{"", "0x0", "x", "100", "-1x5", "100x100q", "999999x1"} {
		if out, err := media.Preview(wide.Bytes(), media.PhotoLimits, size); !strings.Contains(codeOf(err), "no size") || out != nil {
			t.Errorf("size %q: %v", size, err)
		}
	}
	turned, err := exifjpeg.Encode(img, exifjpeg.Meta{Orientation: 6, Make: "HUAWEI"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := media.Preview(turned, media.PhotoLimits, "100x100f")
	if err != nil || bytes.Contains(out, []byte("HUAWEI")) {
		t.Fatal(err)
	}
	up, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil || up.Bounds().Dx() != 50 || up.Bounds().Dy() != 100 {
		t.Fatalf("%v, %v", up.Bounds(), err)
	}
	if r, g, _, _ := up.At(25, 10).RGBA(); r < 0x8000 || g > 0x4000 {
		t.Error("what was at the left is not at the top")
	}
	for name, data := range map[string][]byte{"cut off": wide.Bytes()[:100], "nothing": nil, "of another kind": []byte("GIF89a\x01\x00\x01\x00")} {
		if _, err := media.Preview(data, media.PhotoLimits, "100x100"); !strings.HasPrefix(codeOf(err), "blob.") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
