package qr

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"satchel/internal/effort"
)

// TestDistortedIsNeverReadWrong: photographs by chance stretched, turned, slanted,
// noisy and blotted are read right or not at all.
func TestDistortedIsNeverReadWrong(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	names, read := photos(t), 0
	for range effort.Times(20, 600) {
		name := names[r.IntN(len(names))]
		img, text := photo(t, name)
		got := Read(distorted(r, img), NewBudget(10_000_000), unexpecting)
		switch {
		case slices.Equal(got, []string{text}):
			read++
		case len(got) > 0:
			t.Errorf("%s: read %q, want %q", name, got, text)
		}
	}
	if read == 0 {
		t.Error("nothing was read at all")
	}
}

func distorted(r *rand.Rand, img *image.Gray) *image.Gray {
	w, h := 30+r.IntN(500), 30+r.IntN(500)
	out := image.NewGray(image.Rect(0, 0, w, h))
	var m [4]float64
	for i := range m {
		m[i] = r.NormFloat64()
	}
	slant := point{r.NormFloat64() / 2000, r.NormFloat64() / 2000}
	noise := 30 * r.Float64()
	for y := range h {
		for x := range w {
			d := point{float64(x - w/2), float64(y - h/2)}
			depth := 1 + slant.dot(d)
			at := image.Pt(int((m[0]*d.x+m[1]*d.y)/depth), int((m[2]*d.x+m[3]*d.y)/depth)).Add(img.Rect.Max.Div(2))
			light := 200.0 // the table
			if at.In(img.Rect) {
				light = float64(img.GrayAt(at.X, at.Y).Y)
			}
			out.Pix[y*out.Stride+x] = uint8(min(255, max(0, light+r.NormFloat64()*noise)))
		}
	}
	for range r.IntN(20) {
		side, tone := r.IntN(40), uint8(r.IntN(256))
		blot := image.Rect(0, 0, side, side).Add(image.Pt(r.IntN(w), r.IntN(h))).Intersect(out.Rect)
		for y := blot.Min.Y; y < blot.Max.Y; y++ {
			for x := blot.Min.X; x < blot.Max.X; x++ {
				out.Pix[y*out.Stride+x] = tone
			}
		}
	}
	return out
}
