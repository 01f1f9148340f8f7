package qr

import (
	"math"
	"slices"
)

// follow finds the bend of paper, from the three patterns outward: each knot is where
// the modules around it are as they must be, or else darkest and lightest, near
// where its neighbours lie. The surest go first, so that what is beyond a crease is
// reached around it.
func (b *bits) follow(g grid, pairs []pair) *bend {
	d := newBend(g, pairs)
	n := float64(g.modules)
	var order, open []int
	sure := make([]float64, len(d.moved))
	reach := func(k int) {
		d.near(k, func(_, _, m int) {
			if d.known[m] {
				return
			}
			if !slices.Contains(open, m) {
				open = append(open, m)
			}
			d.moved[m], sure[m] = b.settle(d, m, d.beside(m))
		})
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
	for range 2 { // now that all neighbours are known
		for _, k := range order {
			d.moved[k], _ = b.settle(d, k, d.beside(k))
		}
	}
	return d
}

// settle tries the places around one for a knot, and tells how sure the best is: 1
// if all modules around it are plainly as they may be.
func (b *bits) settle(d *bend, k int, about point) (best point, sure float64) {
	n := d.grid.modules
	x, y := int(float64(k%d.knots)*d.apart), int(float64(k/d.knots)*d.apart)
	on := d.grid.patchAt(x, y).on
	_, across, down := on.axes(middle(x, y))
	type module struct {
		at   point
		must int
	}
	modules := make([]module, 0, (2*window+1)*(2*window+1))
	full := 0
	for j := max(y-window, 0); j <= min(y+window, n-1); j++ {
		for i := max(x-window, 0); i <= min(x+window, n-1); i++ {
			off := d.base[j*n+i].plus(about)
			m := module{on.of(middle(i, j)).plus(across.times(off.x)).plus(down.times(off.y)), weight * must(n, i, j)}
			full += max(1, m.must, -m.must)
			modules = append(modules, m)
		}
	}
	best, sure = about, math.Inf(-1)
	for j := -shifts; j <= shifts; j++ {
		for i := -shifts; i <= shifts; i++ {
			off := point{float64(i) * shift, float64(j) * shift}
			by := across.times(off.x).plus(down.times(off.y))
			sum := 0
			for _, m := range modules {
				depth := min(max(b.depth(m.at.plus(by)), -plenty), plenty)
				if m.must != 0 {
					sum += m.must * depth
				} else {
					sum += max(depth, -depth)
				}
			}
			if score := float64(sum)/float64(full*plenty) - stiffness*off.dot(off); score > sure {
				best, sure = about.plus(off), score
			}
		}
	}
	return best, sure
}
