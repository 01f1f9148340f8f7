package media

import (
	"image"
	"math"
	"math/bits"
	"slices"
)

const (
	hashGrid = 32 // pixels in either direction that the hash looks at
	hashSide = 8  // lowest frequencies in either direction that it keeps
)

// cosines[u][x] is frequency u at pixel x of the grid.
var cosines = func() (table [hashSide + 1][hashGrid]float64) {
	for u := range table {
		for x := range hashGrid {
			table[u][x] = math.Cos(math.Pi * float64(u) * (float64(x) + 0.5) / hashGrid)
		}
	}
	return table
}()

// PHash tells what a picture looks like in 64 bits: the signs, above or below
// their median, of its 64 lowest frequencies without the average. Compression,
// scaling, brightness and small crops change few of them.
func PHash(img *image.NRGBA) uint64 {
	grid := grayGrid(img)
	// A sum over rows, then over columns, as the transform allows.
	var half [hashSide + 1][hashGrid]float64
	for u := range half {
		for y := range hashGrid {
			for x := range hashGrid {
				half[u][y] += grid[y][x] * cosines[u][x]
			}
		}
	}
	var freq [hashSide * hashSide]float64
	i := 0
	for v := range hashSide {
		for u := range hashSide {
			at := u
			if u == 0 && v == 0 {
				at = hashSide // in the place of the average
			}
			for y := range hashGrid {
				freq[i] += half[at][y] * cosines[v][y]
			}
			i++
		}
	}
	var hash uint64
	middle := median(freq)
	for i, f := range freq {
		if f > middle {
			hash |= 1 << i
		}
	}
	return hash
}

// Distance is in how many bits two hashes differ: 0 for pictures that look the
// same, about 32 for such as have nothing in common.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// grayGrid averages the brightness of the picture's cells.
func grayGrid(img *image.NRGBA) (grid [hashGrid][hashGrid]float64) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for gy := range hashGrid {
		top, bottom := cell(gy, h)
		for gx := range hashGrid {
			left, right := cell(gx, w)
			sum := 0
			for y := top; y < bottom; y++ {
				row := img.Pix[y*img.Stride:]
				for x := left; x < right; x++ {
					p := row[4*x : 4*x+3 : 4*x+3]
					sum += 299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])
				}
			}
			grid[gy][gx] = float64(sum) / float64((bottom-top)*(right-left)*1000)
		}
	}
	return grid
}

// cell is part i of the grid over n pixels, never empty.
func cell(i, n int) (from, to int) {
	from = i * n / hashGrid
	return min(from, n-1), max(min(from, n-1)+1, (i+1)*n/hashGrid)
}

func median(values [hashSide * hashSide]float64) float64 {
	sorted := values
	slices.Sort(sorted[:])
	return (sorted[len(sorted)/2-1] + sorted[len(sorted)/2]) / 2
}
