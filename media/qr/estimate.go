package qr

import "math"

// scale is how wide a QR and one module of it are.
type scale struct {
	modules int
	size    float64
	error   int // modules by which the width was rounded
}

// scaleOf estimates from two patterns on one side.
func (b *bits) scaleOf(p, q pattern) scale {
	one, ok := b.moduleOf(p, q)
	other, ok2 := b.moduleOf(q, p)
	if !ok || !ok2 {
		return scale{error: 4}
	}
	size := (one + other) / 2
	modules := int(math.Round(p.at.distance(q.at)/size)) + 7
	off := 1 - modules%4
	return scale{modules + off, size, max(off, -off)}
}

// moduleOf is the size of a module in p, measured towards q.
func (b *bits) moduleOf(p, q pattern) (float64, bool) {
	d := q.at.minus(p.at)
	long := max(math.Abs(d.x), math.Abs(d.y))
	if long == 0 {
		return 0, false
	}
	d = d.times(1 / long)
	reach := int(2 * p.size)
	value := func(at point) uint8 { return b.at(int(math.Floor(at.x)), int(math.Floor(at.y))) }
	next := func(at *point, d point) int {
		last := value(*at)
		for n := 1; n <= reach && last != outside; n++ {
			if value(at.plus(d.times(float64(n)))) != last {
				*at = at.plus(d.times(float64(n)))
				reach -= n
				return n
			}
		}
		return 0
	}
	var w [5]int
	ahead, behind := p.at, p.at
	for i := range 3 {
		a, z := next(&ahead, d), next(&behind, d.times(-1))
		if a == 0 || z == 0 {
			return 0, false
		}
		w[2+i] += a
		w[2-i] += z
	}
	w[2]--
	if !alike(w) {
		return 0, false
	}
	return float64(w[0]+w[4]+2*(w[1]+w[2]+w[3])) / 12 * math.Hypot(d.x, d.y), true
}

// side is the straight along the edge of pattern p that faces q, the second or the
// third from its centre on.
func (b *bits) side(p, q pattern, edge int) (l line, points []point, ok bool) {
	d := q.at.minus(p.at)
	long := max(math.Abs(d.x), math.Abs(d.y))
	if long == 0 {
		return l, nil, false
	}
	d = d.times(1 / long)
	at, steps := p.at, 0
	value := func(at point) uint8 { return b.at(int(math.Floor(at.x)), int(math.Floor(at.y))) }
	for passed, last := 0, value(at); passed < edge; {
		steps++
		v := value(p.at.plus(d.times(float64(steps))))
		if v == outside {
			return l, nil, false
		}
		if v != last {
			passed, last = passed+1, v
		}
	}
	dx, dy := 0, 0
	if math.Abs(d.x) > math.Abs(d.y) {
		dx = int(math.Copysign(1, d.x))
	} else {
		dy = int(math.Copysign(1, d.y))
	}
	if edge == 3 { // the dark side of it
		steps--
		dx, dy = -dx, -dy
	}
	at = p.at.plus(d.times(float64(steps)))
	w := walker{b: b, x: int(math.Floor(at.x)), y: int(math.Floor(at.y)), dx: dx, dy: dy}
	for w.value(-w.dx, -w.dy) == w.value(0, 0) { // until the edge is right behind
		switch {
		case w.edgeAt(-1):
			w.turn(1)
		case w.edgeAt(1):
			w.turn(-1)
		default:
			w.x, w.y = w.x-w.dx, w.y-w.dy
		}
		if w.value(0, 0) == outside {
			return l, nil, false
		}
	}
	count := int(max(math.Abs(at.x-p.at.x), math.Abs(at.y-p.at.y)))
	for _, side := range [2]int{-1, 1} {
		v := w
		v.turn(side)
		for n := count; ; {
			points = append(points, middle(v.x, v.y))
			if n--; n <= 0 || !v.along(side, true) {
				break
			}
		}
	}
	return settled(points, d.times(-1))
}

// settled fits a straight, and again without the points that lie off it.
func settled(points []point, inward point) (l line, kept []point, ok bool) {
	inward = inward.times(1 / math.Hypot(inward.x, inward.y))
	if l, ok = fitted(points, inward); !ok {
		return l, nil, false
	}
	for {
		kept = kept[:0:0]
		for _, p := range points {
			if off := l.off(p); off <= 1 && off >= -2 {
				kept = append(kept, p)
			}
		}
		if len(kept) < len(points)/2 || len(kept) < 2 {
			return l, nil, false
		}
		if len(kept) == len(points) {
			return l, kept, true
		}
		if l, ok = fitted(kept, inward); !ok {
			return l, nil, false
		}
		points = kept
	}
}

// steady reports whether a straight through the points leads on well: few pixels
// of a side that is nearly level do not.
func steady(points []point) bool {
	if len(points) == 0 {
		return false
	}
	low, high := points[0], points[0]
	for _, p := range points {
		low = point{min(low.x, p.x), min(low.y, p.y)}
		high = point{max(high.x, p.x), max(high.y, p.y)}
	}
	d := high.minus(low)
	return min(d.x, d.y) > 2 || max(d.x, d.y) > 50
}
