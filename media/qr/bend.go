package qr

// bend is how far a QR on uneven paper lies off a grid, in modules.
type bend struct {
	grid  grid
	base  []point // of each module, as the places that are known tell
	knots int     // along a side
	apart float64 // modules from knot to knot
	moved []point // of each knot, beyond the base
	known []bool
}

const (
	knotEvery = 3    // modules
	window    = 3    // modules around a knot that tell how it lies
	shift     = 0.2  // modules by which places are tried
	shifts    = 4    // to each side
	plenty    = 40   // of depth: more tells no more
	weight    = 2    // of a module that must be dark or light
	lead      = 0.7  // of how a bend goes on
	stiffness = 0.15 // of paper
)

func newBend(g grid, pairs []pair) *bend {
	d := &bend{grid: g, knots: g.modules/knotEvery + 1, base: make([]point, g.modules*g.modules)}
	d.apart = float64(g.modules) / float64(d.knots-1)
	d.moved, d.known = make([]point, d.knots*d.knots), make([]bool, d.knots*d.knots)
	d.lean(pairs)
	return d
}

// lean lets every module lie off as the pairs do, the nearer the more.
func (d *bend) lean(pairs []pair) {
	off := make([]point, len(pairs))
	for i, p := range pairs {
		at, across, down := d.grid.patchAt(int(p.on.x), int(p.on.y)).on.axes(p.on)
		by, area := p.at.minus(at), across.cross(down)
		off[i] = point{by.cross(down) / area, across.cross(by) / area}
	}
	for i := range d.base {
		m := middle(i%d.grid.modules, i/d.grid.modules)
		var sum point
		all := 0.0
		for j, p := range pairs {
			away := m.minus(p.on)
			w := 1 / (1 + away.dot(away))
			sum, all = sum.plus(off[j].times(w)), all+w
		}
		if all > 0 {
			d.base[i] = sum.times(1 / all)
		}
	}
}

func (g grid) patchAt(x, y int) patch {
	for _, p := range g.patches {
		if x < p.x1 && y < p.y1 {
			return p
		}
	}
	return g.patches[len(g.patches)-1]
}

// at is how far a module lies off.
func (d *bend) at(x, y int) point {
	u, v := (float64(x)+0.5)/d.apart, (float64(y)+0.5)/d.apart
	i, j := min(int(u), d.knots-2), min(int(v), d.knots-2)
	u, v = u-float64(i), v-float64(j)
	k := j*d.knots + i
	top := d.moved[k].times(1 - u).plus(d.moved[k+1].times(u))
	low := d.moved[k+d.knots].times(1 - u).plus(d.moved[k+d.knots+1].times(u))
	return d.base[y*d.grid.modules+x].plus(top.times(1 - v)).plus(low.times(v))
}

// near calls each for the knots around one, itself too.
func (d *bend) near(k int, each func(dx, dy, m int)) {
	x, y := k%d.knots, k/d.knots
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			if u, v := x+dx, y+dy; u >= 0 && v >= 0 && u < d.knots && v < d.knots {
				each(dx, dy, v*d.knots+u)
			}
		}
	}
}

// beside is where the neighbours that are known would have a knot: between two of
// them, or as one and the next behind it lead on.
func (d *bend) beside(k int) (sum point) {
	x, y, all := k%d.knots, k/d.knots, 0.0
	known := func(u, v int) (point, bool) {
		if u < 0 || v < 0 || u >= d.knots || v >= d.knots || !d.known[v*d.knots+u] {
			return point{}, false
		}
		return d.moved[v*d.knots+u], true
	}
	d.near(k, func(dx, dy, m int) {
		if m == k || !d.known[m] {
			return
		}
		p := d.moved[m]
		if _, between := known(x-dx, y-dy); !between {
			if q, ok := known(x+2*dx, y+2*dy); ok {
				p = p.plus(p.minus(q).times(lead))
			}
		}
		w := 1.0
		if dx == 0 || dy == 0 {
			w = 2
		}
		sum, all = sum.plus(p.times(w)), all+w
	})
	if all == 0 {
		return point{}
	}
	return sum.times(1 / all)
}
