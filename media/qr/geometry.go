package qr

import (
	"math"
	"slices"
)

type point struct{ x, y float64 }

func (p point) plus(q point) point       { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point      { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point    { return point{p.x * f, p.y * f} }
func (p point) dot(q point) float64      { return p.x*q.x + p.y*q.y }
func (p point) cross(q point) float64    { return p.x*q.y - q.x*p.y }
func (p point) distance(q point) float64 { return math.Hypot(p.x-q.x, p.y-q.y) }

func middle(x, y int) point { return point{float64(x) + 0.5, float64(y) + 0.5} }

// quad are four corners, clockwise from the upper left.
type quad [4]point

// convex reports whether q is convex, and no corner of it nearly straight, which
// would make a projection unsteady.
func (q quad) convex() bool {
	var turns [4]float64
	for i := range q {
		corner := q[(i+1)%4]
		turns[i] = q[(i+2)%4].minus(corner).cross(q[i].minus(corner))
	}
	least, most := slices.Min(turns[:]), slices.Max(turns[:])
	if most < 0 {
		least, most = -most, -least
	}
	return least > 0 && most < 4*least
}

// projection takes points of one plane to another.
type projection [9]float64

// onto is the projection of the unit square onto q.
func onto(q quad) projection {
	d := q[0].minus(q[1]).plus(q[2]).minus(q[3])
	d1, d2 := q[1].minus(q[2]), q[3].minus(q[2])
	below := d1.cross(d2)
	g, h := d.cross(d2)/below, d1.cross(d)/below
	return projection{
		q[1].x - q[0].x + g*q[1].x, q[3].x - q[0].x + h*q[3].x, q[0].x,
		q[1].y - q[0].y + g*q[1].y, q[3].y - q[0].y + h*q[3].y, q[0].y,
		g, h, 1,
	}
}

// adjoint is the inverse but for a factor, which a projection does not have.
func (m projection) adjoint() projection {
	return projection{
		m[4]*m[8] - m[5]*m[7], m[2]*m[7] - m[1]*m[8], m[1]*m[5] - m[2]*m[4],
		m[5]*m[6] - m[3]*m[8], m[0]*m[8] - m[2]*m[6], m[2]*m[3] - m[0]*m[5],
		m[3]*m[7] - m[4]*m[6], m[1]*m[6] - m[0]*m[7], m[0]*m[4] - m[1]*m[3],
	}
}

func (m projection) after(n projection) (out projection) {
	for i := range 3 {
		for j := range 3 {
			out[3*i+j] = m[3*i]*n[j] + m[3*i+1]*n[3+j] + m[3*i+2]*n[6+j]
		}
	}
	return out
}

func (m projection) of(p point) point {
	below := m[6]*p.x + m[7]*p.y + m[8]
	return point{(m[0]*p.x + m[1]*p.y + m[2]) / below, (m[3]*p.x + m[4]*p.y + m[5]) / below}
}

// between is the projection that takes the corners of one to those of the other.
func between(from, to quad) (projection, bool) {
	if !from.convex() || !to.convex() {
		return projection{}, false
	}
	return onto(to).after(onto(from).adjoint()), true
}

// line is a x + b y = c, with (a, b) of length 1.
type line struct{ a, b, c float64 }

// fitted is the straight through the points whose normal points inward.
func fitted(points []point, inward point) (line, bool) {
	if len(points) < 2 {
		return line{}, false
	}
	var mean point
	for _, p := range points {
		mean = mean.plus(p)
	}
	mean = mean.times(1 / float64(len(points)))
	var xx, yy, xy float64
	for _, p := range points {
		d := p.minus(mean)
		xx, yy, xy = xx+d.x*d.x, yy+d.y*d.y, xy+d.x*d.y
	}
	var l line
	if yy >= xx {
		n := math.Hypot(yy, xy)
		l.a, l.b = yy/n, -xy/n
	} else {
		n := math.Hypot(xx, xy)
		l.a, l.b = xy/n, -xx/n
	}
	if inward.dot(point{l.a, l.b}) < 0 {
		l.a, l.b = -l.a, -l.b
	}
	l.c = l.a*mean.x + l.b*mean.y
	return l, !math.IsNaN(l.a)
}

func (l line) off(p point) float64 { return l.a*p.x + l.b*p.y - l.c }

func (l line) crossing(m line) point {
	d := l.a*m.b - l.b*m.a
	return point{(l.c*m.b - l.b*m.c) / d, (l.a*m.c - l.c*m.a) / d}
}
