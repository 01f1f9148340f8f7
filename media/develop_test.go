package media_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"testing"

	"satchel/media"
	"satchel/media/exifjpeg"
)

var (
	red    = color.NRGBA{200, 0, 0, 255}
	green  = color.NRGBA{0, 160, 0, 255}
	blue   = color.NRGBA{0, 0, 200, 255}
	yellow = color.NRGBA{220, 220, 0, 255}
)

// quarters is red, green over blue, yellow.
func quarters(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for _, q := range []struct {
		x0, y0, x1, y1 int
		c              color.Color
	}{{0, 0, w / 2, h / 2, red}, {w / 2, 0, w, h / 2, green}, {0, h / 2, w / 2, h, blue}, {w / 2, h / 2, w, h, yellow}} {
		draw.Draw(img, image.Rect(q.x0, q.y0, q.x1, q.y1), image.NewUniform(q.c), image.Point{}, draw.Src)
	}
	return img
}

func TestDevelopTurnsEveryOrientationUpright(t *testing.T) {
	// Corners clockwise from the upper left as a viewer must see them, by the
	// EXIF words for which side the stored row 0 and column 0 belong to.
	for orientation, want := range map[int][4]color.NRGBA{
		1: {red, green, yellow, blue},
		2: {green, red, blue, yellow}, // row 0 top, column 0 right
		3: {yellow, blue, red, green}, // row 0 bottom, column 0 right
		4: {blue, yellow, green, red}, // row 0 bottom, column 0 left
		5: {red, blue, yellow, green}, // row 0 left, column 0 top
		6: {blue, red, green, yellow}, // row 0 right, column 0 top
		7: {yellow, green, red, blue}, // row 0 right, column 0 bottom
		8: {green, yellow, blue, red}, // row 0 left, column 0 bottom
	} {
		data := must(exifjpeg.Encode(quarters(640, 400), exifjpeg.Meta{Orientation: orientation}))(t)
		facts := must(media.Inspect(data, media.PhotoLimits))(t)
		copies := must(media.Develop(data, media.Want{Limits: media.PhotoLimits}))(t)

		w, h, thumbW, thumbH := 640, 400, 320, 200
		if orientation >= 5 {
			w, h, thumbW, thumbH = h, w, thumbH, thumbW
		}
		if facts.Width != w || facts.Height != h || facts.Orientation != orientation {
			t.Errorf("%d: facts %+v", orientation, facts)
		}
		for name, c := range map[string]struct {
			raw  []byte
			w, h int
		}{"public": {copies.Public, w, h}, "thumb": {copies.Thumb, thumbW, thumbH}} {
			img := must(jpeg.Decode(bytes.NewReader(c.raw)))(t)
			if got := img.Bounds().Size(); got != image.Pt(c.w, c.h) {
				t.Errorf("%d: %s is %v", orientation, name, got)
			}
			for i, at := range []image.Point{{10, 10}, {c.w - 10, 10}, {c.w - 10, c.h - 10}, {10, c.h - 10}} {
				if got := img.At(at.X, at.Y); !near(got, want[i]) {
					t.Errorf("%d: %s corner %d is %v, want %v", orientation, name, i, got, want[i])
				}
			}
		}
	}
}

func TestDevelopLimitsTheSidesAndNeverEnlarges(t *testing.T) {
	for _, c := range []struct{ in, public, thumb image.Point }{
		{image.Pt(3000, 1000), image.Pt(1600, 533), image.Pt(320, 106)},
		{image.Pt(100, 50), image.Pt(100, 50), image.Pt(100, 50)},
		{image.Pt(1, 1), image.Pt(1, 1), image.Pt(1, 1)},
		{image.Pt(5000, 2), image.Pt(1600, 1), image.Pt(320, 1)},
	} {
		copies := render(t, pngOf(t, image.NewGray(image.Rect(0, 0, c.in.X, c.in.Y))))
		if got := sizeOf(t, copies.Public); got != c.public {
			t.Errorf("%v: public is %v, want %v", c.in, got, c.public)
		}
		if got := sizeOf(t, copies.Thumb); got != c.thumb {
			t.Errorf("%v: thumb is %v, want %v", c.in, got, c.thumb)
		}
	}
}

func TestCopiesCarryNothingOfTheOriginalButPixels(t *testing.T) {
	data := must(exifjpeg.Encode(quarters(400, 300), exifjpeg.Meta{
		HasGPS: true, Lat: 31.2, Lng: 121.4, Orientation: 6, Make: "SECRETCAM",
	}))(t)
	data = append(data, "PK\x03\x04 <script>alert(1)</script>"...) // an archive hidden behind the picture
	copies := render(t, data)
	for _, raw := range [][]byte{copies.Public, copies.Thumb} {
		for _, trace := range []string{"Exif", "SECRETCAM", "script"} {
			if bytes.Contains(raw, []byte(trace)) {
				t.Errorf("a copy holds %q", trace)
			}
		}
		if typ, err := media.Sniff(raw); typ != media.JPEG || err != nil {
			t.Errorf("a copy is %s, %v", typ, err)
		}
	}
}

func TestDevelopLaysTransparencyOnWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 40)) // all clear
	draw.Draw(img, image.Rect(0, 0, 20, 40), image.NewUniform(color.NRGBA{255, 0, 0, 128}), image.Point{}, draw.Src)
	got := must(jpeg.Decode(bytes.NewReader(render(t, pngOf(t, img)).Public)))(t)
	for at, want := range map[image.Point]color.NRGBA{{35, 20}: {255, 255, 255, 255}, {5, 20}: {255, 127, 127, 255}} {
		if c := got.At(at.X, at.Y); !near(c, want) {
			t.Errorf("%v is %v, want %v", at, c, want)
		}
	}
}

func TestDevelopTakesEveryPixelLayout(t *testing.T) {
	r := image.Rect(0, 0, 33, 17)
	palette := image.NewPaletted(r, color.Palette{red, blue})
	for name, img := range map[string]image.Image{
		"gray": image.NewGray(r), "gray16": image.NewGray16(r), "rgba": image.NewRGBA(r),
		"rgba64": image.NewRGBA64(r), "nrgba64": image.NewNRGBA64(r), "palette": palette,
	} {
		if got := sizeOf(t, render(t, pngOf(t, img)).Public); got != r.Size() {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func near(got color.Color, want color.NRGBA) bool {
	r, g, b, _ := got.RGBA()
	far := func(a uint32, b uint8) bool { d := int(a>>8) - int(b); return d < -12 || d > 12 }
	return !far(r, want.R) && !far(g, want.G) && !far(b, want.B)
}

func render(t *testing.T, data []byte) media.Developed {
	t.Helper()
	return must(media.Develop(data, media.Want{Limits: media.PhotoLimits}))(t)
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func sizeOf(t *testing.T, raw []byte) image.Point {
	t.Helper()
	config := must(jpeg.DecodeConfig(bytes.NewReader(raw)))(t)
	return image.Pt(config.Width, config.Height)
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestDevelopTakesWebP(t *testing.T) {
	const pixel = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA" // one pixel, lossy
	data := must(base64.StdEncoding.DecodeString(pixel))(t)
	if facts := must(media.Inspect(data, media.PhotoLimits))(t); facts.Type != media.WebP {
		t.Errorf("type %s", facts.Type)
	}
	if got := sizeOf(t, render(t, data).Thumb); got != image.Pt(1, 1) {
		t.Errorf("thumb is %v", got)
	}
}
