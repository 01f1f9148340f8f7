package qr

import (
	"slices"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// format is the level of repair and the mask that the modules beside the patterns tell.
func (l *lattice) format() *decoder.FormatInformation {
	var one, other uint
	bit := func(bits *uint, x, y int) {
		*bits <<= 1
		if l.at(x, y) > 0 {
			*bits |= 1
		}
	}
	for x := range 9 {
		if x != 6 {
			bit(&one, x, 8)
		}
	}
	for y := 7; y >= 0; y-- {
		if y != 6 {
			bit(&one, 8, y)
		}
	}
	for y := l.modules - 1; y >= l.modules-7; y-- {
		bit(&other, 8, y)
	}
	for x := l.modules - 8; x < l.modules; x++ {
		bit(&other, x, 8)
	}
	return decoder.FormatInformation_DecodeFormatInformation(one, other)
}

// words are the bytes in the order in which they stand, and how certain the least
// certain bit of each is.
func (l *lattice) words(version *decoder.Version, mask func(x, y int) bool) (words, certain []byte) {
	used := reserved(version)
	var word byte
	bits, least := 0, 255
	up := true
	for right := l.modules - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range l.modules {
			y := i
			if up {
				y = l.modules - 1 - i
			}
			for x := right; x > right-2; x-- {
				if used(x, y) {
					continue
				}
				depth := l.at(x, y)
				word <<= 1
				if depth > 0 != mask(x, y) {
					word |= 1
				}
				least = min(least, max(depth, -depth))
				if bits++; bits == 8 {
					words, certain = append(words, word), append(certain, byte(least))
					bits, least = 0, 255
				}
			}
		}
		up = !up
	}
	return words, certain
}

// reserved tells which modules of a QR hold no data.
func reserved(version *decoder.Version) func(x, y int) bool {
	n, centres := version.GetDimensionForVersion(), version.GetAlignmentPatternCenters()
	near := func(v int) bool { // the middle of a small square
		return slices.ContainsFunc(centres, func(c int) bool { return distance(v, c) <= 2 })
	}
	return func(x, y int) bool {
		switch {
		case x < 9 && y < 9, x >= n-8 && y < 9, x < 9 && y >= n-8, x == 6, y == 6:
			return true
		case n >= 45 && (x >= n-11 && y < 6 || y >= n-11 && x < 6):
			return true
		}
		if x <= 8 && y <= 8 || x >= n-9 && y <= 8 || x <= 8 && y >= n-9 {
			return false // there the large ones are
		}
		return near(x) && near(y)
	}
}
