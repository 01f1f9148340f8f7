package qr

import "math"

// pattern is one of the three squares that mark a QR.
type pattern struct {
	at   point
	size float64
}

// trace goes around the edge that is the nth to the right of the pixel, or just
// inside of it, and calls each for every pixel there. It tells whether that
// led around the centre and back.
func (b *bits) trace(cx, cy, nth, reach, most int, inside bool, each func(x, y int)) (around, closed bool) {
	w := walker{b: b, x: cx, y: cy, dx: 1}
	if w.edges(nth, reach, inside) == 0 {
		return false, false
	}
	w.turn(1)
	side := 1
	if inside {
		side = -1
	}
	x0, y0, seen := w.x, w.y, uint(0)
	for n := 0; ; {
		each(w.x, w.y)
		if n++; n > most {
			return false, false
		}
		dx, dy := w.x-cx, w.y-cy
		long := max(dx, -dx, dy, -dy)
		if long == 0 {
			return false, false
		}
		seen |= 1 << (4 + dx/long + 3*(dy/long))
		if !w.along(side, false) {
			return false, false
		}
		if dx, dy := w.x-cx, w.y-cy; dx*dx+dy*dy > reach*reach || dx == 0 && dy == 0 {
			return false, false
		}
		if w.x == x0 && w.y == y0 {
			return seen == 0b111101111, true
		}
	}
}

// ring is the middle of the nth edge around a pixel, and how wide it is. Loose
// takes also an edge that does not go around the pixel.
func (b *bits) ring(c point, width, nth int, loose bool) (pattern, bool) {
	var sum point
	n, radius := 0, 0.0
	cx, cy := int(c.x), int(c.y)
	reach := width + 1
	if loose {
		reach = 2 * width
	}
	around, closed := b.trace(cx, cy, nth, reach, 6*(width+1), false, func(x, y int) {
		sum = sum.plus(middle(x, y))
		radius += math.Hypot(float64(x-cx), float64(y-cy)) - 0.5
		n++
	})
	if !closed || !around && !loose {
		return pattern{}, false
	}
	at, mean := sum.times(1/float64(n)), radius/float64(n)
	// An edge of many pixels for its width is no square.
	if !loose && (float64(n)/mean > 12 || at.distance(point{float64(cx), float64(cy)}) > 0.5*float64(width)) {
		return pattern{}, false
	}
	return pattern{at, 1.74 * mean}, true // so much wider is a square than its mean radius
}

// corners are those of the square between the dark ring and the light one
// within it: edge is its number from the centre on.
func (b *bits) corners(c point, width float64, edge int) (out quad, ok bool) {
	inner, ok := b.square(c, int(width), edge, false)
	if !ok {
		return out, false
	}
	outer, ok := b.square(c, int(width), edge+1, true)
	if !ok {
		return out, false
	}
	turn := 0
	for i := range outer {
		if outer[i].distance(inner[0]) < outer[turn].distance(inner[0]) {
			turn = i
		}
	}
	for i := range out {
		out[i] = inner[i].plus(outer[(i+turn)%4]).times(0.5)
	}
	return out, true
}

// square fits four straights to an edge around a pixel.
func (b *bits) square(c point, width, edge int, inside bool) (out quad, ok bool) {
	var points []point
	around, _ := b.trace(int(c.x), int(c.y), edge, 2*width, 6*(width+1), inside, func(x, y int) { points = append(points, middle(x, y)) })
	if !around {
		return out, false
	}
	if out, ok = fitSquare(c, points); !ok {
		return out, false
	}
	least, most := math.Inf(1), 0.0
	for i := range out {
		side := out[i].distance(out[(i+1)%4])
		least, most = min(least, side), max(most, side)
	}
	if inside {
		edge--
	}
	return out, least >= float64(2*edge) && least > most/3
}

func fitSquare(c point, points []point) (out quad, ok bool) {
	far := func(p point) float64 { return p.distance(c) }
	first := best(points, far)
	if least := best(points, func(p point) float64 { return -far(p) }); far(points[least]) > 0.85*far(points[first]) {
		return out, false // a circle
	}
	points = append(append(make([]point, 0, len(points)), points[first:]...), points[:first]...)
	n := len(points)
	if n < 8 {
		return out, false
	}
	at := [5]int{0, 0, n*3/8 + best(points[n*3/8:n*5/8+1], far), 0, n}
	diagonal, ok := fitted([]point{points[0], points[at[2]]}, point{})
	if !ok {
		return out, false
	}
	off := func(p point) float64 { return math.Abs(diagonal.off(p)) }
	at[1] = n/8 + best(points[n/8:n*3/8+1], off)
	at[3] = n*5/8 + best(points[n*5/8:n*7/8+1], off)
	var sides [4]line
	for i := range sides {
		if at[i]+1 >= at[i+1] {
			return out, false
		}
		part := points[at[i]+1 : at[i+1]]
		if sides[i], ok = fitted(part, point{}); !ok {
			return out, false
		}
		bound := max(1, min(8, float64(len(part))/8))
		for _, p := range part {
			if len(part) > 3 && math.Abs(sides[i].off(p)) > bound {
				return out, false
			}
		}
	}
	for i := range out {
		out[i] = sides[i].crossing(sides[(i+1)%4])
	}
	return out, true
}

// best is the index of the point for which of is greatest.
func best(points []point, of func(point) float64) (index int) {
	most := math.Inf(-1)
	for i, p := range points {
		if v := of(p); v > most {
			most, index = v, i
		}
	}
	return index
}
