package qr

import (
	"math"
	"slices"
)

// bend is how far a QR on uneven paper lies off a grid, in modules.
type bend struct {
	grid  grid
	base  []point // of each module, as the pairs tell
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

// bent follows the modules from the three patterns, whose places are known, over the
// paper: each knot is where the modules around it are as they must be, or else
// darkest and lightest, near where its neighbours lie. The surest go first, so that
// what is beyond a crease is reached around it.
func (b *bits) bent(g grid, pairs []pair) *bend {
	d := &bend{grid: g, knots: g.modules/knotEvery + 1, base: make([]point, g.modules*g.modules)}
	d.apart = float64(g.modules) / float64(d.knots-1)
	d.moved, d.known = make([]point, d.knots*d.knots), make([]bool, d.knots*d.knots)
	d.lean(pairs)
	n := float64(g.modules)
	var order, open []int
	sure := make([]float64, len(d.moved))
	reach := func(k int) {
		for y := max(k/d.knots-1, 0); y <= min(k/d.knots+1, d.knots-1); y++ {
			for x := max(k%d.knots-1, 0); x <= min(k%d.knots+1, d.knots-1); x++ {
				m := y*d.knots + x
				if d.known[m] {
					continue
				}
				if !slices.Contains(open, m) {
					open = append(open, m)
				}
				d.moved[m], sure[m] = b.settle(d, m, d.beside(m))
			}
		}
	}
	for k := range d.moved {
		p := point{float64(k%d.knots) * d.apart, float64(k/d.knots) * d.apart}
		if min(p.distance(point{3.5, 3.5}), p.distance(point{n - 3.5, 3.5}), p.distance(point{3.5, n - 3.5})) < 4 {
			d.known[k] = true
			order = append(order, k)
		}
	}
	for _, k := range order {
		reach(k)
	}
	for len(open) > 0 {
		next := 0
		for i, k := range open {
			if sure[k] > sure[open[next]] {
				next = i
			}
		}
		k := open[next]
		open = slices.Delete(open, next, next+1)
		d.known[k] = true
		order = append(order, k)
		reach(k)
	}
	for range 2 {
		for _, k := range order {
			d.moved[k], _ = b.settle(d, k, d.beside(k))
		}
	}
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

// beside is where the neighbours that are known would have a knot: between two of
// them, or as one and the next behind it lead on.
func (d *bend) beside(k int) (sum point) {
	x, y, all := k%d.knots, k/d.knots, 0.0
	known := func(dx, dy int) (point, bool) {
		u, v := x+dx, y+dy
		if u < 0 || v < 0 || u >= d.knots || v >= d.knots || !d.known[v*d.knots+u] {
			return point{}, false
		}
		return d.moved[v*d.knots+u], true
	}
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			p, ok := known(dx, dy)
			if dx == 0 && dy == 0 || !ok {
				continue
			}
			if _, between := known(-dx, -dy); !between {
				if q, ok := known(2*dx, 2*dy); ok {
					p = p.plus(p.minus(q).times(lead))
				}
			}
			w := 1.0
			if dx == 0 || dy == 0 {
				w = 2
			}
			sum, all = sum.plus(p.times(w)), all+w
		}
	}
	if all == 0 {
		return point{}
	}
	return sum.times(1 / all)
}

// settle tries the places around one.
func (b *bits) settle(d *bend, k int, about point) (point, float64) {
	n := d.grid.modules
	x, y := int(float64(k%d.knots)*d.apart), int(float64(k/d.knots)*d.apart)
	on := d.grid.patchAt(x, y).on
	_, across, down := on.axes(middle(x, y))
	var places []point
	var signs []int
	full := 0
	for j := max(y-window, 0); j <= min(y+window, n-1); j++ {
		for i := max(x-window, 0); i <= min(x+window, n-1); i++ {
			off := d.base[j*n+i].plus(about)
			places = append(places, on.of(middle(i, j)).plus(across.times(off.x)).plus(down.times(off.y)))
			signs = append(signs, must(n, i, j))
			if full++; signs[len(signs)-1] != 0 {
				full += weight - 1
			}
		}
	}
	most, best := math.Inf(-1), about
	for j := -shifts; j <= shifts; j++ {
		for i := -shifts; i <= shifts; i++ {
			off := point{float64(i) * shift, float64(j) * shift}
			by := across.times(off.x).plus(down.times(off.y))
			sum := 0
			for i, at := range places {
				depth := min(max(b.depth(at.plus(by)), -plenty), plenty)
				if signs[i] != 0 {
					sum += weight * signs[i] * depth
				} else {
					sum += max(depth, -depth)
				}
			}
			if score := float64(sum)/float64(full*plenty) - stiffness*off.dot(off); score > most {
				most, best = score, about.plus(off)
			}
		}
	}
	return best, most
}

func (g grid) patchAt(x, y int) patch {
	for _, p := range g.patches {
		if x < p.x1 && y < p.y1 {
			return p
		}
	}
	return g.patches[len(g.patches)-1]
}
