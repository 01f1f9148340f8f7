package qr

import "math"

// lattice is how dark each module of a QR is; below zero it is light.
type lattice struct {
	modules int
	depth   []int
}

// at is 0 beyond the QR.
func (l *lattice) at(x, y int) int {
	if x < 0 || y < 0 || x >= l.modules || y >= l.modules {
		return 0
	}
	return l.depth[y*l.modules+x]
}

// focused takes away what a blurred picture lets a module have of the light of
// those beside it, each so many tenths.
func (l *lattice) focused(leak int) *lattice {
	out := &lattice{l.modules, make([]int, len(l.depth))}
	for y := range l.modules {
		for x := range l.modules {
			beside := l.at(x-1, y) + l.at(x+1, y) + l.at(x, y-1) + l.at(x, y+1)
			out.depth[y*l.modules+x] = (10*l.at(x, y) - leak*beside) / 10
		}
	}
	return out
}

// marks is the share of the modules of the three patterns and of the light around
// them that are as they must be, in hundredths.
func (l *lattice) marks() int {
	right, n := 0, 0
	for y := range 8 {
		for x := range 8 {
			for _, p := range [3][2]int{{x, y}, {l.modules - 1 - x, y}, {x, l.modules - 1 - y}} {
				n++
				if l.at(p[0], p[1])*must(l.modules, p[0], p[1]) > 0 {
					right++
				}
			}
		}
	}
	return right * 100 / n
}

// timing is the share of the modules between the patterns that are dark and light
// in turn, in hundredths.
func (l *lattice) timing() int {
	right, n := 0, 0
	for i := 8; i < l.modules-8; i++ {
		for _, v := range [2]int{l.at(i, 6), l.at(6, i)} {
			n++
			if (v > 0) == (i%2 == 0) {
				right++
			}
		}
	}
	return right * 100 / max(1, n)
}

// must is 1 for a module that is dark in every QR of that width, -1 for one that is
// light, and 0 for one that tells something.
func must(modules, x, y int) int {
	sign := func(dark bool) int {
		if dark {
			return 1
		}
		return -1
	}
	ring := func(x, y int) int { return max(x, -x, y, -y) }
	for _, c := range [3][2]int{{3, 3}, {modules - 4, 3}, {3, modules - 4}} {
		if r := ring(x-c[0], y-c[1]); r <= 4 {
			return sign(r != 2 && r != 4)
		}
	}
	if r := ring(x-modules+7, y-modules+7); modules > 21 && r <= 2 {
		return sign(r != 1)
	}
	if x == 6 || y == 6 {
		return sign((x+y)%2 == 0)
	}
	return 0
}

// axes are a module's sides at a point of a plane.
func (m projection) axes(p point) (at, across, down point) {
	at = m.of(p)
	return at, m.of(point{p.x + 1, p.y}).minus(at), m.of(point{p.x, p.y + 1}).minus(at)
}

// lattice reads the modules where the grid has them, or as far off as bent tells.
// Each is as dark as its middle and four points beside it, a fifth of a module away.
func (b *bits) lattice(g grid, bent *bend) *lattice {
	out := &lattice{g.modules, make([]int, g.modules*g.modules)}
	for _, p := range g.patches {
		for y := p.y0; y < p.y1; y++ {
			for x := p.x0; x < p.x1; x++ {
				at, across, down := p.on.axes(middle(x, y))
				if bent != nil {
					off := bent.at(x, y)
					at = at.plus(across.times(off.x)).plus(down.times(off.y))
				}
				if !(math.Abs(at.x) < 1e6 && math.Abs(at.y) < 1e6) {
					return nil
				}
				sum := 2 * b.depth(at)
				for _, d := range [4]point{across, down, across.times(-1), down.times(-1)} {
					sum += b.depth(at.plus(d.times(0.2)))
				}
				out.depth[y*g.modules+x] = sum / 6
			}
		}
	}
	return out
}

// direct reads the modules as the picture of dark and light has their middles. Nil:
// the grid leaves the picture.
func (b *bits) direct(g grid) *lattice {
	out := &lattice{g.modules, make([]int, g.modules*g.modules)}
	for _, p := range g.patches {
		for y := p.y0; y < p.y1; y++ {
			for x := p.x0; x < p.x1; x++ {
				at := p.on.of(middle(x, y))
				if !b.has(at) {
					return nil
				}
				depth := b.depth(at)
				if dark := b.isDark(at); dark != (depth > 0) { // just at the threshold
					depth = -1
					if dark {
						depth = 1
					}
				}
				out.depth[y*g.modules+x] = depth
			}
		}
	}
	return out
}
