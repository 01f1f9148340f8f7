package media

import (
	"image"
	"image/color"
	"testing"
)

func TestShrinkRefusesAColourBeyondThePalette(t *testing.T) {
	img := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.White, color.Black})
	img.Pix[7] = 2
	if out, err := shrink(img, 4); err == nil {
		t.Errorf("made %v of it", out.Bounds())
	}
}

// TestRowsAreTheSameColours holds the fast ways to what the pixels themselves
// say, in whole pictures and in parts of them.
func TestRowsAreTheSameColours(t *testing.T) {
	r := image.Rect(0, 0, 9, 7)
	palette := image.NewPaletted(r, color.Palette{color.White, color.NRGBA{9, 8, 7, 255}, color.NRGBA{200, 0, 0, 128}})
	cmyk, wide, wideGray := image.NewCMYK(r), image.NewNRGBA64(r), image.NewGray16(r)
	alpha := image.NewNYCbCrA(r, image.YCbCrSubsampleRatio420)
	opaque := image.NewRGBA(r)
	clear := image.NewRGBA(r)
	for y := range r.Dy() {
		for x := range r.Dx() {
			v := uint8(x*29 + y*17)
			palette.SetColorIndex(x, y, uint8(x+y)%3)
			cmyk.Set(x, y, color.CMYK{v, 255 - v, v / 2, v / 3})
			wide.Set(x, y, color.NRGBA64{uint16(v) << 8, 0x1234, 0xffff, uint16(255-v) << 8})
			wideGray.Set(x, y, color.Gray16{uint16(v)<<8 | 255})
			opaque.Set(x, y, color.RGBA{v, 255 - v, 7, 255})
			clear.Set(x, y, color.RGBA{v / 4, v / 8, v / 3, v/2 + 1})
			alpha.Y[alpha.YOffset(x, y)], alpha.A[alpha.AOffset(x, y)] = v, 255-v/2
		}
	}
	for i := range alpha.Cb {
		alpha.Cb[i], alpha.Cr[i] = uint8(i*40), uint8(255-i*30)
	}
	for name, img := range map[string]interface {
		image.Image
		SubImage(image.Rectangle) image.Image
	}{"palette": palette, "cmyk": cmyk, "nrgba64": wide, "gray16": wideGray, "ycbcr": &alpha.YCbCr, "nycbcra": alpha, "rgba": opaque, "clear": clear} {
		for _, part := range []image.Rectangle{r, image.Rect(3, 2, 8, 7)} {
			sub := img.SubImage(part)
			row, err := rowsOf(sub)
			if err != nil {
				t.Fatal(err)
			}
			line := make([]uint8, 3*part.Dx())
			for y := range part.Dy() {
				row(y, line)
				for x := range part.Dx() {
					c := color.NRGBAModel.Convert(sub.At(part.Min.X+x, part.Min.Y+y)).(color.NRGBA)
					want := []uint8{c.R, c.G, c.B}
					onPaper(want, c.A)
					for i := range want {
						if d := int(want[i]) - int(line[3*x+i]); d < -1 || d > 1 {
							t.Fatalf("%s %v: %d,%d is %v, want %v", name, part, x, y, line[3*x:3*x+3], want)
						}
					}
				}
			}
		}
	}
}

// TestAverageOfUnevenBlocks: the last block of a row is of what is left.
func TestAverageOfUnevenBlocks(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 5, 3))
	copy(img.Pix, []uint8{0, 100, 10, 20, 200, 100, 0, 30, 40, 100, 9, 11, 50, 70, 33})
	row, err := rowsOf(img)
	if err != nil {
		t.Fatal(err)
	}
	got := average(row, img.Rect.Size(), 2)
	for i, want := range []uint8{50, 25, 150, 10, 60, 33} {
		if got.Pix[4*i] != want || got.Pix[4*i+3] != 255 {
			t.Errorf("block %d is %v, want %d", i, got.Pix[4*i:4*i+4], want)
		}
	}
}
