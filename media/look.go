package media

import (
	"image"
	"image/color"
	"math"
	"math/bits"
)

const (
	lookGrid = 32 // cells in either direction that a look is taken from
	lookSide = 8  // lowest frequencies in either direction that it keeps
	lookBits = lookSide * lookSide

	// flat is the unevenness of colour, in steps of 255, below which a picture
	// counts as gray: what colour it has is the compression's.
	flat = 2
)

// Look is what a picture looks like: the signs of the 64 lowest frequencies,
// without the average, of its brightness, and of its two colour differences.
// Compression, scaling, another exposure and small crops change few of them.
// Colours are 0 for a gray picture.
type Look struct {
	Light   uint64
	Colours [2]uint64
}

// cosines[u][x] is frequency u at cell x.
var cosines = func() (table [lookSide + 1][lookGrid]float64) {
	for u := range table {
		for x := range lookGrid {
			table[u][x] = math.Cos(math.Pi * float64(u) * (float64(x) + 0.5) / lookGrid)
		}
	}
	return table
}()

// mirrored has the bits of all frequencies that change their sign when left and
// right are swapped: those that are odd across.
var mirrored = func() (mask uint64) {
	for i := range lookBits {
		if across(i)%2 == 1 {
			mask |= 1 << i
		}
	}
	return mask
}()

// across is bit i's frequency across; the highest stands in the place of the average.
func across(i int) int {
	if i == 0 {
		return lookSide
	}
	return i % lookSide
}

// LookOf looks at an opaque picture.
func LookOf(img *image.NRGBA) (l Look) {
	planes := cells(img)
	l.Light = signs(&planes[0])
	if uneven(&planes[1]) || uneven(&planes[2]) {
		l.Colours = [2]uint64{signs(&planes[1]), signs(&planes[2])}
	}
	return l
}

// Mirror is the look with left and right swapped.
func (l Look) Mirror() Look {
	m := Look{Light: l.Light ^ mirrored}
	if !l.Gray() {
		m.Colours = [2]uint64{l.Colours[0] ^ mirrored, l.Colours[1] ^ mirrored}
	}
	return m
}

// Gray reports whether a picture has no colours to compare.
func (l Look) Gray() bool { return l.Colours == [2]uint64{} }

// Distance is in how many of the 64 bits of brightness two looks differ: 0 for
// the same picture, about 32 for such as have nothing in common.
func (l Look) Distance(other Look) int { return bits.OnesCount64(l.Light ^ other.Light) }

// ColourDistance is the same of the 128 bits of colour.
func (l Look) ColourDistance(other Look) int {
	return bits.OnesCount64(l.Colours[0]^other.Colours[0]) + bits.OnesCount64(l.Colours[1]^other.Colours[1])
}

type plane [lookGrid][lookGrid]float64

// cells averages the picture's cells: brightness and colour differences.
func cells(img *image.NRGBA) (planes [3]plane) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for gy := range lookGrid {
		top, bottom := cell(gy, h)
		for gx := range lookGrid {
			left, right := cell(gx, w)
			var sum [3]int
			for y := top; y < bottom; y++ {
				row := img.Pix[y*img.Stride:]
				for x := left; x < right; x++ {
					p := row[4*x : 4*x+3 : 4*x+3]
					sum[0], sum[1], sum[2] = sum[0]+int(p[0]), sum[1]+int(p[1]), sum[2]+int(p[2])
				}
			}
			n := (bottom - top) * (right - left)
			y, cb, cr := color.RGBToYCbCr(uint8(sum[0]/n), uint8(sum[1]/n), uint8(sum[2]/n))
			planes[0][gy][gx], planes[1][gy][gx], planes[2][gy][gx] = float64(y), float64(cb), float64(cr)
		}
	}
	return planes
}

// cell is part i of the grid over n pixels, never empty.
func cell(i, n int) (from, to int) {
	from = min(i*n/lookGrid, n-1)
	return from, max(from+1, (i+1)*n/lookGrid)
}

// uneven compares the mean deviation with flat.
func uneven(p *plane) bool {
	var mean, off float64
	for _, row := range p {
		for _, v := range row {
			mean += v / (lookGrid * lookGrid)
		}
	}
	for _, row := range p {
		for _, v := range row {
			off += math.Abs(v-mean) / (lookGrid * lookGrid)
		}
	}
	return off >= flat
}

// signs transforms along rows first, then along columns.
func signs(p *plane) (out uint64) {
	var half [lookSide + 1][lookGrid]float64
	for u := range half {
		for y := range lookGrid {
			for x := range lookGrid {
				half[u][y] += p[y][x] * cosines[u][x]
			}
		}
	}
	for i := range lookBits {
		f := 0.0
		for y := range lookGrid {
			f += half[across(i)][y] * cosines[i/lookSide][y]
		}
		if f > 0 {
			out |= 1 << i
		}
	}
	return out
}
