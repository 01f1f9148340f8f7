package qr

import (
	"cmp"
	"math"
	"slices"
)

// triple are three patterns that may be those of a QR: upper left, upper right, lower left.
type triple struct {
	topLeft, topRight, bottomLeft pattern
	far                           float64
}

const (
	maxNear    = 15  // patterns that one is put together with
	maxTriples = 256 // of a picture
	maxModules = 177 // of a QR's side
)

// triples puts patterns together, the likeliest first: near one another and as far
// apart on both sides.
func triples(all []pattern) (out []triple) {
	slices.SortStableFunc(all, func(p, q pattern) int { return cmp.Compare(q.size, p.size) })
	choosy := len(all) > 5
	for i, c := range all {
		var near []pattern
		for _, p := range all[i+1:] {
			if choosy && c.size > 2*p.size+2 {
				break
			}
			if c.at.distance(p.at) < c.size/7*maxModules*1.5 {
				near = append(near, p)
			}
		}
		slices.SortStableFunc(near, func(p, q pattern) int { return cmp.Compare(c.at.distance(p.at), c.at.distance(q.at)) })
		near = near[:min(len(near), maxNear)]
		for j, p := range near {
			for _, q := range near[j+1:] {
				if t, ok := together(q, p, c, choosy); ok {
					out = append(out, t)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(t, u triple) int { return cmp.Compare(t.far, u.far) })
	return out[:min(len(out), maxTriples)]
}

// together finds which of three is the upper left one.
func together(a, b, c pattern, choosy bool) (triple, bool) {
	// A slanted QR's far side looks shorter and its patterns smaller.
	square := func(p, q pattern) float64 {
		d := p.at.minus(q.at)
		return d.dot(d) * max(p.size, q.size) / min(p.size, q.size)
	}
	ab, bc, ac := square(a, b), square(b, c), square(a, c)
	switch {
	case bc >= ab && bc >= ac:
		a, b = b, a
		bc, ac = ac, bc
	case ab >= ac && ab >= bc:
		b, c = c, b
		ab, ac = ac, ab
	}
	if choosy && (ab > 4*bc || bc > 4*ab) {
		return triple{}, false
	}
	one, other := math.Sqrt(ab), math.Sqrt(bc)
	modules := (one+other)/(2*(a.size+b.size+c.size)/21) + 7
	if modules < 21*0.9 || modules > maxModules*1.5 {
		return triple{}, false
	}
	if cos := (ab + bc - ac) / (2 * one * other); choosy && !(cos >= -0.5 && cos <= 0.5) {
		return triple{}, false
	}
	if c.at.minus(b.at).cross(a.at.minus(b.at)) < 0 {
		a, c = c, a
	}
	// c to the right, a below: as the corner b sees them, y downwards.
	return triple{topLeft: b, topRight: c, bottomLeft: a, far: one + other + math.Abs(one-other)}, true
}
