package media_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"testing"

	"satchel/media"
	"satchel/media/exifjpeg"
)

var mark = []string{"2026-03-16 09:12", "永辉超市(世纪大道八佰伴店)", "上海市浦东新区张杨路501号"}

// dark counts the pixels of a part that are darker than the photo was, light those of letters.
func inked(t *testing.T, raw []byte, part image.Rectangle) (dark, light int) {
	t.Helper()
	img := must(jpeg.Decode(bytes.NewReader(raw)))(t)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			switch g, _, _, _ := img.At(x, y).RGBA(); {
			case g < 0x7000:
				dark++
			case g > 0xd000:
				light++
			}
		}
	}
	return dark, light
}

// TestWatermark: the public copy carries the lines, Chinese too, and only the
// public copy; what the picture looks like is told without them.
func TestWatermark(t *testing.T) {
	gray := image.NewNRGBA(image.Rect(0, 0, 1600, 1200))
	for i := range gray.Pix {
		gray.Pix[i] = 160
		if i%4 == 3 {
			gray.Pix[i] = 255
		}
	}
	data := must(exifjpeg.Encode(gray, exifjpeg.Meta{}))(t)
	plain := must(media.Develop(data, media.Want{Limits: media.PhotoLimits}))(t)
	marked := must(media.Develop(data, media.Want{Limits: media.PhotoLimits, Watermark: mark}))(t)
	if path := os.Getenv("WATERMARK"); path != "" {
		if err := os.WriteFile(path, marked.Public, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	above, band := image.Rect(0, 0, 1600, 1000), image.Rect(0, 1060, 1600, 1200)
	if dark, light := inked(t, marked.Public, above); dark+light > 0 {
		t.Errorf("%d and %d pixels above the band", dark, light)
	}
	if dark, light := inked(t, marked.Public, band); dark < band.Dx()*band.Dy()/2 || light < 2000 {
		t.Errorf("%d dark and %d light pixels in the band", dark, light)
	}
	if !bytes.Equal(plain.Thumb, marked.Thumb) || !bytes.Equal(plain.Tiny, marked.Tiny) || plain.Facts != marked.Facts {
		t.Error("the watermark is in more than the public copy")
	}
	// Each ideograph has a shape of its own; one without a glyph would be a box like any other.
	one := must(media.Develop(data, media.Want{Limits: media.PhotoLimits, Watermark: []string{"永"}}))(t)
	other := must(media.Develop(data, media.Want{Limits: media.PhotoLimits, Watermark: []string{"辉"}}))(t)
	if bytes.Equal(one.Public, other.Public) {
		t.Error("two ideographs look the same")
	}
}

// TestWatermarkThatDoesNotFit is cut, and left out where nobody could read it.
func TestWatermarkThatDoesNotFit(t *testing.T) {
	long := ""
	for range 80 {
		long += "非常长的客户名称"
	}
	for _, size := range []image.Point{{600, 800}, {3000, 40}, {40, 3000}, {30, 30}, {1, 1}} {
		data := must(exifjpeg.Encode(quarters(size.X, size.Y), exifjpeg.Meta{}))(t)
		made := must(media.Develop(data, media.Want{Limits: media.PhotoLimits, Watermark: []string{long, "", "\x00\xff", "𠮷🙂", long, long, long, long}}))(t)
		if sizeOf(t, made.Public).X > media.PublicSide {
			t.Errorf("%v: %v", size, sizeOf(t, made.Public))
		}
	}
}
