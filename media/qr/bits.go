package qr

import "image"

// bits is a picture of dark and light.
type bits struct {
	w, h int
	dark []uint8 // 1 where dark

	gray   *image.Gray // of which it is made
	limits []uint8     // up to which a pixel is dark, of each block
	cols   int         // blocks in a row
	white  bool        // what is dark here is light there
}

// depth is how much darker than its surroundings the picture is at a point; below
// zero it is light.
func (b *bits) depth(p point) int {
	x, y := min(max(int(p.x), 0), b.w-1), min(max(int(p.y), 0), b.h-1)
	d := int(b.limits[y/block*b.cols+x/block]) - int(b.gray.Pix[y*b.gray.Stride+x])
	if b.white {
		return -d
	}
	return d
}

func newBits(img *image.Gray, limits []uint8, cols int) *bits {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	return &bits{w: w, h: h, dark: make([]uint8, w*h), gray: img, limits: limits, cols: cols}
}

// outside is what a pixel beyond the picture is.
const outside = 2

func (b *bits) at(x, y int) uint8 {
	if uint(x) >= uint(b.w) || uint(y) >= uint(b.h) {
		return outside
	}
	return b.dark[y*b.w+x]
}

func (b *bits) has(p point) bool {
	return p.x >= 0 && p.y >= 0 && p.x < float64(b.w) && p.y < float64(b.h)
}

func (b *bits) isDark(p point) bool { return b.at(int(p.x), int(p.y)) == 1 && p.x >= 0 && p.y >= 0 }

// inverted swaps dark and light.
func (b *bits) inverted() *bits {
	out := newBits(b.gray, b.limits, b.cols)
	out.white = !b.white
	for i, v := range b.dark {
		out.dark[i] = 1 - v
	}
	return out
}

// walker goes over the pixels, straight or along an edge.
type walker struct {
	b      *bits
	x, y   int
	dx, dy int
}

func (w *walker) value(dx, dy int) uint8 { return w.b.at(w.x+dx, w.y+dy) }

// edges counts steps until so many edges are passed, and goes there: to the pixel
// behind the last of them, or before it. It tells zero if they are not in reach.
func (w *walker) edges(nth, reach int, before bool) int {
	steps, last := 0, w.value(0, 0)
	for nth > 0 && last != outside && (reach <= 0 || steps < reach) {
		steps++
		if v := w.b.at(w.x+steps*w.dx, w.y+steps*w.dy); v != last {
			last = v
			nth--
		}
	}
	found := nth == 0
	if before {
		steps--
	}
	w.x += steps * w.dx
	w.y += steps * w.dy
	if !found {
		return 0
	}
	return steps
}

// side is where the edge lies of who walks along it: 1 right, -1 left.
func (w *walker) turn(side int) { w.dx, w.dy = -w.dy*side, w.dx*side }

func (w *walker) edgeAt(side int) bool { return w.value(-w.dy*side, w.dx*side) != w.value(0, 0) }

func (w *walker) edgeAhead() bool { return w.value(w.dx, w.dy) != w.value(0, 0) }

// along takes a step that keeps the edge on the side; it cuts corners if told to.
func (w *walker) along(side int, cut bool) bool {
	if !w.edgeAt(side) {
		w.turn(side)
	} else if w.edgeAhead() {
		w.turn(-side)
		if w.edgeAhead() {
			w.turn(-side)
			if w.edgeAhead() {
				return false
			}
		}
	}
	w.x += w.dx
	w.y += w.dy
	if w.value(0, 0) == outside {
		return false
	}
	if cut && !w.edgeAt(side) {
		w.turn(side)
		w.x += w.dx
		w.y += w.dy
		return w.value(0, 0) != outside
	}
	return true
}
