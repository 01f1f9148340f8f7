package qr

// alignment finds the small square near a point.
func (b *bits) alignment(module float64, near point) (point, bool) {
	unit := int(module)
	for _, d := range [9]point{{0, 0}, {0, -1}, {0, 1}, {-1, 0}, {1, 0}, {-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		p := near.plus(d.times(float64(unit) * 2.25))
		if !b.has(p) {
			continue
		}
		first, ok := b.ring(p, unit*3, 1, true)
		if !ok || !b.isDark(first.at) {
			continue
		}
		inner, ok := b.ring(first.at, unit*2, 1, false)
		if !ok {
			continue
		}
		outer, ok := b.ring(first.at, unit*3, 2, false)
		if ok && inner.at.distance(outer.at) < float64(unit)/2 && outer.size > inner.size {
			return inner.at.plus(outer.at).times(0.5), true
		}
	}
	return point{}, false
}

// alignments are the places of the small squares of a large QR: those found, those
// guessed from others, and those where the plane would have them.
type alignments struct {
	modules []int // along a side
	at      []point
	known   []bool
}

func (a *alignments) index(x, y int) int { return y*len(a.modules) + x }

func (a *alignments) set(x, y int, p point) { a.at[a.index(x, y)], a.known[a.index(x, y)] = p, true }

func (b *bits) alignments(modules []int, module float64, t triple, plane projection) *alignments {
	n := len(modules)
	a := &alignments{modules, make([]point, n*n), make([]bool, n*n)}
	flat := func(x, y int) point { return plane.of(middle(modules[x], modules[y])) }
	guess := func(x, y int) point {
		if i := a.index(x, y); a.known[i] {
			return a.at[i]
		}
		return flat(x, y)
	}
	for _, c := range []struct {
		x, y int
		p    pattern
	}{{0, 0, t.topLeft}, {0, n - 1, t.bottomLeft}, {n - 1, 0, t.topRight}} {
		at := flat(c.x, c.y)
		a.set(c.x, c.y, at)
		if q, ok := b.corners(c.p.at, c.p.size, 2); ok {
			for _, corner := range q {
				if corner.distance(at) < c.p.size/2 {
					a.set(c.x, c.y, corner)
				}
			}
		}
	}
	for y := range n {
		for x := range n {
			if a.known[a.index(x, y)] {
				continue
			}
			near := flat(x, y)
			if x > 0 && y > 0 {
				near = guess(x-1, y).plus(guess(x, y-1)).minus(guess(x-1, y-1))
			}
			if p, ok := b.alignment(module, near); ok {
				a.set(x, y, p)
			}
		}
	}
	for y := range n {
		for x := range n {
			if a.known[a.index(x, y)] {
				continue
			}
			across, ok := a.through(x, y, 1, 0)
			down, ok2 := a.through(x, y, 0, 1)
			if ok && ok2 {
				p := across.crossing(down)
				if found, ok := b.alignment(module, p); ok {
					p = found
				}
				a.set(x, y, p)
			}
		}
	}
	for y := range n {
		for x := range n {
			if !a.known[a.index(x, y)] {
				a.at[a.index(x, y)] = flat(x, y)
			}
		}
	}
	return a
}

// through is the straight through the two nearest known ones in a row or column.
func (a *alignments) through(x, y, dx, dy int) (line, bool) {
	var two []point
	n := len(a.modules)
	for i := 2; i < 2*n && len(two) < 2; i++ {
		far := i / 2
		if i%2 == 0 {
			far = -far
		}
		u, v := x+far*dx, y+far*dy
		if u >= 0 && v >= 0 && u < n && v < n && a.known[a.index(u, v)] {
			two = append(two, a.at[a.index(u, v)])
		}
	}
	if len(two) < 2 {
		return line{}, false
	}
	return fitted(two, point{})
}
