package qr

import (
	"math"
	"slices"
)

// step is every how many lines patterns are looked for.
const step = 3

// maxPatterns are those of more papers than lie on a picture.
const maxPatterns = 200

// patterns are the squares that may mark QRs.
func (b *bits) patterns() (found []pattern) {
	var runs []int
	for y := step - 1; y < b.h; y += step {
		runs = b.runs(y, runs[:0])
		start := runs[0]
		for i := 1; i+4 < len(runs); i += 2 { // runs[i] is dark
			w := [5]int(runs[i : i+5])
			from := start
			start += runs[i] + runs[i+1]
			if w[2] < 3 || w[2] < 2*max(w[0], w[4]) || w[2] < max(w[1], w[3]) || !alike(w) {
				continue
			}
			c := point{float64(from+w[0]+w[1]) + float64(w[2])/2, float64(y) + 0.5}
			if slices.ContainsFunc(found, func(p pattern) bool { return p.at.distance(c) < p.size/2 }) {
				continue
			}
			if p, ok := b.locate(c, 2*(w[0]+w[1]+w[2]+w[3]+w[4])); ok && !slices.Contains(found, p) {
				if found = append(found, p); len(found) == maxPatterns {
					return found
				}
			}
		}
	}
	return found
}

// runs are the widths of light and dark along a line in turn, light first and last.
func (b *bits) runs(y int, out []int) []int {
	row := b.dark[y*b.w:][:b.w]
	last, from := uint8(0), 0
	for x, v := range row {
		if v != last {
			out = append(out, x-from)
			last, from = v, x
		}
	}
	out = append(out, b.w-from)
	if last == 1 {
		out = append(out, 0)
	}
	return out
}

// alike reports whether widths are about as 1:1:3:1:1. Dark and light are measured
// apart: too much or too little light makes the one grow at the cost of the other.
func alike(w [5]int) bool {
	dark, light := float64(w[0]+w[2]+w[4])/5, float64(w[1]+w[3])/2
	if max(dark, light) > 4*min(dark, light) {
		return false
	}
	for i, modules := range [5]float64{1, 1, 3, 1, 1} {
		unit, slack := dark, dark*0.75+0.5
		if i%2 == 1 {
			unit, slack = light, light*0.6+0.5
		}
		if math.Abs(float64(w[i])-modules*unit) > slack {
			return false
		}
	}
	return true
}

// locate looks whether the squares are there in all directions, and where.
func (b *bits) locate(c point, width int) (pattern, bool) {
	w := walker{b: b, x: int(c.x), y: int(c.y)}
	least, most := math.MaxInt, 0
	for i, d := range [4][2]int{{0, 1}, {1, 0}, {1, 1}, {1, -1}} {
		w.dx, w.dy = d[0], d[1]
		widths, back, ok := w.across(2 * width)
		if !ok || !alike(widths) {
			return pattern{}, false
		}
		if i < 2 {
			forth := widths[2]/2 - (back - 1)
			w.x += forth * w.dx
			w.y += forth * w.dy
		}
		all := widths[0] + widths[1] + widths[2] + widths[3] + widths[4]
		least, most = min(least, all), max(most, all)
	}
	if most > 5*least {
		return pattern{}, false
	}
	inner, ok := b.ring(point{float64(w.x), float64(w.y)}, width*2/3, 1, false)
	if !ok || !b.isDark(inner.at) {
		return pattern{}, false
	}
	outer, ok := b.ring(inner.at, width, 2, false)
	if ok && outer.at.distance(inner.at) <= float64(width/4) {
		p := pattern{inner.at.plus(outer.at).times(0.5), outer.size * 7 / 5} // of the light ring
		if b.isDark(p.at) {
			return p, true
		}
	}
	p := b.doubleCross(inner.at, width*3/5)
	if p.size == 0 || !b.isDark(p.at) {
		return pattern{}, false
	}
	return p, true
}

// across are the widths through the pixel, forth and back, and how many pixels of
// the middle one lie behind.
func (w *walker) across(reach int) (widths [5]int, back int, ok bool) {
	ahead, behind := *w, *w
	behind.dx, behind.dy = -w.dx, -w.dy
	for i := range 3 {
		a := ahead.toEnd(reach)
		z := behind.toEnd(reach)
		if a == 0 || z == 0 {
			return widths, 0, false
		}
		if i == 0 {
			widths[2], back = a+z-1, z
		} else {
			widths[2+i], widths[2-i] = a, z
		}
		reach -= a + z
	}
	return widths, back, true
}

// toEnd counts steps to the next edge or to the border.
func (w *walker) toEnd(reach int) int {
	v, n := w.value(0, 0), 0
	if v == outside {
		return 0
	}
	for {
		n++
		if n > reach {
			return 0
		}
		if w.value(n*w.dx, n*w.dy) != v {
			w.x += n * w.dx
			w.y += n * w.dy
			return n
		}
	}
}

// doubleCross takes the middle of the edges in eight directions, of a pattern
// whose rings have gaps.
func (b *bits) doubleCross(c point, reach int) pattern {
	var sum point
	size := 0.0
	for _, d := range [4][2]int{{0, 1}, {1, 0}, {1, 1}, {1, -1}} {
		var far [2]int
		for i, sign := range [2]int{1, -1} {
			w := walker{b: b, x: int(c.x), y: int(c.y), dx: sign * d[0], dy: sign * d[1]}
			for range 3 {
				n := w.edges(1, reach-far[i], false)
				if n == 0 {
					return pattern{}
				}
				far[i] += n
				sum = sum.plus(middle(w.x, w.y)).plus(middle(w.x-w.dx, w.y-w.dy))
			}
		}
		if m, most := float64(min(far[0], far[1])), float64(max(far[0], far[1])); most > 1.2*m+1 {
			return pattern{}
		}
		size += float64(far[0] + far[1])
	}
	return pattern{sum.times(1.0 / 48), size / 4}
}
