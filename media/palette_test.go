package media

import (
	"image"
	"image/color"
	"testing"
)

func TestDirectRefusesAColourBeyondThePalette(t *testing.T) {
	img := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.White, color.Black})
	img.Pix[7] = 2
	if out, err := direct(img); err == nil {
		t.Errorf("made %v of it", out.Bounds())
	}
}

func TestDirectKeepsColoursOfASubImage(t *testing.T) {
	whole := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.White, color.NRGBA{9, 8, 7, 255}})
	whole.SetColorIndex(5, 6, 1)
	out, err := direct(whole.SubImage(image.Rect(4, 4, 8, 8)))
	if err != nil {
		t.Fatal(err)
	}
	if got := out.At(1, 2); got != (color.NRGBA{9, 8, 7, 255}) {
		t.Errorf("got %v", got)
	}
	if got := out.At(0, 0); got != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("got %v", got)
	}
}
