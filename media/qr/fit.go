package qr

import (
	"math"
	"slices"
)

// pair is a point of a QR, in modules, and where it lies on the picture.
type pair struct{ on, at point }

// fit is the projection that takes the points nearest to their places.
func fit(pairs []pair) (m projection, ok bool) {
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
			return m, false
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
	return m, !slices.ContainsFunc(m[:], math.IsNaN)
}
