package qr

import (
	"cmp"
	"math"
	"slices"
)

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

// fitting is a grid that lies as the corners of the three patterns tell.
type fitting struct {
	grid
	pairs []pair
	score int
}

// fits are the grids of all widths that there may be, those first whose modules look
// most like those of a QR.
func (b *bits) fits(t triple, work *Budget) (tries []fitting) {
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
		plane, ok := fit(pairs)
		if !ok {
			continue
		}
		if n > 21 {
			p := point{float64(n) - 6.5, float64(n) - 6.5}
			at, across, down := plane.axes(p)
			unit := (math.Hypot(across.x, across.y) + math.Hypot(down.x, down.y)) / 2
			if unit < float64(b.w) { // not so for a plane seen from its edge
				if found, ok := b.alignment(unit+1, at); ok {
					pairs = append(pairs, pair{p, found}, pair{p, found}, pair{p, found}) // it is alone there
					if better, ok := fit(pairs); ok {
						plane = better
					}
				}
			}
		}
		g := grid{n, []patch{{0, 0, n, n, plane}}}
		l := b.lattice(g, nil)
		if l == nil {
			continue
		}
		if marks := l.marks(); marks >= leastMarks {
			tries = append(tries, fitting{g, pairs, marks + l.timing()})
		}
	}
	slices.SortStableFunc(tries, func(t, u fitting) int { return cmp.Compare(u.score, t.score) })
	return tries[:min(len(tries), maxFits)]
}
