package papertest

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Spoiled is a JPEG of a QR that somebody photographed badly.
type Spoiled struct {
	Name string // such as blur-3; the number grows with the harm
	Text string
	JPEG []byte
}

// SpoiledSamples makes the 40 samples by which reading is measured: eight each
// that are turned, blurred, seen aslant, dark, and small on a page.
func SpoiledSamples() (out []Spoiled) {
	for level := range 8 {
		for _, how := range []string{"turn", "blur", "slant", "dark", "page"} {
			v := Sample
			v.Number = fmt.Sprintf("2543200000%04d%06d", seedOf(how)%10_000, level)
			out = append(out, Spoiled{Name: fmt.Sprintf("%s-%d", how, level), Text: v.QRText(), JPEG: spoil(how, level, v.QRText())})
		}
	}
	return out
}

func spoil(how string, level int, text string) []byte {
	r := rand.New(rand.NewPCG(seedOf(how), uint64(level)))
	l := float64(level)
	code := QR(text, 6)
	side := float64(code.Rect.Dx())
	const w, h = 560, 560
	straight := func(x, y float64) (float64, float64) { return x - (w-side)/2, y - (h-side)/2 }
	switch how {
	case "turn":
		sin, cos := math.Sincos((7 + 11*l) * math.Pi / 180)
		img := warp(code, w, h, func(x, y float64) (float64, float64) {
			dx, dy := x-w/2, y-h/2
			return dx*cos + dy*sin + side/2, dy*cos - dx*sin + side/2
		})
		img = soft(img, 0.8)
		tone(img, 0.9, 0.2, 6, r)
		return JPEG(img, 70)
	case "blur":
		img := soft(warp(code, w, h, straight), 1.2+0.4*l)
		tone(img, 0.85, 0.2, 3, r)
		return JPEG(img, 70)
	case "slant":
		// The far edge is smaller; the picture is turned a little beside.
		k := 0.06 + 0.07*l
		img := warp(code, w, h, func(x, y float64) (float64, float64) {
			dx, dy := (x-w/2)/(w/2), (y-h/2)/(h/2)
			depth := 1 + k*dy + k/2*dx
			return side/2 + side/2*1.25*(dx+0.06*dy)/depth, side/2 + side/2*1.25*(dy-0.06*dx)/depth
		})
		img = soft(img, 0.8)
		tone(img, 0.9, 0.3, 5, r)
		return JPEG(img, 70)
	case "dark":
		img := soft(warp(code, w, h, straight), 0.9)
		tone(img, 0.45*math.Pow(0.68, l), 1.2, 3, r)
		return JPEG(img, 60)
	}
	page := Page(1240+140*level, 1754+198*level, 300-24*level, seedOf(how)+uint64(level), text)
	tone(page, 0.92, 0.2, 7, r)
	return JPEG(page, 75)
}
