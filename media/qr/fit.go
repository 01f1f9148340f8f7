package qr

import (
	"cmp"
	"math"
	"slices"
)

// pair is a point of a QR, in modules, and where it lies on the picture.
type pair struct{ on, at point }

// fit is the projection that takes the points nearest to their places, and how far
// it leaves them, squared, on average.
func fit(pairs []pair) (m projection, off float64, ok bool) {
	// Eight unknowns, the ninth is one: a system of equations for the least squares.
	var a [8][9]float64
	add := func(row [8]float64, value float64) {
		for i, v := range row {
			for j, w := range row {
				a[i][j] += v * w
			}
			a[i][8] += v * value
		}
	}
	const unit = 1.0 / 64 // near one, for the sake of digits
	for _, p := range pairs {
		x, y, u, v := p.on.x*unit, p.on.y*unit, p.at.x*unit/16, p.at.y*unit/16
		add([8]float64{x, y, 1, 0, 0, 0, -u * x, -u * y}, u)
		add([8]float64{0, 0, 0, x, y, 1, -v * x, -v * y}, v)
	}
	for i := range 8 {
		top := i
		for j := i; j < 8; j++ {
			if math.Abs(a[j][i]) > math.Abs(a[top][i]) {
				top = j
			}
		}
		a[i], a[top] = a[top], a[i]
		if math.Abs(a[i][i]) < 1e-12 {
			return m, 0, false
		}
		for j := range 8 {
			if j != i {
				f := a[j][i] / a[i][i]
				for k := i; k < 9; k++ {
					a[j][k] -= f * a[i][k]
				}
			}
		}
	}
	for i := range 8 {
		m[i] = a[i][8] / a[i][i]
		if i < 6 {
			m[i] *= 16 / unit
		}
		if i != 2 && i != 5 {
			m[i] *= unit
		}
	}
	m[8] = 1
	for _, p := range pairs {
		d := m.of(p.on).minus(p.at)
		off += d.dot(d) / float64(len(pairs))
	}
	return m, off, !math.IsNaN(off)
}

// known are the places that are known of a QR of so many modules.
func (b *bits) known(t triple, n int) (pairs []pair) {
	across, down := t.topRight.at.minus(t.topLeft.at), t.bottomLeft.at.minus(t.topLeft.at)
	area := across.cross(down)
	for _, c := range []struct {
		p    pattern
		x, y float64
	}{{t.topLeft, 0, 0}, {t.topRight, float64(n) - 7, 0}, {t.bottomLeft, 0, float64(n) - 7}} {
		pairs = append(pairs, pair{point{c.x + 3.5, c.y + 3.5}, c.p.at})
		q, ok := b.corners(c.p.at, c.p.size, 2)
		if !ok {
			continue
		}
		for _, corner := range q {
			d := corner.minus(c.p.at)
			x, y := c.x+0.5, c.y+0.5
			if d.cross(down)/area > 0 {
				x += 6
			}
			if across.cross(d)/area > 0 {
				y += 6
			}
			pairs = append(pairs, pair{point{x, y}, corner})
		}
	}
	return pairs
}

// fitted is a grid that lies as the corners of the three patterns tell.
type fittedGrid struct {
	grid
	pairs []pair
	score int
}

// fits are the grids of all widths that there may be, those first whose modules look
// most like those of a QR.
func (b *bits) fits(t triple, work *Budget) (tries []fittedGrid) {
	across, down := t.topRight.at.minus(t.topLeft.at), t.bottomLeft.at.minus(t.topLeft.at)
	size := (t.topLeft.size + t.topRight.size + t.bottomLeft.size) / 21
	about := (math.Hypot(across.x, across.y)+math.Hypot(down.x, down.y))/2/size + 7
	for n := 21; n <= maxModules; n += 4 {
		if float64(n) < about*0.7-4 || float64(n) > about*1.4+4 {
			continue
		}
		if !work.take(latticeCost * n * n) {
			break
		}
		pairs := b.known(t, n)
		if len(pairs) < 4 {
			return nil
		}
		plane, _, ok := fit(pairs)
		if !ok {
			continue
		}
		if n > 21 {
			p := point{float64(n) - 6.5, float64(n) - 6.5}
			at, across, down := plane.axes(p)
			unit := (math.Hypot(across.x, across.y) + math.Hypot(down.x, down.y)) / 2
			if found, ok := b.alignment(unit+1, at); ok && unit < float64(b.w) {
				pairs = append(pairs, pair{p, found}, pair{p, found}, pair{p, found})
				if better, _, ok := fit(pairs); ok {
					plane = better
				}
			}
		}
		g := grid{n, []patch{{0, 0, n, n, plane}}}
		l := b.lattice(g, nil)
		if l == nil {
			continue
		}
		if marks := l.marks(); marks >= leastMarks {
			tries = append(tries, fittedGrid{g, pairs, marks + l.timing()})
		}
	}
	slices.SortStableFunc(tries, func(t, u fittedGrid) int { return cmp.Compare(u.score, t.score) })
	return tries[:min(len(tries), maxFits)]
}
