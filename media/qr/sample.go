package qr

import "github.com/makiuchi-d/gozxing/qrcode/decoder"

// patch is a part of a QR, in modules, and where it lies on the picture.
type patch struct {
	x0, y0, x1, y1 int
	on             projection
}

// grid says where the modules of a QR lie.
type grid struct {
	modules int
	patches []patch
}

// level is the grid of a QR that lies in one plane, which three patterns and the
// point that is so many modules within the fourth corner's give.
func level(modules int, within float64, t triple, fourth point) (grid, projection, bool) {
	n := float64(modules)
	plane, ok := between(quad{{3.5, 3.5}, {n - 3.5, 3.5}, {n - 3.5 - within, n - 3.5 - within}, {3.5, n - 3.5}},
		quad{t.topLeft.at, t.topRight.at, fourth, t.bottomLeft.at})
	return grid{modules, []patch{{0, 0, modules, modules, plane}}}, plane, ok
}

// grids are the places where the modules of a QR may lie, the likeliest first.
func (b *bits) grids(t triple) func(yield func(grid) bool) {
	return func(yield func(grid) bool) {
		top, left := b.scaleOf(t.topLeft, t.topRight), b.scaleOf(t.topLeft, t.bottomLeft)
		if top.modules == 0 && left.modules == 0 {
			return
		}
		most := left
		if top.error < left.error || top.error == left.error && top.modules > left.modules {
			most = top
		}
		modules, unit := most.modules, most.size
		if top.modules == left.modules {
			unit = (top.size + left.size) / 2
		}
		unit = float64(int(unit) + 1)
		fourth, within, found, firm := b.fourth(t, modules, unit)
		g, plane, ok := level(modules, within, t, fourth)
		if !ok {
			return
		}
		if modules >= 45 { // those of version 7 and above tell it
			version := b.version(modules, plane)
			if version == nil {
				return
			}
			if n := version.GetDimensionForVersion(); min(distance(n, top.modules), distance(n, left.modules)) > 8 {
				return
			} else if n != modules {
				modules = n
				if _, plane, ok = level(modules, within, t, fourth); !ok {
					return
				}
			}
			a := b.alignments(version.GetAlignmentPatternCenters(), unit, t, plane)
			if g, ok = a.grid(modules); !ok {
				return
			}
		}
		if !yield(g) {
			return
		}
		least, largest := min(t.topLeft.size, t.topRight.size, t.bottomLeft.size), max(t.topLeft.size, t.topRight.size, t.bottomLeft.size)
		if !found && (modules == 21 && within != 0 || largest < 1.1*least && !firm) {
			if g, _, ok := level(modules, 0, t, t.parallel()); ok {
				yield(g)
			}
		}
	}
}

func distance(a, b int) int { return max(a-b, b-a) }

// parallel is the fourth corner of a QR that is not slanted.
func (t triple) parallel() point { return t.topRight.at.minus(t.topLeft.at).plus(t.bottomLeft.at) }

// fourth finds the alignment pattern at the lower right, or where the sides of the
// patterns beside it meet. Within is how many modules it lies within the corner.
func (b *bits) fourth(t triple, modules int, unit float64) (at point, within float64, found, firm bool) {
	l2, lp2, ok1 := b.side(t.bottomLeft, t.topLeft, 2)
	l3, lp3, ok2 := b.side(t.bottomLeft, t.topLeft, 3)
	r2, rp2, ok3 := b.side(t.topRight, t.topLeft, 2)
	r3, rp3, ok4 := b.side(t.topRight, t.topLeft, 3)
	at = point{-1, -1}
	if ok1 && ok2 && ok3 && ok4 {
		firm = steady(lp2) && steady(lp3) && steady(rp2) && steady(rp3)
		meet := l2.crossing(r2).plus(l3.crossing(r3)).times(0.5)
		if modules > 21 {
			at, found = b.alignment(unit, meet)
		}
		if !found {
			at = meet
		}
	}
	if !b.has(at) {
		return t.parallel(), 0, false, firm
	}
	if _, ok := b.square(t.bottomLeft.at, int(t.bottomLeft.size), 2, false); !ok {
		return t.parallel(), 0, found, firm
	}
	return at, 3, found, firm
}

// version reads how large a QR is.
func (b *bits) version(modules int, plane projection) *decoder.Version {
	for _, mirrored := range []bool{false, true} {
		said := 0
		for y := 5; y >= 0; y-- {
			for x := modules - 9; x >= modules-11; x-- {
				p := plane.of(middle(x, y))
				if mirrored {
					p = plane.of(middle(y, x))
				}
				said <<= 1
				if b.isDark(p) {
					said |= 1
				}
			}
		}
		if v, err := decoder.Version_decodeVersionInformation(said); err == nil {
			return v
		}
	}
	return nil
}

// grid cuts the QR into patches between alignment patterns.
func (a *alignments) grid(modules int) (grid, bool) {
	g, n := grid{modules: modules}, len(a.modules)-1
	for y := range n {
		for x := range n {
			p := patch{x0: a.modules[x], y0: a.modules[y], x1: a.modules[x+1], y1: a.modules[y+1]}
			corners := quad{middle(p.x0, p.y0), middle(p.x1, p.y0), middle(p.x1, p.y1), middle(p.x0, p.y1)}
			on, ok := between(corners, quad{a.at[a.index(x, y)], a.at[a.index(x+1, y)], a.at[a.index(x+1, y+1)], a.at[a.index(x, y+1)]})
			if !ok {
				return g, false
			}
			p.on = on
			if x == 0 {
				p.x0 = 0
			}
			if y == 0 {
				p.y0 = 0
			}
			if x == n-1 {
				p.x1 = modules
			}
			if y == n-1 {
				p.y1 = modules
			}
			g.patches = append(g.patches, p)
		}
	}
	return g, true
}
