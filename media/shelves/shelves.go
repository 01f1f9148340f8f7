// Package shelves draws shelves for tests: a layout says where boards and packs
// are, goods say what stands there, so that two pictures may share the one and
// not the other.
package shelves

import (
	"image"
	"image/color"
	"math/rand/v2"
)

// Draw returns a shelf, w by h pixels. The same seeds draw the same picture.
func Draw(w, h int, layout, goods uint64) *image.NRGBA {
	place := rand.New(rand.NewPCG(layout, 1))
	stock := rand.New(rand.NewPCG(goods, 2))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h { // the wall, darker towards the floor
		v := uint8(170 - 70*y/h)
		fill(img, image.Rect(0, y, w, y+1), color.NRGBA{v, v, v - 8, 255})
	}
	boards := 3 + place.IntN(3)
	for b := range boards {
		floor := (b+1)*h/boards - h/40
		tall := h / boards * (60 + place.IntN(25)) / 100
		for x := w / 50; x < w-w/20; {
			wide, facings := w/30+place.IntN(w/25), 2+place.IntN(4)
			brand := brandOf(stock)
			for range facings {
				if x+wide < w-w/50 {
					brand.pack(img, image.Rect(x, floor-tall, x+wide, floor))
				}
				x += wide + w/400
			}
			x += w / 150
		}
		fill(img, image.Rect(0, floor, w, floor+h/40), color.NRGBA{206, 206, 200, 255})
	}
	return img
}

// brand is how one good looks.
type brand struct {
	body, label, print color.NRGBA
	from, to           int // of the label, in percent of the height
	lines              int
	cap                int // in percent of the height
}

func brandOf(r *rand.Rand) brand {
	c := func(low, span int) color.NRGBA {
		return color.NRGBA{uint8(low + r.IntN(span)), uint8(low + r.IntN(span)), uint8(low + r.IntN(span)), 255}
	}
	from := 20 + r.IntN(30)
	return brand{c(20, 220), c(120, 135), c(0, 120), from, from + 20 + r.IntN(30), 1 + r.IntN(5), r.IntN(18)}
}

func (b brand) pack(img *image.NRGBA, box image.Rectangle) {
	at := func(percent int) int { return box.Min.Y + box.Dy()*percent/100 }
	wide := box.Dx()
	for x := box.Min.X; x < box.Max.X; x++ { // shaded like a cylinder
		edge := 2*(x-box.Min.X) - wide
		fill(img, image.Rect(x, at(b.cap), x+1, box.Max.Y), lit(b.body, 115-55*edge*edge/(wide*wide)))
	}
	fill(img, image.Rect(box.Min.X+wide/4, box.Min.Y, box.Max.X-wide/4, at(b.cap)), lit(b.body, 60))
	label := image.Rect(box.Min.X+wide/10, at(b.from), box.Max.X-wide/10, at(b.to))
	fill(img, label, b.label)
	for i := range b.lines {
		y := label.Min.Y + (2*i+1)*label.Dy()/(2*b.lines+1)
		fill(img, image.Rect(label.Min.X+2, y, label.Max.X-2-i*wide/9, y+max(1, label.Dy()/(3*b.lines))), b.print)
	}
}

func lit(c color.NRGBA, percent int) color.NRGBA {
	scale := func(v uint8) uint8 { return uint8(min(255, int(v)*percent/100)) }
	return color.NRGBA{scale(c.R), scale(c.G), scale(c.B), 255}
}

func fill(img *image.NRGBA, box image.Rectangle, c color.NRGBA) {
	box = box.Intersect(img.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := img.Pix[img.PixOffset(box.Min.X, y):]
		for x := range box.Dx() {
			copy(row[4*x:4*x+4], []uint8{c.R, c.G, c.B, 255})
		}
	}
}
